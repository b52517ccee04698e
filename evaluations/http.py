"""The round that an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from campaign.http import campaign_or_404
from evaluations.models import Round

if TYPE_CHECKING:
    from organisation.http import Request


def round_or_404(request: Request, campaign_pk: int, number: int) -> Round:
    """The round, if he may see it. The texts that are made public with it are read when asked for."""
    campaign = campaign_or_404(request, campaign_pk)
    found = get_object_or_404(
        Round.objects.visible_to(request.user)
        .select_related("election")
        .defer("election__manifest", "election__board", "election__wrapped_seal"),
        campaign=campaign,
        number=number,
    )
    found.campaign = campaign
    return found


def round_for(request: Request, campaign_pk: int, number: int, permission: str) -> Round:
    """404 for a round he may not see, 403 where he may not do this to it."""
    found = round_or_404(request, campaign_pk, number)
    if not request.user.has_perm(permission, found):
        raise PermissionDenied
    return found
