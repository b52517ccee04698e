"""The ledger item that an address of this app names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from campaign.http import campaign_or_404
from rectification.models import LedgerItem

if TYPE_CHECKING:
    from django.http import QueryDict

    from campaign.models import Campaign
    from organisation.http import Request


def posted(request: Request) -> QueryDict | None:
    """What a form is bound to. A form without any field is posted too, and then there is nothing in it."""
    return request.POST if request.method == "POST" else None


def item_or_404(request: Request, campaign_pk: int, number: int) -> LedgerItem:
    """The item, if he may see it, with all that its page names."""
    campaign = campaign_or_404(request, campaign_pk)
    item = get_object_or_404(
        LedgerItem.objects.of_campaign(campaign, request.user)
        .for_ledger()
        .select_related("issue__campaign", "suggested_department"),
        number=number,
    )
    item.campaign = campaign
    return item


def item_for(request: Request, campaign_pk: int, number: int, permission: str) -> LedgerItem:
    """404 for an item he may not see, 403 where he may not do this to it."""
    item = item_or_404(request, campaign_pk, number)
    if not request.user.has_perm(permission, item):
        raise PermissionDenied
    return item


def notice_or_404(request: Request, campaign_pk: int, number: int) -> tuple[Campaign, LedgerItem]:
    """An item on public notice, for everybody in the institution, whether or not he sees the ledger."""
    campaign = campaign_or_404(request, campaign_pk)
    item = get_object_or_404(
        LedgerItem.objects.on_notice_to(request.user).for_ledger(),
        campaign=campaign,
        number=number,
    )
    item.campaign = campaign
    return campaign, item
