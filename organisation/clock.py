"""Working days and the stages of 13710. Pure: a calendar comes in as an argument, nothing is read.

The day something was accepted is not counted. A month ends on the same day of the next month,
or on that month's last day. Days of a year that the calendar does not cover are judged by their
weekday, and what rests on them is *provisional*; it is never an error.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django_stubs_ext import StrOrPromise

CUT_OFF = dt.time(17, 0)
SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


class Basis(StrEnum):
    """How days are counted; the values are those of ``Campaign.DayBasis``."""

    ROLLING = "rolling"
    WORKING = "working"
    NATURAL = "natural"


BASIS_WORDS: dict[Basis, StrOrPromise] = {
    Basis.ROLLING: gettext_lazy("natural days, last day rolls to the next working day"),
    Basis.WORKING: gettext_lazy("working days"),
    Basis.NATURAL: gettext_lazy("natural days, no rolling"),
}


class Stage(StrEnum):
    """The nodes of 13710 that have a day. There is no ten-day stage; zero is reached, not timed."""

    SAME_DAY = "1"
    THREE_DAYS = "3"
    SEVEN_DAYS = "7"
    ONE_MONTH = "month"


STAGE_WORDS: dict[Stage, StrOrPromise] = {
    Stage.SAME_DAY: pgettext_lazy("stage", "the same day"),
    Stage.THREE_DAYS: pgettext_lazy("stage", "within 3 days"),
    Stage.SEVEN_DAYS: pgettext_lazy("stage", "within 7 days"),
    Stage.ONE_MONTH: pgettext_lazy("stage", "within 1 month"),
}


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The newest version of each year we have; only days unlike their weekday need an entry."""

    working: frozenset[dt.date] = frozenset()
    """Saturdays and Sundays that are worked."""
    resting: frozenset[dt.date] = frozenset()
    """Mondays to Fridays that are not."""
    versions: Mapping[int, int] = field(default_factory=dict)
    """Years covered, each with its version."""
    reasons: Mapping[dt.date, str] = field(default_factory=dict)

    def covers(self, day: dt.date) -> bool:
        return day.year in self.versions

    def is_working(self, day: dt.date) -> bool:
        if day.weekday() >= SATURDAY:
            return day in self.working
        return day not in self.resting

    def reason(self, day: dt.date) -> str:
        """Why it is no working day (or, on a weekend, why it is one), as far as it is known."""
        return self.reasons.get(day, "") or ("" if self.is_working(day) else _("weekend"))

    def working_day_from(self, day: dt.date) -> dt.date:
        """The day itself, or the first working day after it."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_day_after(self, day: dt.date, count: int = 1) -> dt.date:
        """The ``count``-th working day after a day, which itself is not counted."""
        for _nth in range(count):
            day = self.working_day_from(day + ONE_DAY)
        return day

    def working_days(self, after: dt.date, until: dt.date) -> int:
        """How many working days lie after one day up to and with another."""
        return sum(self.is_working(day) for day in days(after + ONE_DAY, until))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due day with the whole arithmetic behind it, so that a page can show it."""

    start_on: dt.date
    term: StrOrPromise
    counted_on: dt.date
    """Where counting alone would have ended."""
    due_on: dt.date
    basis: Basis
    is_provisional: bool
    skipped: tuple[tuple[dt.date, str], ...] = ()
    """Days the deadline rolled over, with the reason of each."""
    versions: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The arithmetic as one sentence: from, term, what was rolled over, by which rule."""
        parts = [
            _("Accepted %(start)s; %(term)s: %(counted)s")
            % {
                "start": named(self.start_on),
                "term": self.term,
                "counted": named(self.counted_on, dict(self.skipped).get(self.counted_on, "")),
            }
        ]
        if self.due_on != self.counted_on:
            parts.append(_("moved on to %(due)s") % {"due": named(self.due_on)})
        parts.append(_("counted in %(basis)s") % {"basis": BASIS_WORDS[self.basis]})
        if self.versions:
            parts.append(_("calendar %(versions)s") % {"versions": ", ".join(self.versions)})
        if self.is_provisional:
            parts.append(_("provisional: the holidays of that year are not published yet"))
        return _("; ").join(parts)


def named(day: dt.date, reason: str = "") -> str:
    """A day with its weekday, and the reason why it is no working day."""
    words = f"{day.isoformat()} {WEEKDAYS_ABBR[day.weekday()]}"
    return _("%(day)s (%(reason)s)") % {"day": words, "reason": reason} if reason else words


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)


def months_after(day: dt.date, count: int = 1) -> dt.date:
    """The same day ``count`` months on, or that month's last day."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def due_after(start: dt.date, count: int, *, basis: str, calendar: WorkingCalendar) -> Deadline:
    """The deadline ``count`` days after a day, counted as the campaign counts days."""
    term = _("within %(count)s days") % {"count": count}
    if Basis(basis) is Basis.WORKING:
        due = calendar.working_day_after(start, count)
        return _deadline(start, term, due, due, Basis.WORKING, calendar, days(start + ONE_DAY, due))
    return _ending(start, term, start + dt.timedelta(days=count), Basis(basis), calendar)


