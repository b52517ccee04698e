"""What a head says to his own result, and what a principal answers to an appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from core.workflow import moving
from evaluations import states
from evaluations.actions.deciding import keep_bundle_for_appeals
from evaluations.counting.ladder import Rung
from evaluations.counting.rules import Grade
from evaluations.models import Appeal, Confirmation, Consequence, Publication, Statement, Subject
from evaluations.models.result import appeal_until
from evaluations.states import RoundState

if TYPE_CHECKING:
    from organisation.models import Person


@transaction.atomic
def state_views(subject: Subject, *, by: Person, text: str) -> Statement:
    """Say something to one's own result; it can be worded anew until the committee has decided."""
    row = _own(subject, by)
    if Confirmation.objects.filter(subject=row).exists():
        raise ActionRefusedError(
            _("The Party committee has decided. Against its decision you can appeal.")
        )
    statement = Statement.objects.filter(subject=row).first() or Statement(subject=row)
    before = trail.snapshot(statement) if statement.pk else None
    statement.text = _said(text)
    statement.given_on = timezone.localdate()
    statement.full_clean()
    statement.save()
    trail.record(
        "evaluations.state_views",
        subject=statement,
        by=by,
        before=before,
        after=trail.snapshot(statement),
    )
    return statement


@transaction.atomic
def file_appeal(subject: Subject, *, by: Person, text: str) -> Appeal:
    """Ask for the count or the decision to be examined, once, within the time for appeals."""
    row = _own(subject, by)
    today = timezone.localdate()
    if Appeal.objects.filter(subject=row).exists():
        raise ActionRefusedError(_("You have appealed already."))
    until = appeal_until(row)
    if until is None or today > until:
        raise ActionRefusedError(_("The time for appeals is over."))
    appeal = Appeal(subject=row, text=_said(text), filed_on=today)
    appeal.full_clean()
    appeal.save()
    trail.record("evaluations.appeal", subject=appeal, by=by, after=trail.snapshot(appeal))
    keep_bundle_for_appeals(row, today)
    return appeal


def judge_appeal(appeal: Appeal, *, by: Person, is_upheld: bool, answer: str) -> Appeal:
    """Answer an appeal. Upheld, a poor grade is not confirmed and its measure is withdrawn.

    What was published stays as it is: a box speaks once.
    """
    answer = answer.strip()
    if not answer:
        raise ActionRefusedError(_("Answer the appeal in words."))
    step = states.UPHOLD if is_upheld else states.REJECT
    with moving(appeal, step, by=by) as row:
        row.answer, row.answered_by, row.answered_on = answer, by, timezone.localdate()
        if is_upheld:
            _undo(row.subject, by=by, reason=answer)
    return row


def _undo(subject: Subject, *, by: Person, reason: str) -> None:
    consequence = Consequence.objects.filter(confirmation__subject=subject).first()
    if consequence is not None and consequence.state in states.WITHDRAW.sources:
        with moving(consequence, states.WITHDRAW, by=by, reason=reason):
            pass
    if not Publication.objects.filter(subject=subject, grade=Grade.POOR).exists():
        return
    found = Confirmation.objects.select_for_update().filter(subject=subject).first()
    confirmation = found or Confirmation(
        subject=subject, decided_on=timezone.localdate(), decided_by=by, reason=reason
    )
    before = trail.snapshot(found) if found else None
    confirmation.is_confirmed = False
    confirmation.consecutive, confirmation.proposed = 0, Rung.NONE
    confirmation.save()
    trail.record(
        "evaluations.revoke_confirmation",
        subject=confirmation,
        by=by,
        before=before,
        after=trail.snapshot(confirmation),
        reason=reason,
    )


def answer_consequence(consequence: Consequence, *, by: Person, text: str) -> Consequence:
    """The head's written answer to the letter or the talk."""
    with moving(consequence, states.ANSWER, by=by) as row:
        row.reply, row.replied_on = _said(text), timezone.localdate()
    return row


def _own(subject: Subject, by: Person) -> Subject:
    """The head's row, locked against a decision that is being taken at the same time."""
    row = (
        Subject.objects.select_for_update(of=("self",))
        .select_related("round__campaign", "person", "unit")
        .get(pk=subject.pk)
    )
    if not by.has_perm("evaluations.state_views", row):
        raise PermissionDenied
    if row.round.state != RoundState.PUBLISHED:
        raise ActionRefusedError(_("The results of this round are not published."))
    return row


def _said(text: str) -> str:
    if not text.strip():
        raise ActionRefusedError(_("Write something first."))
    return text.strip()
