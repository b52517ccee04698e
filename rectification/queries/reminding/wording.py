"""One item in one line, and which items press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import DateField, ExpressionWrapper, F, Q, Value

from messaging.sources import Line
from rectification.lights import Light, clock_of
from rectification.states import State

if TYPE_CHECKING:
    import datetime as dt

    from rectification.models import LedgerItem, LedgerItemQuerySet


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
