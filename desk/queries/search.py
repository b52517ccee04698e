"""One box: a number, some words, or the name of a department or a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaign.models import Campaign
from core.text import storable
from desk.queries import links
from issues.models import Issue
from organisation.models import Person, Unit
from rectification.models import LedgerItem
from supervision.models import ExposureMeeting

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_SHOWN = 10
A_NUMBER = re.compile(r"\D?([0-9]{1,4})\D?")
"""Alone, or with a sign before and after it."""


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    url: str
    meta: str = ""


@dataclass(frozen=True, slots=True)
class More:
    """The list of one campaign with the same words."""

    label: str
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    label: str
    total: int
    hits: list[Hit]
    more: list[More] = field(default_factory=list)


def search(person: Person, text: str) -> list[Found]:
    """Grouped by what was found; empty groups are left out."""
    wanted = " ".join(storable(text).split())
    if not wanted:
        return []
    groups = [
        _items(person, wanted),
        _issues(person, wanted),
        _reports(person, wanted),
        _campaigns(person, wanted),
        _units(person, wanted),
        _people(person, wanted),
    ]
    return [group for group in groups if group.hits]


def _items(person: Person, wanted: str) -> Found:
    found = LedgerItem.objects.visible_to(person).search(wanted)
    shown = found.select_related("campaign", "lead_department").order_by("-campaign", "number")
    return Found(
        label=_("Rectification ledger"),
        total=found.count(),
        hits=[
            Hit(
                item.title,
                item.get_absolute_url(),
                " · ".join(
                    part
                    for part in (
                        item.code,
                        str(item.lead_department or ""),
                        str(item.get_state_display()),
                    )
                    if part
                ),
            )
            for item in shown[:MOST_SHOWN]
        ],
        more=[
            More(campaign.name, n, links.ledger(campaign, q=wanted))
            for campaign, n in _by_campaign(found)
        ],
    )


def _issues(person: Person, wanted: str) -> Found:
    found = Issue.objects.visible_to(person).search(wanted)
    shown = found.select_related("campaign").order_by("-campaign", "number")
    return Found(
        label=_("Problems"),
        total=found.count(),
        hits=[
            Hit(
                issue.title, issue.get_absolute_url(), f"{issue.code} · {issue.get_state_display()}"
            )
            for issue in shown[:MOST_SHOWN]
        ],
        more=[
            More(campaign.name, n, links.issues(campaign, q=wanted))
            for campaign, n in _by_campaign(found)
        ],
    )


def _reports(person: Person, wanted: str) -> Found:
    """By the words of its title, or by its document number."""
    numbered = Q(title__icontains=wanted)
    if digits := A_NUMBER.fullmatch(wanted):
        numbered |= Q(number=digits[1]) | Q(document_number__number=digits[1])
    found = ExposureMeeting.objects.visible_to(person).filter(numbered)
    shown = found.select_related("document_number").order_by("-campaign", "-number")
    return Found(
        label=_("Exposure reports"),
        total=found.count(),
        hits=[
            Hit(
                one.title,
                one.get_absolute_url(),
                " · ".join(
                    str(part) for part in (one.document_number, one.get_state_display()) if part
                ),
            )
            for one in shown[:MOST_SHOWN]
        ],
    )


def _by_campaign(found: QuerySet[LedgerItem] | QuerySet[Issue]) -> list[tuple[Campaign, int]]:
    counted = dict(found.order_by().values_list("campaign").annotate(n=Count("pk", distinct=True)))
    return [
        (campaign, counted[campaign.pk])
        for campaign in Campaign.objects.filter(pk__in=counted).running_first()
    ]


def _campaigns(person: Person, wanted: str) -> Found:
    found = Campaign.objects.visible_to(person).filter(Q(name__icontains=wanted) | Q(code=wanted))
    return Found(
        label=_("Campaigns"),
        total=found.count(),
        hits=[
            Hit(campaign.name, campaign.get_absolute_url(), str(campaign.get_state_display()))
            for campaign in found.running_first()[:MOST_SHOWN]
        ],
    )


def _units(person: Person, wanted: str) -> Found:
    named = Q(name__icontains=wanted) | Q(aliases__contains=[wanted])
    found = Unit.objects.visible_to(person).in_use().filter(named)
    return Found(
        label=_("Departments"),
        total=found.count(),
        hits=[
            Hit(unit.name, unit.get_absolute_url(), unit.parent.name if unit.parent else "")
            for unit in found.select_related("parent").order_by("position", "pk")[:MOST_SHOWN]
        ],
    )


def _people(person: Person, wanted: str) -> Found:
    called = Q(name__icontains=wanted) | Q(employee_number=wanted)
    found = Person.objects.visible_to(person).active().filter(called)
    return Found(
        label=pgettext("search", "People"),
        total=found.count(),
        hits=[
            Hit(one.name, one.get_absolute_url(), one.employee_number)
            for one in found.order_by("employee_number")[:MOST_SHOWN]
        ],
    )
