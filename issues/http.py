"""The campaign and the problem that an address of this app names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from campaign.http import campaign_or_404
from issues.models import Issue

if TYPE_CHECKING:
    from organisation.http import Request


def issue_or_404(request: Request, campaign_pk: int, number: int) -> Issue:
    """The problem, if he may see it: reporters are seen even where the list is not open to them."""
    campaign = campaign_or_404(request, campaign_pk)
    issue = get_object_or_404(
        Issue.objects.visible_to(request.user)
        .for_list()
        .select_related(
            "campaign__host",
            "assignee",
            "merged_into__campaign",
            "recurrence_of__campaign",
            "workbook",
        ),
        campaign=campaign,
        number=number,
    )
    issue.campaign = campaign
    return issue
