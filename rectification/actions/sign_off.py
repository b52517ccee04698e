"""Sign-off: application, check, verification, approval, public notice, closed (or continuing).

Every verdict belongs to the attempt on its way. A return ends the attempt; its reasons are the
checklist that the next one must answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from core.workflow import locked, moving
from issues.models import RectificationClass
from organisation.clock import months_after
from organisation.queries import working_calendar
from rectification import notifications, queries, states
from rectification.models import (
    NO_LET_GO,
    RETURN_REASONS,
    Attempt,
    LedgerItem,
    NoticeObjection,
    Outcome,
    Stage,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from core.workflow import Transition
    from organisation.models import Person


def _attempt(item: LedgerItem) -> Attempt:
    """The attempt on its way, locked with its item; a state under review always has one."""
    return Attempt.objects.select_for_update().get(item=item, outcome=Outcome.PENDING)


def apply_for_sign_off(
    item: LedgerItem, *, by: Person, statement: str, answers: Sequence[str] = ()
) -> Attempt:
    """State what was reached, with evidence of effect, and answer each reason of the last return."""
    with moving(item, states.APPLY, by=by) as item:
        if not statement.strip():
            raise ActionRefusedError(_("State what was done and what has changed."))
        if not item.evidence.of_effect().exists():
            raise ActionRefusedError(
                _(
                    "Add at least one piece of evidence of the effect first; process alone is not it."
                )
            )
        reasons = queries.reasons_to_answer(item)
        given = [answer.strip() for answer in answers]
        if len(given) < len(reasons) or not all(given[: len(reasons)]):
            raise ActionRefusedError(_("Answer each reason for which the last attempt came back."))
        item.attempts_count += 1
        return Attempt.objects.create(
            item=item,
            number=item.attempts_count,
            statement=statement.strip(),
            applied_by=by,
            answers=[
                {"reason": reason, "answer": answer}
                for reason, answer in zip(reasons, given, strict=False)
            ],
        )


def withdraw_application(item: LedgerItem, *, by: Person) -> LedgerItem:
    """Take an application back before anybody has judged it."""
    with moving(item, states.WITHDRAW, by=by) as item:
        _end(_attempt(item), Outcome.WITHDRAWN)
    return item


def check(item: LedgerItem, *, by: Person, opinion: str) -> LedgerItem:
    """The lead department's head vouches for the work, in writing."""
    opinion = opinion.strip()
    if not opinion:
        raise ActionRefusedError(_("Write the lead department's opinion."))
    with moving(item, states.CHECK, by=by, reason=opinion) as item:
        attempt = _attempt(item)
        attempt.checked_by, attempt.checked_at = by, timezone.now()
        attempt.check_opinion = opinion
        _save(attempt)
    return item


def verify(
    item: LedgerItem,
    *,
    by: Person,
    no_let_go: Mapping[str, bool],
    opinion: str,
    was_visited: bool = False,
) -> LedgerItem:
    """Office or discipline office affirms the four no-let-go rules after opening every evidence."""
    opinion = opinion.strip()
    if not opinion:
        raise ActionRefusedError(_("Write what was verified and how."))
    with moving(item, states.VERIFY, by=by, reason=opinion, was_visited=was_visited) as item:
        unopened = queries.unopened_evidence(item, by)
        if unopened:
            raise ActionRefusedError(
                _("Open every piece of evidence first; %(count)s not opened yet.")
                % {"count": unopened}
            )
        if not all(no_let_go.get(key) for key, _label in NO_LET_GO):
            raise ActionRefusedError(
                _("All four no-let-go rules must hold; otherwise return the application.")
            )
        if item.needs_visit and not was_visited:
            raise ActionRefusedError(
                _("This problem came from outside or came back: verify it on site.")
            )
        attempt = _attempt(item)
        attempt.verified_by, attempt.verified_at = by, timezone.now()
        attempt.verification_opinion = opinion
        attempt.was_visited = was_visited
        attempt.no_let_go = {key: True for key, _label in NO_LET_GO}
        _save(attempt)
    return item


def approve(
    item: LedgerItem, *, by: Person, opinion: str = "", review_on: dt.date | None = None
) -> LedgerItem:
    """The responsible leader's word: to public notice where due, else signed off at once.

    A long-term item is never simply done: it ends as “staged goal met, continuing”, to be looked
    at again on ``review_on`` (by default after the campaign's months).
    """
    today = timezone.localdate()
    target = _after_approval(item)
    with moving(item, states.APPROVE, by=by, reason=opinion.strip(), to=target) as item:
        attempt = _attempt(item)
        attempt.approved_by, attempt.approved_at = by, timezone.now()
        attempt.approval_opinion = opinion.strip()
        if item.rectification_class == RectificationClass.LONG_TERM:
            item.review_on = review_on or months_after(today, item.campaign.review_months)
            if item.review_on <= today:
                raise ActionRefusedError(_("The review must lie in the future."))
        if target == states.State.ON_NOTICE:
            attempt.notice_from = today
            attempt.notice_until = working_calendar().working_day_after(
                today, item.campaign.notice_days
            )
            _save(attempt)
        else:
            _conclude(item, attempt, today)
    return item


def _after_approval(item: LedgerItem) -> str:
    """Decided by columns that nobody can change while an attempt is on its way."""
    return states.State.ON_NOTICE if item.needs_notice else _final_state(item)


def _final_state(item: LedgerItem) -> str:
    long_term = item.rectification_class == RectificationClass.LONG_TERM
    return states.State.CONTINUING if long_term else states.State.CLOSED


