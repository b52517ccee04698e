"""The figures over a ledger. Each is the number of rows of the list that it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Count, DateField, ExpressionWrapper, F, Q, Value, When

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
    return Q(state__in=OPEN, due_on__gte=today, due_on__lte=_last_near(today))


def _last_near(today: dt.date) -> ExpressionWrapper:
    return ExpressionWrapper(Value(today) + F("campaign__warn_days"), output_field=DateField())


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
GROUPS: dict[str, frozenset[str]] = {
    "open": OPEN,
    "planning": PLANNING,
    "rectifying": frozenset({State.RECTIFYING}),
    "under_review": UNDER_REVIEW,
    "done": DONE,
    "continuing": frozenset({State.CONTINUING}),
    "voided": frozenset({State.VOIDED}),
}
"""The states that each tab of the ledger holds."""
NOT_VOIDED = frozenset(State.values) - {State.VOIDED}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items there are in each state, by the light that their deadline would give."""

    counted: dict[tuple[str, str], int]

    def count(self, states: frozenset[str], light: str = "") -> int:
        """Those in one of the states; under a light only those whose clock is running."""
        if light:
            states &= OPEN
        return sum(
            n
            for (state, shown), n in self.counted.items()
            if state in states and light in ("", shown)
        )

    @property
    def figures(self) -> Figures:
        groups = {name: self.count(states) for name, states in GROUPS.items()}
        return Figures(
            total=self.count(NOT_VOIDED),
            overdue=self.count(OPEN, "overdue"),
            near=self.count(OPEN, "near"),
            **groups,
        )


def tally(items: LedgerItemQuerySet, today: dt.date) -> Tally:
    """Everything that is counted over a ledger, in one query."""
    light = Case(
        When(due_on__isnull=True, then=Value("none")),
        When(due_on__lt=today, then=Value("overdue")),
        When(due_on__lte=_last_near(today), then=Value("near")),
        default=Value("normal"),
        output_field=CharField(),
    )
    rows = items.order_by().values_list("state", light).annotate(n=Count("pk"))
    return Tally({(state, shown): n for state, shown, n in rows})


def figures(items: LedgerItemQuerySet, today: dt.date) -> Figures:
    """All figures of these items in one query."""
    return tally(items, today).figures
