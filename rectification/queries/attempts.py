"""What an applicant must answer, and what a verifier should look at twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from rectification.models import (
    RETURN_REASONS,
    Attempt,
    Evidence,
    EvidenceOpening,
    LedgerItem,
    Outcome,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organisation.models import Person


def reasons_of(attempt: Attempt | None) -> list[str]:
    """What this attempt came back for, as the checklist of the next; empty unless it was returned."""
    if attempt is None or attempt.outcome != Outcome.RETURNED:
        return []
    reasons = [reason for reason in attempt.return_reasons if reason != "other"]
    return [*reasons, attempt.return_note] if "other" in attempt.return_reasons else reasons


def reasons_to_answer(item: LedgerItem) -> list[str]:
    """Why the last attempt came back; empty when it was withdrawn, or when there was none."""
    return reasons_of(item.attempts.order_by("-number").first())


def in_words(reason: str) -> str:
    """A reason of a return for readers: one of the list, or what somebody wrote."""
    return str(dict(RETURN_REASONS).get(reason, reason))


def unopened_evidence(item: LedgerItem, person: Person) -> int:
    """How many standing pieces of evidence this person has not opened."""
    opened = EvidenceOpening.objects.filter(evidence=OuterRef("pk"), person=person)
    return Evidence.objects.filter(item=item).standing().exclude(Exists(opened)).count()


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something a verifier should look at twice. A prompt, never a verdict."""

    key: str
    words: str


def prompts_for_verifier(
    item: LedgerItem, evidence: Sequence[Evidence], attempts: Sequence[Attempt]
) -> list[Prompt]:
    """Signals of sham rectification that can be computed from what the page has loaded.

    ``evidence`` is that of ``for_page``; nothing is asked of the database here.
    """
    standing = [piece for piece in evidence if piece.withdrawn_at is None]
    registered_on = timezone.localdate(item.registered_at)
    applied_on = timezone.localdate(attempts[-1].applied_at) if attempts else None
    prompts = [
        Prompt(
            "same_file",
            _("“%(name)s” is also evidence of another item.") % {"name": piece.file_name},
        )
        for piece in standing
        if getattr(piece, "is_elsewhere", False)
    ]
    for piece in standing:
        is_before = piece.kind == Evidence.Kind.BEFORE
        if piece.taken_on and piece.taken_on < registered_on and not is_before:
            prompts.append(
                Prompt(
                    "taken_before",
                    _("“%(name)s” was taken before the item was registered.")
                    % {"name": piece.file_name},
                )
            )
        elif piece.taken_on and applied_on and piece.taken_on > applied_on:
            prompts.append(
                Prompt(
                    "taken_after",
                    _("“%(name)s” was taken after the application.") % {"name": piece.file_name},
                )
            )
    returned = sum(attempt.outcome == Outcome.RETURNED for attempt in attempts)
    if returned >= 2:
        prompts.append(
            Prompt("returned_often", _("Returned %(count)s times before.") % {"count": returned})
        )
    return prompts