def _conclude(item: LedgerItem, attempt: Attempt, today: dt.date) -> None:
    item.closed_on = today
    _end(attempt, Outcome.PASSED)
    notifications.tell_of_sign_off(item, attempt, state=_final_state(item))


def end_notice(item: LedgerItem, *, by: Person) -> LedgerItem:
    """Sign off when the days of notice are over and every objection has been decided."""
    today = timezone.localdate()
    with moving(item, states.END_NOTICE, by=by, to=_final_state(item)) as item:
        attempt = _attempt(item)
        if attempt.notice_until is not None and today <= attempt.notice_until:
            raise ActionRefusedError(
                _("The public notice runs until the end of %(day)s.")
                % {"day": attempt.notice_until}
            )
        if attempt.objections.filter(decision=NoticeObjection.Decision.OPEN).exists():
            raise ActionRefusedError(_("An objection is still to be decided."))
        _conclude(item, attempt, today)
    return item


def _give_back(
    item: LedgerItem,
    step: Transition,
    *,
    by: Person,
    stage: Stage,
    reasons: Sequence[str],
    note: str,
    finding: str = "",
) -> LedgerItem:
    known = {key for key, _label in RETURN_REASONS}
    if not reasons or not set(reasons) <= known:
        raise ActionRefusedError(_("Choose at least one reason for the return."))
    if "other" in reasons and not note.strip():
        raise ActionRefusedError(_("Explain the other reason."))
    labels = dict(RETURN_REASONS)
    said = [*(str(labels[key]) for key in reasons), note.strip()]
    words = _("; ").join(filter(None, said))
    with moving(item, step, by=by, reason=words) as item:
        attempt = _attempt(item)
        attempt.returned_by = by
        attempt.returned_at_stage = stage
        attempt.return_reasons = list(reasons)
        attempt.return_note = note.strip()
        attempt.finding = finding
        item.review_on = None
        _end(attempt, Outcome.RETURNED)
    return item


def return_at_check(
    item: LedgerItem, *, by: Person, reasons: Sequence[str], note: str = ""
) -> LedgerItem:
    return _give_back(
        item, states.RETURN_AT_CHECK, by=by, stage=Stage.CHECK, reasons=reasons, note=note
    )


def return_at_verification(
    item: LedgerItem, *, by: Person, reasons: Sequence[str], note: str = "", finding: str = ""
) -> LedgerItem:
    """``finding`` names what is wrong with the rectification itself, such as sham rectification."""
    return _give_back(
        item,
        states.RETURN_AT_VERIFICATION,
        by=by,
        stage=Stage.VERIFICATION,
        reasons=reasons,
        note=note,
        finding=finding,
    )


def return_at_approval(
    item: LedgerItem, *, by: Person, reasons: Sequence[str], note: str = "", finding: str = ""
) -> LedgerItem:
    return _give_back(
        item,
        states.RETURN_AT_APPROVAL,
        by=by,
        stage=Stage.APPROVAL,
        reasons=reasons,
        note=note,
        finding=finding,
    )


def object_to_notice(item: LedgerItem, *, by: Person, text: str) -> NoticeObjection:
    """Anybody in the institution may object while the notice runs."""
    if not text.strip():
        raise ActionRefusedError(_("Say what is not put right."))
    with locked(item, permission="rectification.object_to_notice", by=by) as row:
        if row.state != states.State.ON_NOTICE:
            raise ActionRefusedError(_("The public notice has ended."))
        objection = NoticeObjection.objects.create(attempt=_attempt(row), text=text.strip(), by=by)
        trail.record("rectification.object_to_notice", subject=row, by=by, reason=text.strip())
    return objection


def decide_notice_objection(
    objection: NoticeObjection, *, by: Person, upheld: bool, answer: str
) -> LedgerItem:
    """Dismiss an objection with an answer, or uphold it: then the item goes back to be put right."""
    answer = answer.strip()
    if not answer:
        raise ActionRefusedError(_("Write the answer to the objection."))
    decision = NoticeObjection.Decision.UPHELD if upheld else NoticeObjection.Decision.DISMISSED
    with locked(objection.attempt.item, permission="rectification.end_notice", by=by) as item:
        row = NoticeObjection.objects.select_for_update().get(pk=objection.pk)
        if row.decision != NoticeObjection.Decision.OPEN:
            raise ActionRefusedError(_("This objection has been decided already."))
        row.decision, row.answer, row.decided_by = decision, answer, by
        row.save()
        if upheld:
            return _give_back(
                item,
                states.RETURN_FROM_NOTICE,
                by=by,
                stage=Stage.NOTICE,
                reasons=["other"],
                note=f"{row.text}\n{answer}",
            )
        trail.record("rectification.dismiss_objection", subject=item, by=by, reason=answer)
    return item


def review_continuing(
    item: LedgerItem, *, by: Person, finding: str, review_on: dt.date
) -> LedgerItem:
    """Record that a continuing item still holds, and when it is looked at next.

    When it does not hold, the problem has come back: that is a new problem naming this one.
    """
    if not finding.strip():
        raise ActionRefusedError(_("Write what the review found."))
    if review_on <= timezone.localdate():
        raise ActionRefusedError(_("The next review must lie in the future."))
    with moving(item, states.REVIEW, by=by, reason=finding.strip()) as item:
        item.review_on = review_on
    return item


def _end(attempt: Attempt, outcome: Outcome) -> None:
    attempt.outcome = outcome
    attempt.ended_at = timezone.now()
    _save(attempt)


def _save(attempt: Attempt) -> None:
    """Keep what the database would refuse from becoming a fault page."""
    try:
        attempt.full_clean()
    except ValidationError as faults:
        raise ActionRefusedError(" ".join(faults.messages)) from faults
    attempt.save()
