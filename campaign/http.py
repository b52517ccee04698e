"""What a request knows of campaigns: the one its address names, and those to switch to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from campaign import queries
from campaign.models import Campaign

if TYPE_CHECKING:
    from django.http import HttpRequest

    from organisation.models import Person

MOST_TO_SWITCH_TO = 12


def campaign_or_404(request: HttpRequest, campaign_pk: int) -> Campaign:
    """The campaign of this address, if the person may see it; the frame shows its ribbon then."""
    campaign = get_object_or_404(
        Campaign.objects.visible_to(request.user).select_related("host"),  # type: ignore[arg-type]
        pk=campaign_pk,
    )
    request.campaign = campaign  # type: ignore[attr-defined]
    return campaign


def same_page_in(request: HttpRequest, campaign: Campaign) -> str:
    """The address of this kind of page in another campaign, or else that campaign's own page."""
    match = request.resolver_match
    if match is None or "campaign_pk" not in match.kwargs:
        return campaign.get_absolute_url()
    names = [match.view_name]
    if match.kwargs.keys() != {"campaign_pk"}:
        names = [f"{match.namespace}:list"] if match.namespace != "campaign" else []
    for name in names:
        try:
            return reverse(name, args=[campaign.pk])
        except NoReverseMatch:
            continue
    return campaign.get_absolute_url()


def campaigns(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``campaigns`` to switch to, ``campaign`` and its ``ribbon``.

    Each is worked out only when a template asks, in a number of queries that does not grow.
    """
    if not request.user.is_authenticated:
        return {}
    person: Person = request.user
    current: Campaign | None = getattr(request, "campaign", None)

    def to_switch_to() -> list[Campaign]:
        found = list(Campaign.objects.visible_to(person).running_first()[:MOST_TO_SWITCH_TO])
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
