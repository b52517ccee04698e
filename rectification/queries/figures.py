"""The figures over a ledger. Each is the number of rows of the list that it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, DateField, ExpressionWrapper, F, Q, Value

from rectification.states import DONE, OPEN, PLANNING, UNDER_REVIEW, State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from rectification.models import LedgerItemQuerySet


@dataclass(frozen=True, slots=True)
class Figures:
    """Voided items are counted nowhere but in ``voided``."""

    total: int
    open: int
    overdue: int
    near: int
    planning: int
    rectifying: int
    under_review: int
    done: int
    continuing: int
    voided: int

    @property
    def rate(self) -> int | None:
        """Signed off in a hundred; nothing while there is nothing to sign off."""
        return round(100 * self.done / self.total) if self.total else None


def is_overdue(today: dt.date) -> Q:
    return Q(state__in=OPEN, due_on__lt=today)


def is_near(today: dt.date) -> Q:
    """Due within the warning days of its campaign, today included."""
    last = ExpressionWrapper(Value(today) + F("campaign__warn_days"), output_field=DateField())
    return Q(state__in=OPEN, due_on__gte=today, due_on__lte=last)


def is_in_time(today: dt.date) -> Q:
    return Q(state__in=OPEN, due_on__gte=today) & ~is_near(today)


def has_no_deadline() -> Q:
    return Q(state__in=OPEN, due_on__isnull=True)


LIGHTS: dict[str, Callable[[dt.date], Q]] = {
    "overdue": is_overdue,
    "near": is_near,
    "normal": is_in_time,
    "none": lambda _today: has_no_deadline(),
}
"""What each light means in the database, as ``lights.clock`` means it on the page."""
GROUPS: dict[str, Q] = {
    "open": Q(state__in=OPEN),
    "planning": Q(state__in=PLANNING),
    "rectifying": Q(state=State.RECTIFYING),
    "under_review": Q(state__in=UNDER_REVIEW),
    "done": Q(state__in=DONE),
    "continuing": Q(state=State.CONTINUING),
    "voided": Q(state=State.VOIDED),
}
"""What each tab of the ledger holds."""


def figures(items: LedgerItemQuerySet, today: dt.date) -> Figures:
    """All figures of these items in one query."""
    conditions = {
        "total": ~Q(state=State.VOIDED),
        "overdue": is_overdue(today),
        "near": is_near(today),
        **GROUPS,
    }
    return Figures(
        **items.order_by().aggregate(
            **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
        )
    )
