"""Candidates: the rules propose, a person takes in or leaves out, and says why."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from core.privacy import without_private_data
from core.workflow import locked
from organisation.actions.writing import saved
from organisation.models import SYSTEM
from rectification.states import State as ItemState
from supervision.models import (
    Candidate,
    CaseKind,
    ExposureCase,
    ExposureMeeting,
    Ground,
    Verdict,
)
from supervision.queries.candidates import proposed
from supervision.queries.planning import on_paper
from supervision.states import UNHELD, MeetingState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from core.workflow import Actor
    from organisation.models import Person, Unit
    from rectification.models import LedgerItem

LONGEST_HEADING = 30


def propose(meeting: ExposureMeeting, *, by: Actor) -> int:
    """Bring the undecided candidates in line with what the rules say today.

    What a person has decided stays. Run by hand and by the clock; twice changes nothing.
    """
    with locked(meeting, permission="supervision.prepare_meeting", by=by) as row:
        if row.state != MeetingState.PREPARING:
            raise ActionRefusedError(
                _("Candidates are proposed only while the report is being prepared.")
            )
        grounds = proposed(row, timezone.localdate())
        there = {candidate.item_id: candidate for candidate in row.candidates.all()}
        new = [
            Candidate(meeting=row, item_id=item, grounds=found)
            for item, found in grounds.items()
            if item not in there
        ]
        Candidate.objects.bulk_create(new)
        gone = []
        for item, candidate in there.items():
            if candidate.verdict != Verdict.OPEN:
                continue
            if item not in grounds:
                gone.append(candidate.pk)
            elif candidate.grounds != grounds[item]:
                candidate.grounds = grounds[item]
                candidate.save()
        row.candidates.filter(pk__in=gone).delete()
        if new or gone:
            trail.record(
                "supervision.propose",
                subject=row,
                by=by,
                detail={"new": len(new), "gone": len(gone)},
            )
    return len(new)


def propose_by_the_clock(day: dt.date) -> None:
    """Bring the candidates of every report that is being prepared in line. Safe to run twice."""
    preparing = ExposureMeeting.objects.filter(
        state=MeetingState.PREPARING, campaign__state=CampaignState.RUNNING
    )
    for meeting in preparing.order_by("pk"):
        with suppress(ActionRefusedError):  # submitted a moment ago
            propose(meeting, by=SYSTEM)


@contextmanager
def _deciding(
    candidate: Candidate, *, by: Person, reason: str, detail: dict[str, Any]
) -> Iterator[Candidate]:
    reason = without_private_data(reason.strip())
    if not reason:
        raise ActionRefusedError(_("Say why."))
    with locked(candidate.meeting, permission="supervision.prepare_meeting", by=by) as meeting:
        if meeting.state != MeetingState.PREPARING:
            raise ActionRefusedError(
                _("Nothing can be changed now: the state is “%(state)s”.")
                % {"state": meeting.get_state_display()}
            )
        row = Candidate.objects.select_for_update().filter(pk=candidate.pk).first()
        if row is None:
            raise ActionRefusedError(_("It is no candidate any more: the ground is gone."))
        before = trail.snapshot(row)
        yield row
        row.reason, row.decided_by, row.decided_at = reason, by, timezone.now()
        row.save()
        trail.record(
            f"supervision.{row.verdict}",
            subject=meeting,
            by=by,
            before=before,
            after=trail.snapshot(row),
            reason=reason,
            detail={"item": row.item.code, **detail},
        )


def take_in(candidate: Candidate, *, by: Person, reason: str) -> ExposureCase:
    """Make a case of it, drafted from the ledger or as it was written for an earlier meeting. It is
    exposed only once its handling is concluded.
    """
    with _deciding(candidate, by=by, reason=reason, detail={}) as row:
        if row.verdict == Verdict.TAKEN_IN:
            raise ActionRefusedError(_("It has been taken in already."))
        row.verdict = Verdict.TAKEN_IN
        department = _answering(row.meeting, row.item)
        case = _kept(row.meeting, row.item) or _drafted(row.meeting, row.item, department)
        last = row.meeting.cases.aggregate(last=Max("position"))["last"]
        case.position = 0 if last is None else last + 1
        saved(case)
    return case


def _answering(meeting: ExposureMeeting, item: LedgerItem) -> Unit:
    """The department that would be exposed; a refusal where the item cannot be."""
    named = {"code": item.code}
    if item.state == ItemState.VOIDED:
        raise ActionRefusedError(_("%(code)s is voided and cannot be exposed.") % named)
    if item.lead_department is None:
        raise ActionRefusedError(
            _("%(code)s has no lead department yet; complete its plan first.") % named
        )
    elsewhere = ExposureCase.objects.filter(item=item, meeting__state__in=UNHELD)
    if other := elsewhere.exclude(meeting=meeting).select_related("meeting").first():
        raise ActionRefusedError(
            _("%(code)s is a case of number %(number)s, which has not been held yet.")
            % {**named, "number": other.meeting.number}
        )
    return item.lead_department


def _kept(meeting: ExposureMeeting, item: LedgerItem) -> ExposureCase | None:
    """What was written about it for an earlier meeting that did not expose it."""
    earlier = ExposureCase.objects.filter(item=item, kind=CaseKind.PROBLEM, exposed_on=None)
    case = earlier.exclude(meeting=meeting).order_by("-meeting__number").first()
    if case is not None:
        case.pk, case.meeting, case.due_on = None, meeting, None
        case._state.adding = True  # noqa: SLF001 -- the documented way to copy a row
    return case


def _drafted(meeting: ExposureMeeting, item: LedgerItem, department: Unit) -> ExposureCase:
    text = without_private_data(item.text)
    found_on = item.issue.found_on
    return ExposureCase(
        meeting=meeting,
        kind=CaseKind.PROBLEM,
        item=item,
        title=text.replace("\n", " ")[:LONGEST_HEADING],
        happened=on_paper(found_on) if found_on else "",
        place=without_private_data(item.issue.place),
        facts=text,
        department=department,
    )


def leave_out(candidate: Candidate, *, by: Person, reason: str) -> Candidate:
    """Do not expose it this time. A case that was drafted of it is taken away; what it said stays
    in the trail.
    """
    detail: dict[str, Any] = {}
    with _deciding(candidate, by=by, reason=reason, detail=detail) as row:
        if row.verdict == Verdict.LEFT_OUT:
            raise ActionRefusedError(_("It has been left out already."))
        row.verdict = Verdict.LEFT_OUT
        for case in row.meeting.cases.filter(item=row.item, kind=CaseKind.PROBLEM):
            detail["was"] = trail.snapshot(case)
            case.delete()
    return row


def take_in_item(
    meeting: ExposureMeeting, item: LedgerItem, *, by: Person, reason: str
) -> ExposureCase:
    """Take in an item that no rule proposed."""
    reason = without_private_data(reason.strip())
    if not reason:
        raise ActionRefusedError(_("Say why."))
    with locked(meeting, permission="supervision.prepare_meeting", by=by) as row:
        if item.campaign_id != row.campaign_id:
            raise ActionRefusedError(_("The item belongs to another campaign."))
        ground = {"rule": Ground.BY_HAND, "reason": reason}
        candidate, is_new = Candidate.objects.get_or_create(
            meeting=row, item=item, defaults={"grounds": [ground]}
        )
        if not is_new and candidate.verdict == Verdict.TAKEN_IN:
            raise ActionRefusedError(_("It has been taken in already."))
        return take_in(candidate, by=by, reason=reason)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one candidate among several: its case, or why nothing was done."""

    candidate: Candidate
    case: ExposureCase | None = None
    refusal: str = ""


def decide_each(
    candidates: Iterable[Candidate], *, by: Person, reason: str, takes_in: bool
) -> list[Outcome]:
    """Take in, or leave out, each of them; one that is refused does not hold up the others."""
    outcomes = []
    for candidate in candidates:
        try:
            if takes_in:
                case = take_in(candidate, by=by, reason=reason)
                outcomes.append(Outcome(candidate, case))
            else:
                leave_out(candidate, by=by, reason=reason)
                outcomes.append(Outcome(candidate))
        except ActionRefusedError as refusal:
            outcomes.append(Outcome(candidate, refusal=str(refusal)))
    return outcomes
