"""How problems come into the list: one by one, by workbook, or again after a return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit import trail
from campaign.models import Campaign, scope_of
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from core.text import search_form
from core.workflow import moving
from issues import states
from issues.models import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from organisation.models import Person, StagedWorkbook, Unit


@dataclass(frozen=True, slots=True)
class Draft:
    """A problem not yet entered, and the departments responsible for it."""

    issue: Issue
    departments: tuple[int, ...] = ()


def _numbers(campaign: Campaign, count: int) -> int:
    """Take ``count`` numbers at once; the first is returned. A number is never given twice."""
    Campaign.objects.filter(pk=campaign.pk).update(issue_counter=F("issue_counter") + count)
    campaign.refresh_from_db(fields=["issue_counter", "state"])
    if campaign.state != CampaignState.RUNNING:
        raise ActionRefusedError(_("Problems can be entered only while the campaign is running."))
    return campaign.issue_counter - count + 1


@transaction.atomic
def report(
    campaign: Campaign,
    *,
    by: Person,
    text: str,
    responsible_departments: Iterable[Unit] = (),
    **facts: Any,
) -> Issue:
    """Enter one problem in the list, to be reviewed by the office."""
    if not by.has_perm("issues.report_issue", campaign):
        raise PermissionDenied
    issue = Issue(
        campaign=campaign,
        number=_numbers(campaign, 1),
        text=text,
        search_text=search_form(text),
        reported_by=by,
        **facts,
    )
    _only_for_an_own_unit(issue, by)
    try:
        issue.full_clean()
    except ValidationError as faults:
        raise ActionRefusedError(" ".join(faults.messages)) from faults
    issue.save()
    issue.responsible_departments.set(responsible_departments)
    trail.record("issues.report", subject=issue, by=by, after=trail.snapshot(issue))
    return issue


def _only_for_an_own_unit(issue: Issue, by: Person) -> None:
    scope = scope_of(by)
    unit = issue.reported_unit_id
    if unit and unit not in scope.own | scope.acts_for and issue.campaign_id not in scope.office:
        raise ActionRefusedError(_("You can report only for a unit that is your own."))


@transaction.atomic
def take_in(
    campaign: Campaign, drafts: Sequence[Draft], *, by: Person, workbook: StagedWorkbook
) -> list[int]:
    """Enter the rows of a workbook, all of them or none; their ids come back in the same order."""
    if not by.has_perm("issues.import_issues", campaign):
        raise PermissionDenied
    first = _numbers(campaign, len(drafts))
    issues = [draft.issue for draft in drafts]
    for number, issue in enumerate(issues, start=first):
        issue.campaign = campaign
        issue.number = number
        issue.reported_by = by
        issue.workbook = workbook
        issue.search_text = search_form(issue.text)
    Issue.objects.bulk_create(issues, batch_size=500)
    responsible = Issue.responsible_departments.through
    responsible.objects.bulk_create(
        (
            responsible(issue_id=draft.issue.pk, unit_id=unit)
            for draft in drafts
            for unit in draft.departments
        ),
        batch_size=2000,
    )
    trail.record_created(
        "issues.take_in", subjects=issues, by=by, detail={"workbook": workbook.file_name}
    )
    return [issue.pk for issue in issues]


def resubmit(
    issue: Issue,
    *,
    by: Person,
    responsible_departments: Iterable[Unit] | None = None,
    **corrected: Any,
) -> Issue:
    """Send a returned problem to the office again, corrected."""
    with moving(issue, states.RESUBMIT, by=by) as issue:
        for name, value in corrected.items():
            setattr(issue, name, value)
        issue.search_text = search_form(issue.text)
        _only_for_an_own_unit(issue, by)
        if responsible_departments is not None:
            issue.responsible_departments.set(responsible_departments)
    return issue
