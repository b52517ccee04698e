"""Candidates: the rules propose, a person takes in or leaves out, and says why."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from core.privacy import without_private_data
from core.workflow import locked
from supervision.models import (
    Candidate,
    CaseKind,
    ExposureCase,
    ExposureMeeting,
    Ground,
    Verdict,
)
from supervision.queries.candidates import proposed
from supervision.states import MeetingState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.workflow import Actor
    from organisation.models import Person
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
            by_hand = any(ground["rule"] == Ground.BY_HAND for ground in candidate.grounds)
            if candidate.verdict != Verdict.OPEN or by_hand:
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


@contextmanager
def _deciding(candidate: Candidate, *, by: Person, reason: str) -> Iterator[Candidate]:
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Say why."))
    with locked(candidate.meeting, permission="supervision.prepare_meeting", by=by) as meeting:
        if meeting.state != MeetingState.PREPARING:
            raise ActionRefusedError(
                _("Nothing can be changed now: the state is “%(state)s”.")
                % {"state": meeting.get_state_display()}
            )
        row = Candidate.objects.select_for_update().get(pk=candidate.pk)
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
            detail={"item": row.item.code},
        )


def take_in(candidate: Candidate, *, by: Person, reason: str) -> ExposureCase:
    """Make a case of it, drafted from the ledger. It is exposed only once its handling is concluded."""
    with _deciding(candidate, by=by, reason=reason) as row:
        if row.verdict == Verdict.TAKEN_IN:
            raise ActionRefusedError(_("It has been taken in already."))
        row.verdict = Verdict.TAKEN_IN
        case = _drafted(row.meeting, row.item)
        case.save()
    return case


def _drafted(meeting: ExposureMeeting, item: LedgerItem) -> ExposureCase:
    if item.lead_department is None:
        raise ActionRefusedError(
            _("%(code)s has no lead department yet; complete its plan first.") % {"code": item.code}
        )
    text = without_private_data(item.text)
    last = meeting.cases.aggregate(last=Max("position"))["last"]
    found_on = item.issue.found_on
    return ExposureCase(
        meeting=meeting,
        kind=CaseKind.PROBLEM,
        item=item,
        position=0 if last is None else last + 1,
        title=text.replace("\n", " ")[:LONGEST_HEADING],
        happened=date_format(found_on) if found_on else "",
        place=without_private_data(item.issue.place),
        facts=text,
        department=item.lead_department,
    )


def leave_out(candidate: Candidate, *, by: Person, reason: str) -> Candidate:
    """Do not expose it this time. A case that was drafted of it is taken away."""
    with _deciding(candidate, by=by, reason=reason) as row:
        if row.verdict == Verdict.LEFT_OUT:
            raise ActionRefusedError(_("It has been left out already."))
        row.verdict = Verdict.LEFT_OUT
        row.meeting.cases.filter(item=row.item).delete()
    return row


def take_in_item(
    meeting: ExposureMeeting, item: LedgerItem, *, by: Person, reason: str
) -> ExposureCase:
    """Take in an item that no rule proposed."""
    reason = reason.strip()
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
