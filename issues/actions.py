"""Every write to the list of problems that is more than one form's save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit import trail
from campaign.models import Campaign
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from core.workflow import moving
from issues import signals, states
from issues.models import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organisation.models import Person, Unit


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
        reported_by=by,
        **facts,
    )
    issue.full_clean()
    issue.save()
    issue.responsible_departments.set(responsible_departments)
    trail.record("issues.report", subject=issue, by=by, after=trail.snapshot(issue))
    return issue


def _need(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Give a reason."))
    return reason


def confirm(
    issue: Issue,
    *,
    by: Person,
    responsible_departments: Iterable[Unit] | None = None,
    **understood: Any,
) -> Issue:
    """Uphold a problem: it enters the ledger with what the office has understood of it.

    ``understood`` are columns of the issue (class, target, measures, leader, lead department,
    deadline …) that the review fills in or corrects; what was written stays in ``written``.
    """
    with moving(issue, states.CONFIRM, by=by) as issue:
        for name, value in understood.items():
            setattr(issue, name, value)
        if responsible_departments is not None:
            issue.responsible_departments.set(responsible_departments)
        signals.issue_confirmed.send(sender=Issue, issue=issue, by=by)
    return issue


def merge(issue: Issue, *, by: Person, into: Issue) -> Issue:
    """Join a problem to another of the campaign that says the same; both texts stay."""
    with moving(issue, states.MERGE, by=by, into=into.code) as issue:
        target = Issue.objects.select_for_update(of=("self",)).get(pk=into.pk)
        if target.pk == issue.pk or target.campaign_id != issue.campaign_id:
            raise ActionRefusedError(_("Choose another problem of this campaign."))
        if target.state not in {states.State.REPORTED, states.State.CONFIRMED}:
            raise ActionRefusedError(
                _("Problem %(code)s is “%(state)s”; nothing can be merged into it.")
                % {"code": target.code, "state": target.get_state_display()}
            )
        issue.merged_into = target
        signals.issue_merged.send(sender=Issue, issue=issue, into=target, by=by)
    return issue


def send_back(issue: Issue, *, by: Person, reason: str) -> Issue:
    """Return a problem to whoever reported it, saying what is missing."""
    reason = _need(reason)
    with moving(issue, states.RETURN, by=by, reason=reason) as issue:
        issue.review_note = reason
    return issue


def hand_over(issue: Issue, *, by: Person, reason: str) -> Issue:
    """Give a problem that may be a breach of discipline to the discipline office, out of sight."""
    reason = _need(reason)
    with moving(issue, states.HAND_OVER, by=by, reason=reason) as issue:
        issue.review_note = reason
    return issue


def reject(issue: Issue, *, by: Person, reason: str) -> Issue:
    """Do not uphold a problem; the reason is kept and shown to whoever reported it."""
    reason = _need(reason)
    with moving(issue, states.REJECT, by=by, reason=reason) as issue:
        issue.review_note = reason
    return issue


def resubmit(issue: Issue, *, by: Person, **corrected: Any) -> Issue:
    """Send a returned problem to the office again, corrected."""
    with moving(issue, states.RESUBMIT, by=by) as issue:
        for name, value in corrected.items():
            setattr(issue, name, value)
    return issue
