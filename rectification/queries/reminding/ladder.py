"""Whom a step of the overdue ladder is told: once, in the digest of the day on which it was taken."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models import scope_of
from campaign.queries import everybodys_scopes
from issues.models import campaigns_inside
from messaging.sources import Group
from rectification.models import LadderStep, LedgerItem
from rectification.queries.reminding.wording import lines_of
from rectification.states import IN_HAND

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from campaign.models import Scope
    from messaging.sources import Counts
    from organisation.models import Person

Step = LadderStep.Step
WORDS = {
    Step.DEPARTMENT: _("Overdue, your department"),
    Step.LEADER: _("Overdue, for the leader in charge"),
    Step.PRINCIPALS: _("Overdue, for the principals"),
}


def ladder_people(day: dt.date) -> Counts:
    """Everybody to whom a step of this day goes, with the number of items in each campaign."""
    told = list(
        _told_on(day).values_list(
            "step",
            "item",
            "item__campaign",
            "item__assignee",
            "item__responsible_leader",
            "item__lead_department",
        )
    )
    if not told:
        return {}
    scopes = everybodys_scopes(day)
    by_head = _by(scopes, "heads")
    by_charge = _by(scopes, "charge")
    by_principal = _by(scopes, "principal")
    items: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for step, item, campaign, assignee, leader, unit in told:
        named = {assignee} if step == Step.DEPARTMENT else {leader}
        people = {
            Step.DEPARTMENT: by_head[unit],
            Step.LEADER: by_charge[unit],
            Step.PRINCIPALS: by_principal[campaign],
        }[Step(step)]
        if step != Step.PRINCIPALS:
            people = people | {
                pk for pk in named if pk in scopes and campaign in campaigns_inside(scopes[pk])
            }
        for person in people:
            items[person][campaign].add(item)
    return {
        person: {campaign: len(theirs) for campaign, theirs in campaigns.items()}
        for person, campaigns in items.items()
    }


def _told_on(day: dt.date) -> QuerySet[LadderStep]:
    """Of this day's steps, those whose item is still silent and has no new deadline since."""
    return LadderStep.objects.filter(told_on=day, due_on=F("item__due_on"), item__state__in=IN_HAND)


def _by(scopes: dict[int, Scope], name: str) -> dict[int, set[int]]:
    """For each unit (or campaign) in that part of a scope, who has it."""
    found: dict[int, set[int]] = defaultdict(set)
    for person, scope in scopes.items():
        for key in getattr(scope, name):
            found[key].add(person)
    return found


def ladder_lines(person: Person, day: dt.date, *, most: int) -> Iterator[Group]:
    """The highest step first; each item once, and only while it is still in the department's hands."""
    for step, keys in _told(person, day).items():
        items = LedgerItem.objects.filter(pk__in=keys)
        yield Group(WORDS[step], len(keys), lines_of(items, day, most=most))


def told_to(person: Person, day: dt.date) -> set[int]:
    """The items that a step of this day tells him."""
    return {key for keys in _told(person, day).values() for key in keys}


def _told(person: Person, day: dt.date) -> dict[Step, set[int]]:
    if not _told_on(day).exists():
        return {}
    found: dict[Step, set[int]] = {}
    seen: set[int] = set()
    for step in sorted(Step, reverse=True):
        items = LedgerItem.objects.visible_to(person).filter(
            _mine(person, step), pk__in=_told_on(day).filter(step=step).values("item")
        )
        if keys := set(items.values_list("pk", flat=True)) - seen:
            found[step] = keys
            seen |= keys
    return found


def _mine(person: Person, step: int) -> Q:
    scope = scope_of(person)
    inside = campaigns_inside(scope)
    if step == Step.DEPARTMENT:
        return Q(lead_department__in=scope.heads) | Q(assignee=person.pk, campaign__in=inside)
    if step == Step.LEADER:
        return Q(lead_department__in=scope.charge) | Q(
            responsible_leader=person.pk, campaign__in=inside
        )
    return Q(campaign__in=scope.principal)