def due_a_month_after(start: dt.date, *, basis: str, calendar: WorkingCalendar) -> Deadline:
    """A month is counted by the calendar whatever the basis; its last day rolls unless days never do."""
    term = STAGE_WORDS[Stage.ONE_MONTH]
    return _ending(start, term, months_after(start), Basis(basis), calendar)


def due_same_day(
    accepted_at: dt.datetime, *, basis: str, calendar: WorkingCalendar, cut_off: dt.time = CUT_OFF
) -> Deadline:
    """That day when accepted on a working day before the cut-off, else the next working day."""
    moment = timezone.localtime(accepted_at) if timezone.is_aware(accepted_at) else accepted_at
    day = moment.date()
    due = day
    if not calendar.is_working(day) or moment.time() >= cut_off:
        due = calendar.working_day_after(day)
    asked = days(day, due)
    return _deadline(day, STAGE_WORDS[Stage.SAME_DAY], day, due, Basis(basis), calendar, asked)


def stages(
    accepted_at: dt.datetime, *, basis: str, calendar: WorkingCalendar, cut_off: dt.time = CUT_OFF
) -> dict[Stage, Deadline]:
    """The four dated nodes of 13710 for something accepted at that moment."""
    first = due_same_day(accepted_at, basis=basis, calendar=calendar, cut_off=cut_off)
    counted: dict[Stage, Callable[[], Deadline]] = {
        Stage.SAME_DAY: lambda: first,
        Stage.THREE_DAYS: lambda: due_after(first.start_on, 3, basis=basis, calendar=calendar),
        Stage.SEVEN_DAYS: lambda: due_after(first.start_on, 7, basis=basis, calendar=calendar),
        Stage.ONE_MONTH: lambda: due_a_month_after(first.start_on, basis=basis, calendar=calendar),
    }
    return {stage: count() for stage, count in counted.items()}


def _ending(
    start: dt.date, term: StrOrPromise, end: dt.date, basis: Basis, calendar: WorkingCalendar
) -> Deadline:
    """The deadline whose last counted day is known; without rolling no calendar is asked."""
    if basis is Basis.NATURAL:
        return Deadline(start, term, end, end, basis, is_provisional=False)
    due = calendar.working_day_from(end)
    return _deadline(start, term, end, due, basis, calendar, days(end, due))


def _deadline(
    start: dt.date,
    term: StrOrPromise,
    end: dt.date,
    due: dt.date,
    basis: Basis,
    calendar: WorkingCalendar,
    asked: Iterator[dt.date],
) -> Deadline:
    """Put together a deadline from the days whose kind had to be asked."""
    looked_at = list(asked)
    years = sorted({day.year for day in looked_at})
    return Deadline(
        start_on=start,
        term=term,
        counted_on=end,
        due_on=due,
        basis=basis,
        is_provisional=not all(calendar.covers(day) for day in looked_at),
        skipped=tuple(
            (day, calendar.reason(day)) for day in looked_at if not calendar.is_working(day)
        ),
        versions=tuple(
            f"{year}.{calendar.versions[year]}" for year in years if year in calendar.versions
        ),
    )
