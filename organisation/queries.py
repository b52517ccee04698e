"""Figures and facts across units, people and the calendar."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Value
from django.db.models.functions import Length, Replace, StrIndex
from django.utils import timezone
from django.utils.translation import gettext as _

from core.privacy import SOMEBODY, TWO_SIGNS
from organisation import standing
from organisation.clock import WorkingCalendar
from organisation.models import CalendarDay, CalendarYear, DayKind, Person, Post, PostKind, Unit
from organisation.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SATURDAY = 5
SHORTEST_NAME = 2
_GAP = re.compile(r"[ \t\u3000\xa0]*")


def working_calendar() -> WorkingCalendar:
    """The newest version of every year; one query, the days themselves only when one is new."""
    newest = CalendarYear.objects.values("year").annotate(newest=Max("version"))
    return _calendar_of(frozenset(newest.values_list("year", "newest")))


@lru_cache(maxsize=4)
def _calendar_of(versions: frozenset[tuple[int, int]]) -> WorkingCalendar:
    """Kept for the process under the versions it was read from, which never change."""
    days = CalendarDay.objects.filter(
        calendar__in=[pk for pk, pair in _years_by_pk().items() if pair in versions]
    ).exclude(kind=DayKind.WORKING)
    marked = list(days.values_list("date", "kind", "name"))
    return WorkingCalendar(
        working=frozenset(day for day, kind, _n in marked if kind == DayKind.MAKE_UP),
        resting=frozenset(
            day for day, kind, _n in marked if kind == DayKind.REST and day.weekday() < SATURDAY
        ),
        versions=dict(versions),
        reasons={day: name for day, _k, name in marked if name},
    )


def _years_by_pk() -> dict[int, tuple[int, int]]:
    return {pk: (y, v) for pk, y, v in CalendarYear.objects.values_list("pk", "year", "version")}


@dataclass(frozen=True, slots=True)
class DayShown:
    date: dt.date
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class MonthShown:
    first: dt.date
    weeks: list[list[DayShown | None]]


@dataclass(frozen=True, slots=True)
class YearShown:
    """A year as a page shows it: provisional when we have no version of it."""

    year: int
    months: list[MonthShown]
    versions: list[CalendarYear]
    working_days: int
    unusual: list[DayShown]

    @property
    def current(self) -> CalendarYear | None:
        return self.versions[0] if self.versions else None


def year_shown(year: int) -> YearShown:
    versions = list(CalendarYear.objects.filter(year=year).order_by("-version"))
    known = {day.date: day for day in versions[0].days.all()} if versions else {}
    days = [_shown(day, known.get(day)) for day in _days_of(year)]
    return YearShown(
        year=year,
        months=[_month(first, days) for first in (dt.date(year, m, 1) for m in range(1, 13))],
        versions=versions,
        working_days=sum(day.kind != DayKind.REST for day in days),
        unusual=[day for day in days if day.name or day.kind == DayKind.MAKE_UP],
    )


def _days_of(year: int) -> Iterable[dt.date]:
    day = dt.date(year, 1, 1)
    while day.year == year:
        yield day
        day += dt.timedelta(days=1)


def _shown(day: dt.date, known: CalendarDay | None) -> DayShown:
    if known:
        return DayShown(day, known.kind, known.name)
    return DayShown(day, DayKind.REST if day.weekday() >= SATURDAY else DayKind.WORKING, "")


def _month(first: dt.date, days: list[DayShown]) -> MonthShown:
    """Weeks from Monday, with empty places before the first and after the last day."""
    mine = [day for day in days if day.date.month == first.month]
    cells: list[DayShown | None] = [None] * first.weekday() + list(mine)
    cells += [None] * (-len(cells) % 7)
    return MonthShown(first, [cells[at : at + 7] for at in range(0, len(cells), 7)])


@standing.explains
def what_posts_allow(person: Person) -> Iterator[Standing]:
    """What everybody may see who works somewhere, and what the administrator keeps."""
    for post in person.posts_now:
        yield Standing(
            may=_("Look up the units and people of your institution"),
            because=_("holds the post “%(post)s” in %(unit)s")
            % {"post": post.title or post.get_kind_display(), "unit": post.unit.name},
            url=post.unit.get_absolute_url(),
        )
    if person.is_administrator:
        yield Standing(
            may=_("Keep units, people and the calendar"),
            because=_("is a system administrator; that opens no campaign's content"),
        )


@dataclass(slots=True)
class UnitRow:
    """A unit in the tree with who heads it and how many people it has today."""

    unit: Unit
    depth: int
    heads: list[Person] = field(default_factory=list)
    people: int = 0


def unit_rows(units: Iterable[Unit], today: dt.date, *, top: int = 0) -> list[UnitRow]:
    """Rows for these units; two queries however many they are."""
    rows = {u.pk: UnitRow(u, max(0, getattr(u, "tree_depth", 0) - top)) for u in units}
    posts = Post.objects.on(today).filter(unit__in=rows, person__is_active=True)
    for unit_id, count in (
        posts.values_list("unit").annotate(Count("person", distinct=True)).order_by("unit")
    ):
        rows[unit_id].people = count
    principals = {PostKind.SECRETARY, PostKind.PRESIDENT, PostKind.HEAD}
    for post in posts.filter(kind__in=principals).select_related("person").by_rank():
        if post.person not in rows[post.unit_id].heads:
            rows[post.unit_id].heads.append(post.person)
    return list(rows.values())


def posts_in(unit: Unit, today: dt.date | None = None) -> list[Post]:
    """Who holds a post in the unit, by rank."""
    return list(
        Post.objects.on(today or timezone.localdate())
        .filter(unit=unit, person__is_active=True)
        .select_related("person")
        .prefetch_related("in_charge_of")
        .by_rank()
    )


def names_in(texts: Iterable[str]) -> list[str]:
    """The names of people of ours that occur in the texts, the longest first. One query.

    Short names are often spaced out on paper (张　三); they are found all the same.
    """
    whole = _GAP.sub("", "\n".join(texts))
    if not whole.strip():
        return []
    closed_up = Replace("name", Value(" "), Value(""))
    return list(
        Person.objects.annotate(at=StrIndex(Value(whole), closed_up), length=Length("name"))
        .filter(at__gt=0, length__gte=SHORTEST_NAME)
        .order_by("-length", "name")
        .values_list("name", flat=True)
        .distinct()
    )


def masked(
    texts: Iterable[str], names: Iterable[str], named: frozenset[str] = frozenset()
) -> list[str]:
    """Each text with these names reduced to the family name: 张三 → 张某. The longest come first.

    Who is ``named`` stays, also where a shorter name of somebody else is part of his.
    """
    hidden = {_GAP.sub("", name): name for name in (*names, *named)}
    if not hidden:
        return list(texts)
    longest_first = sorted(hidden, key=lambda name: (-len(name), name))
    any_of_them = re.compile("|".join(_GAP.pattern.join(map(re.escape, n)) for n in longest_first))

    def hide(found: re.Match[str]) -> str:
        name = _GAP.sub("", found[0])
        return found[0] if hidden[name] in named else _family_name(name)

    return [any_of_them.sub(hide, text) for text in texts]


def _family_name(name: str) -> str:
    kept = 2 if len(name) > SHORTEST_NAME and f" {name[:2]} " in TWO_SIGNS else 1
    return name[:kept] + SOMEBODY * (len(name) - kept)


def without_names(texts: Iterable[str]) -> list[str]:
    """Each text with every name of ours that occurs in it masked."""
    texts = list(texts)
    return masked(texts, names_in(texts))
