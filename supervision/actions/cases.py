"""What the report tells of each case, while it is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from core.privacy import without_private_data
from organisation.actions.writing import added, saved
from supervision.actions.meetings import preparing
from supervision.models import CaseKind, ExposureCase, ExposureMeeting
from supervision.queries.report import CASE_TEXTS

if TYPE_CHECKING:
    from organisation.models import Person


def _private(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: without_private_data(value) if name in CASE_TEXTS else value
        for name, value in facts.items()
    }


def _check(case: ExposureCase) -> None:
    concluded = case.handling_concluded_on
    if concluded is not None and concluded > timezone.localdate():
        raise ActionRefusedError(_("The handling cannot be concluded on a day to come."))
    if concluded is not None and not case.handling.strip():
        raise ActionRefusedError(_("State the result of the handling."))
    campaign = case.meeting.campaign
    if not campaign.scope_units().filter(pk=case.department_id).exists():
        raise ActionRefusedError(
            _("%(unit)s does not belong to this campaign.") % {"unit": case.department}
        )
    if case.item is not None and case.item.campaign_id != campaign.pk:
        raise ActionRefusedError(_("The item belongs to another campaign."))


def _there(case: ExposureCase) -> ExposureCase:
    row = ExposureCase.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()
    if row is None:
        raise ActionRefusedError(_("The case has been left out meanwhile."))
    return row


def revise_case(case: ExposureCase, *, by: Person, **facts: Any) -> ExposureCase:
    """Write a case. With the day on which its handling was concluded it becomes part of the report."""
    with preparing(case.meeting, by=by):
        row = _there(case)
        before = trail.snapshot(row)
        for name, value in _private(facts).items():
            setattr(row, name, value)
        _check(row)
        saved(row)
        after = trail.snapshot(row)
        if after != before:
            trail.record("supervision.revise_case", subject=row, by=by, before=before, after=after)
    return row


def add_good_example(meeting: ExposureMeeting, *, by: Person, **facts: Any) -> ExposureCase:
    """A department that others may learn from; the report may show it too."""
    with preparing(meeting, by=by) as row:
        last = row.cases.aggregate(last=Max("position"))["last"]
        case = ExposureCase(
            meeting=row,
            kind=CaseKind.GOOD,
            position=0 if last is None else last + 1,
            **_private(facts),
        )
        _check(case)
        added("supervision.add_good_example", case, by=by)
    return case


def remove_good_example(case: ExposureCase, *, by: Person) -> None:
    """Take it out of the report; what it said stays in the meeting's trail."""
    with preparing(case.meeting, by=by) as meeting:
        row = _there(case)
        if row.is_problem:
            raise ActionRefusedError(_("Leave the candidate out instead, and say why."))
        was = trail.snapshot(row)
        row.delete()
        trail.record("supervision.remove_good_example", subject=meeting, by=by, detail={"was": was})
