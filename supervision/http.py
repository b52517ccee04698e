"""The meeting, the case and the handling that an address of this app names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from campaign.http import campaign_or_404
from supervision.models import ExposureCase, ExposureMeeting, Handling, SelfCriticism

if TYPE_CHECKING:
    from organisation.http import Request


def meeting_or_404(request: Request, campaign_pk: int, number: int) -> ExposureMeeting:
    """The meeting, if he may see it, with all that its pages name."""
    campaign = campaign_or_404(request, campaign_pk)
    meeting = get_object_or_404(
        ExposureMeeting.objects.visible_to(request.user)
        .for_list()
        .select_related("chair", "submitted_by", "approved_by"),
        campaign=campaign,
        number=number,
    )
    meeting.campaign = campaign
    return meeting


def meeting_for(
    request: Request, campaign_pk: int, number: int, permission: str
) -> ExposureMeeting:
    """404 for a meeting he may not see, 403 where he may not do this to it."""
    meeting = meeting_or_404(request, campaign_pk, number)
    if not request.user.has_perm(permission, meeting):
        raise PermissionDenied
    return meeting


def case_or_404(request: Request, meeting: ExposureMeeting, pk: int) -> ExposureCase:
    """A case as it was written, names and all: for those who run the campaign."""
    case = get_object_or_404(
        ExposureCase.objects.visible_to(request.user).select_related(
            "item__campaign", "item__lead_department", "department"
        ),
        meeting=meeting,
        pk=pk,
    )
    case.meeting = meeting
    return case


def criticism_or_404(
    request: Request, campaign_pk: int, number: int, case_pk: int
) -> SelfCriticism:
    meeting = meeting_or_404(request, campaign_pk, number)
    criticism = get_object_or_404(
        SelfCriticism.objects.visible_to(request.user).select_related(
            "case__item__campaign", "case__department", "submitted_by"
        ),
        case__meeting=meeting,
        case=case_pk,
    )
    criticism.case.meeting = meeting
    return criticism


def handling_for(request: Request, campaign_pk: int, pk: int, permission: str) -> Handling:
    campaign = campaign_or_404(request, campaign_pk)
    handling = get_object_or_404(
        Handling.objects.visible_to(request.user).select_related(
            "person", "unit", "item__campaign"
        ),
        campaign=campaign,
        pk=pk,
    )
    handling.campaign = campaign
    if not request.user.has_perm(permission, handling):
        raise PermissionDenied
    return handling
