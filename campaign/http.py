"""What a request knows of campaigns: the one its address names, and those to switch to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, When, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from campaign import queries
from campaign.models import RUNNING_FIRST, Campaign

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_TO_SWITCH_TO = 12


def campaign_or_404(request: HttpRequest, campaign_pk: int) -> Campaign:
    """The campaign of this address, if the person may see it; the frame shows its ribbon then.

    Those to switch to are read with it, because the frame asks for them next.
    """
    found = _visible(request, first=campaign_pk)
    if not found or found[0].pk != campaign_pk:
        raise Http404
    by_turn = sorted(found, key=lambda one: one.turn)  # type: ignore[attr-defined]
    request.campaign = found[0]  # type: ignore[attr-defined]
    request.campaigns = by_turn[:MOST_TO_SWITCH_TO]  # type: ignore[attr-defined]
    return found[0]


def campaign_for(request: HttpRequest, campaign_pk: int, permission: str) -> Campaign:
    """404 for a campaign he may not see, 403 where he may not do this in it."""
    campaign = campaign_or_404(request, campaign_pk)
    if not request.user.has_perm(permission, campaign):
        raise PermissionDenied
    return campaign


def campaigns_to_switch_to(request: HttpRequest) -> list[Campaign]:
    """Those the person may see, running ones first; one query for the whole request."""
    known: list[Campaign] | None = getattr(request, "campaigns", None)
    if known is None:
        known = _visible(request)[:MOST_TO_SWITCH_TO]
        request.campaigns = known  # type: ignore[attr-defined]
    return known


def _visible(request: HttpRequest, *, first: int = 0) -> list[Campaign]:
    """The one named, and as many of the others as are shown; ``turn`` is their place on the list."""
    visible = Campaign.objects.visible_to(request.user).select_related("host")  # type: ignore[arg-type]
    named_first = Case(When(pk=first, then=0), default=1)
    in_turn = visible.annotate(turn=Window(RowNumber(), order_by=RUNNING_FIRST))
    return list(in_turn.order_by(named_first, "turn")[: MOST_TO_SWITCH_TO + 1])


def same_page_in(request: HttpRequest, campaign: Campaign) -> str:
    """The address of this kind of page in another campaign, or else that campaign's own page.

    A page outside any campaign may name its sister inside one as ``request.page_in_campaign``.
    """
    match = request.resolver_match
    name = getattr(request, "page_in_campaign", "")
    if not name and match is not None and "campaign_pk" in match.kwargs:
        only = match.kwargs.keys() == {"campaign_pk"}
        name = match.view_name if only else f"{match.namespace}:list"
    if not name or name == "campaign:list":
        return campaign.get_absolute_url()
    try:
        return reverse(name, args=[campaign.pk])
    except NoReverseMatch:
        return campaign.get_absolute_url()


def campaigns(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``campaigns`` to switch to, ``campaign`` and its ``ribbon``.

    Each is worked out only when a template asks, in a number of queries that does not grow. A
    request that failed before anybody was asked who he is has none of them.
    """
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    current: Campaign | None = getattr(request, "campaign", None)

    def to_switch_to() -> list[Campaign]:
        found = campaigns_to_switch_to(request)
        for campaign in found:
            campaign.url = same_page_in(request, campaign)  # type: ignore[attr-defined]
        return found

    return {
        "campaigns": SimpleLazyObject(to_switch_to),
        "campaign": current,
        "ribbon": SimpleLazyObject(
            lambda: queries.ribbon(current, timezone.localdate()) if current else None
        ),
    }
