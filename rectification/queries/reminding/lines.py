"""For one person, at the moment of sending: which items, in the words of his work queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, DateField, ExpressionWrapper, F, Q, Value

from campaign.models import rules_of_all, scope_of
from messaging.sources import Group, Line
from rectification.lights import Light, clock_of
from rectification.models import LedgerItem
from rectification.queries.waiting import VERBS
from rectification.states import State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from organisation.models import Person
    from rectification.models import LedgerItemQuerySet
    from rectification.queries.waiting import Verb

RECTIFY = "rectify"


def lines(person: Person, day: dt.date, *, most: int) -> Iterator[Group]:
    """Verb by verb, what is most pressing first; nothing that he may not see on the page."""
    campaigns = [pk for pk, rules in rules_of_all().items() if rules.digest]
    items = LedgerItem.objects.visible_to(person).filter(campaign__in=campaigns)
    conditions = {verb.key: _condition(verb, person, day) for verb in VERBS}
    counts = items.aggregate(
        **{key: Count("pk", filter=condition) for key, condition in conditions.items()}
    )
    for verb in VERBS:
        if total := counts[verb.key]:
            found = items.filter(conditions[verb.key])
            yield Group(verb.label, total, lines_of(found, day, most=most))


def _condition(verb: Verb, person: Person, day: dt.date) -> Q:
    condition = verb.condition(person, scope_of(person), day)
    return condition & is_pressing(day) if verb.key == RECTIFY else condition


def is_pressing(day: dt.date) -> Q:
    """Yellow or red: near the deadline as its campaign says, or past it."""
    last = ExpressionWrapper(Value(day) + F("campaign__warn_days"), output_field=DateField())
    return Q(due_on__lte=last)


def lines_of(items: LedgerItemQuerySet, day: dt.date, *, most: int) -> list[Line]:
    """The first of these items, by deadline."""
    found = items.select_related("campaign").order_by(
        F("due_on").asc(nulls_last=True), "campaign", "number"
    )[:most]
    return [line_of(item, day) for item in found]


def line_of(item: LedgerItem, day: dt.date, note: str = "") -> Line:
    clock = clock_of(item, day)
    is_lit = clock.light in {Light.NEAR, Light.OVERDUE} and item.state != State.CONTINUING
    return Line(str(item), item.get_absolute_url(), note or (clock.words if is_lit else ""))
