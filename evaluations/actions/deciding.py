"""The Party committee decides: whether a grade is confirmed, what follows, and what became of it."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from campaign.actions import give_number
from campaign.models import Letterhead
from core.errors import ActionRefusedError
from core.workflow import moving
from evaluations import states
from evaluations.counting.ladder import Rung
from evaluations.counting.rules import Grade
from evaluations.models import Confirmation, Consequence, Publication, Subject
from evaluations.models.result import APPEAL_DAYS
from evaluations.queries.standing import standing
from evaluations.states import ConsequenceState, RoundState

if TYPE_CHECKING:
    from campaign.models import DocumentNumber
    from organisation.models import Person

MOST_MONTHS = 24
LETTER_SUBJECT = "工作提醒函"
"""What the register of numbers says of a reminder letter: neither to whom, nor why."""


@transaction.atomic
def confirm_grade(
    subject: Subject, *, by: Person, is_confirmed: bool, reason: str, decided_on: dt.date
) -> Confirmation:
    """Say for the Party committee whether a poor grade holds. Votes alone lead to nothing.

    With it stands how often in a row that makes it, and what the regulation proposes.
    """
    row = _locked(subject, "evaluations.confirm_grade", by)
    publication = Publication.objects.filter(subject=row).first()
    if row.round.state != RoundState.PUBLISHED or publication is None:
        raise ActionRefusedError(_("The results of this round are not published."))
    if publication.grade != Grade.POOR:
        raise ActionRefusedError(_("Only the grade “poor” needs a confirmation."))
    if Confirmation.objects.filter(subject=row).exists():
        raise ActionRefusedError(_("This grade has been decided on already."))
    _refuse_day(decided_on, not_before=row.round.published_on)
    found = standing(row, if_confirmed=is_confirmed)
    if found.earlier_undecided:
        raise ActionRefusedError(
            _("Decide on “%(round)s” first: how often in a row it was depends on it.")
            % {"round": found.earlier_undecided[0].round}
        )
    confirmation = Confirmation(
        subject=row,
        is_confirmed=is_confirmed,
        reason=_said(reason, _("Give the reason of the decision.")),
        decided_on=decided_on,
        decided_by=by,
        consecutive=found.consecutive if is_confirmed else 0,
        proposed=found.proposed if is_confirmed else Rung.NONE,
    )
    confirmation.full_clean()
    confirmation.save()
    trail.record(
        "evaluations.confirm_grade", subject=confirmation, by=by, after=trail.snapshot(confirmation)
    )
    keep_bundle_for_appeals(row, decided_on)
    return confirmation


def keep_bundle_for_appeals(subject: Subject, day: dt.date) -> None:
    """What a recount needs is kept as long as somebody may still appeal."""
    until = day + dt.timedelta(days=APPEAL_DAYS)
    rounds = type(subject.round).objects.filter(pk=subject.round_id, bundle_until__lt=until)
    rounds.exclude(bundle_path="").update(bundle_until=until)


@transaction.atomic
def decide_consequence(
    confirmation: Confirmation, *, by: Person, rung: str, reason: str, decided_on: dt.date
) -> Consequence:
    """Decide what follows from a confirmed grade: what is proposed, or with good reason another."""
    subject = _locked(confirmation.subject, "evaluations.decide_consequence", by)
    row = Confirmation.objects.get(subject=subject)
    row.subject = subject
    if not row.is_confirmed:
        raise ActionRefusedError(_("The grade was not confirmed: nothing follows from it."))
    if Consequence.objects.filter(confirmation=row).exists():
        raise ActionRefusedError(_("What follows has been decided already."))
    if rung not in Rung.values:
        raise ActionRefusedError(_("Choose a measure."))
    _refuse_day(decided_on, not_before=row.decided_on)
    deviates = rung != row.proposed
    missing = (
        _("Say why this differs from what is proposed.")
        if deviates
        else _("Give the reason of the decision.")
    )
    consequence = Consequence(
        confirmation=row,
        rung=rung,
        reason=_said(reason, missing),
        decided_on=decided_on,
        decided_by=by,
        state=ConsequenceState.CLOSED if rung == Rung.NONE else ConsequenceState.DECIDED,
    )
    consequence.full_clean()
    consequence.save()
    trail.record(
        "evaluations.decide_consequence",
        subject=consequence,
        by=by,
        after=trail.snapshot(consequence),
    )
    return consequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Who spoke with the head, when and where, and what was said."""

    interviewer: Person
    recorder: Person
    place: str
    starts_at: dt.time
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """How a measure is carried out. A letter has a number, a talk its record, a transfer neither."""

    on: dt.date
    text: str
    reply_due_on: dt.date | None = None
    effect_months: int = 6
    number: int | None = None
    talk: Talk | None = None

    @property
    def follow_up_on(self) -> dt.date:
        return months_later(self.on, self.effect_months)


