"""The frame's menu, and which campaign a page without one in its address speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaign.http import campaigns_to_switch_to
from campaign.models import scope_of
from issues.models import Issue, campaigns_inside
from rectification.models import LedgerItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from campaign.models import Campaign, Scope
    from organisation.models import Person


EVALUATIONS = frozenset({"evaluations", "voting", "results", "satisfaction"})
"""Addresses that belong to one entry: whoever runs rounds comes to the list, a voter to his ballots."""


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    url: str
    icon: str
    is_current: bool
    key: str = ""
    """The letter after ``g`` on the keyboard."""
    count: int = 0


def current_campaign(request: HttpRequest) -> Campaign | None:
    """The campaign of this address, else the newest running one the person may see."""
    named: Campaign | None = getattr(request, "campaign", None)
    if named is not None:
        return named
    campaigns = campaigns_to_switch_to(request)
    return campaigns[0] if campaigns else None


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: at most nine entries, only those that this person has a use for."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    return {"nav": SimpleLazyObject(lambda: list(_entries(request, request.user)))}  # type: ignore[arg-type]


def _entries(request: HttpRequest, person: Person) -> Iterator[Entry]:
    match = request.resolver_match
    here = match.view_name if match else ""
    scope = scope_of(person)
    campaign = current_campaign(request)
    yield Entry(_("Home"), _home(request), "home", here.startswith("desk:"), "h")
    if campaign is not None:
        yield Entry(
            _("Campaign plan"),
            reverse("campaign:list"),
            "flag",
            here.startswith("campaign:"),
            "c",
        )
        yield from _of_campaign(here, person, scope, campaign)
    elif person.has_perm("campaign.add_campaign"):
        yield Entry(_("Campaign plan"), reverse("campaign:list"), "flag", "campaign:" in here, "c")
    yield from _of_the_house(here, person, scope)


def _of_campaign(here: str, person: Person, scope: Scope, campaign: Campaign) -> Iterator[Entry]:
    inside = campaign.pk in campaigns_inside(scope)
    if inside:
        to_review = (
            Issue.objects.filter(campaign=campaign).awaiting_review().count()
            if campaign.pk in scope.office
            else 0
        )
        yield Entry(
            _("List of problems"),
            reverse("issues:list", args=[campaign.pk]),
            "list-details",
            here.startswith("issues:"),
            "p",
            to_review,
        )
    is_in_the_ledger = here.startswith("rectification:") and here != "rectification:notices"
    if is_in_the_ledger or _has_a_ledger(person, scope, campaign):
        yield Entry(
            _("Rectification ledger"),
            reverse("rectification:list", args=[campaign.pk]),
            "table",
            is_in_the_ledger,
            "l",
        )
    if inside or campaign.pk in scope.bureau:  # a report may be sent to anybody's department
        yield Entry(
            _("Exposure"),
            reverse("supervision:list", args=[campaign.pk]),
            "alert-triangle",
            here.startswith("supervision:"),
            "e",
        )
    if inside:
        runs = campaign.pk in scope.runs
        yield Entry(
            _("Democratic evaluation"),
            reverse("evaluations:list", args=[campaign.pk]) if runs else reverse("voting:home"),
            "users-group",
            here.partition(":")[0] in EVALUATIONS,
            "v",
        )
    if inside and campaign.pk not in scope.runs:  # they come to it from the ledger
        yield Entry(
            _("Public notices"),
            reverse("rectification:notices", args=[campaign.pk]),
            "speakerphone",
            here == "rectification:notices",
        )


def _has_a_ledger(person: Person, scope: Scope, campaign: Campaign) -> bool:
    if campaign.pk in scope.runs | scope.bureau or scope.acts_for or scope.charge:
        return True
    return LedgerItem.objects.visible_to(person).filter(campaign=campaign).exists()


def _of_the_house(here: str, person: Person, scope: Scope) -> Iterator[Entry]:
    keeps = person.is_administrator
    if keeps or scope.runs or scope.bureau or scope.acts_for:
        yield Entry(_("Units"), reverse("organisation:units"), "sitemap", "unit" in here)
    if keeps or scope.runs:
        yield Entry(
            _("People"),
            reverse("organisation:people"),
            "users",
            "organisation:p" in here,
        )
    if keeps or scope.office:
        yield Entry(
            _("Working calendar"),
            reverse("organisation:calendar_now"),
            "calendar",
            "calendar" in here,
        )
    if keeps:
        yield Entry(
            _("Other systems"),
            reverse("organisation:all_tokens"),
            "link",
            here in {"organisation:all_tokens", "api:docs"} or "webhook" in here,
        )
    if keeps:
        yield Entry(
            pgettext("menu", "Messages"),
            reverse("messaging:deliveries"),
            "send",
            here == "messaging:deliveries",
        )


def _home(request: HttpRequest) -> str:
    """Home of the campaign one is in, so that a switch is not forgotten on the way."""
    campaign: Campaign | None = getattr(request, "campaign", None)
    campaigns = campaigns_to_switch_to(request)
    if campaign is None or (campaigns and campaigns[0].pk == campaign.pk):
        return reverse("desk:home")
    return reverse("desk:campaign_home", args=[campaign.pk])
