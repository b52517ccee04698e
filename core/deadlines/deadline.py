"""What a deadline is: the text as written, and the days that it names itself."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.findings import Finding

YEARS = range(1990, 2101)
"""Outside of these a year is a slip of the hand."""


class Kind(StrEnum):
    NONE = ""
    DATE = "date"
    PERIOD = "period"
    AT_ONCE = "at_once"
    STANDING = "standing"
    RELATIVE = "relative"
    """Counted from a day that the text does not name, or coming round again."""
    UNREAD = "unread"


def last_day(year: int | None, month: int) -> int:
    """The last day of a month; 29 February where the year is not named."""
    return monthrange(year or 2000, month)[1] if 1 <= month <= 12 else 31


@dataclass(frozen=True, slots=True)
class Day:
    """A day as the text names it: perhaps without a year, perhaps one that does not exist."""

    year: int | None
    month: int
    day: int

    @property
    def exists(self) -> bool:
        if self.year is not None and self.year not in YEARS:
            return False
        return 1 <= self.month <= 12 and 1 <= self.day <= last_day(self.year, self.month)

    @property
    def as_date(self) -> date | None:
        if self.year is None or not self.exists:
            return None
        return date(self.year, self.month, self.day)

    def __str__(self) -> str:
        day = f"{self.month}月{self.day}日"
        return day if self.year is None else f"{self.year}年{day}"


@dataclass(frozen=True, slots=True)
class Deadline:
    text: str
    kind: Kind = Kind.NONE
    start: Day | None = None
    end: Day | None = None
    is_at_once: bool = False
    is_standing: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def start_on(self) -> date | None:
        return self.start.as_date if self.start else None

    @property
    def due_on(self) -> date | None:
        return self.end.as_date if self.end else None