def carry_out(
    consequence: Consequence, *, by: Person, execution: Execution, paper: bytes = b""
) -> Consequence:
    """Record that a measure was carried out, and keep its paper as it was drawn.

    The day of the follow-up is set with it. All of it happens, or none.
    """
    if consequence.rung in Consequence.PAPERS and not paper:
        raise ValueError("nothing is carried out without its paper")
    path = ""
    try:
        with moving(consequence, states.CARRY_OUT, by=by) as row:
            _refuse_day(execution.on, not_before=row.decided_on)
            refuse_incomplete(row, execution)
            row.carried_out_on = execution.on
            row.text = execution.text.strip()
            row.effect_months = execution.effect_months
            row.reply_due_on = execution.reply_due_on
            row.follow_up_on = execution.follow_up_on
            if row.rung == Rung.REMINDER_LETTER:
                row.document_number = _number(row, execution, by=by)
            if execution.talk and row.rung == Rung.ADMONITION_TALK:
                _write_talk(row, execution.talk)
            if paper:
                path = default_storage.save(
                    f"evaluations/measures/{row.pk}.pdf", ContentFile(paper)
                )
                row.paper_path, row.paper_sha256 = path, hashlib.sha256(paper).hexdigest()
    except BaseException:
        if path:
            default_storage.delete(path)
        raise
    return row


def refuse_incomplete(row: Consequence, execution: Execution) -> None:
    """Before anything is drawn: what this measure needs must be there."""
    if not execution.text.strip():
        raise ActionRefusedError(_("Say what has to improve."))
    if not 1 <= execution.effect_months <= MOST_MONTHS:
        raise ActionRefusedError(
            _("The effect lasts between 1 and %(most)s months.") % {"most": MOST_MONTHS}
        )
    if row.rung == Rung.TRANSFER_OR_REMOVAL:
        return
    if execution.reply_due_on is None or execution.reply_due_on <= execution.on:
        raise ActionRefusedError(_("The answer is due after the day of the measure."))
    if row.rung == Rung.REMINDER_LETTER and execution.number is None:
        raise ActionRefusedError(_("The letter needs its number."))
    if row.rung == Rung.ADMONITION_TALK:
        _refuse_talk(row, execution.talk)


def _refuse_talk(row: Consequence, talk: Talk | None) -> None:
    if talk is None or not (talk.place.strip() and talk.content.strip()):
        raise ActionRefusedError(_("The record names who spoke, when, where, and what was said."))
    head = row.subject.person_id
    if len({talk.interviewer.pk, talk.recorder.pk, head}) < 3:
        raise ActionRefusedError(
            _("Who is spoken with, who speaks and who keeps the record are three people.")
        )


def _write_talk(row: Consequence, talk: Talk) -> None:
    row.interviewer, row.recorder = talk.interviewer, talk.recorder
    row.place, row.starts_at = talk.place.strip(), talk.starts_at
    row.content = talk.content.strip()


def _number(row: Consequence, execution: Execution, *, by: Person) -> DocumentNumber:
    host = row.subject.round.campaign.host
    letterhead = Letterhead.objects.filter(unit=host).first()
    return give_number(
        host,
        by=by,
        word=letterhead.number_word if letterhead else "",
        number=execution.number or 0,
        given_on=execution.on,
        subject=LETTER_SUBJECT,
    )


def follow_up(consequence: Consequence, *, by: Person, found: str) -> Consequence:
    """Say what became of it, which closes the matter."""
    with moving(consequence, states.FOLLOW_UP, by=by) as row:
        row.follow_up = _said(found, _("Say what the follow-up found."))
    return row


def withdraw_consequence(consequence: Consequence, *, by: Person, reason: str) -> Consequence:
    reason = _said(reason, _("Say why the measure is withdrawn."))
    with moving(consequence, states.WITHDRAW, by=by, reason=reason) as row:
        pass
    return row


def _locked(subject: Subject, permission: str, by: Person) -> Subject:
    """The head's row, so that two leaders do not decide at once, after asking the rule."""
    row = (
        Subject.objects.select_for_update(of=("self",))
        .select_related("round__campaign", "person", "unit")
        .get(pk=subject.pk)
    )
    if not by.has_perm(permission, row):
        raise PermissionDenied
    return row


def _refuse_day(day: dt.date, *, not_before: dt.date | None) -> None:
    if day > timezone.localdate():
        raise ActionRefusedError(_("The day still lies in the future."))
    if not_before is not None and day < not_before:
        raise ActionRefusedError(_("That day lies before what it follows from."))


def _said(text: str, missing: str) -> str:
    if not text.strip():
        raise ActionRefusedError(missing)
    return text.strip()


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
