"""Publish the years that the ``holidays`` library really knows."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import holidays
from django.core.management.base import BaseCommand
from django.utils import timezone

from organisation import actions
from organisation.models import SYSTEM, CalendarYear, DayKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

FIRST_YEAR = 2020


def known(year: int) -> dict[dt.date, tuple[str, str]] | None:
    """What is unlike its weekday, or None for a year that the library only works out.

    Which days are worked instead of holidays follows from no rule: the State Council publishes it
    late in the year before. So a year is known if, and only if, the library names make-up working
    days in it; for later years it merely computes the statutory holidays, and these stay
    provisional here.
    """
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    made_up = {day for day in getattr(china, "weekend_workdays", ()) if day.year == year}
    if not made_up:
        return None
    unusual = {day: (str(DayKind.REST), name) for day, name in _rests(china, year)}
    unusual.update({day: (str(DayKind.MAKE_UP), "") for day in made_up})
    return unusual


def _rests(china: Any, year: int) -> Iterator[tuple[dt.date, str]]:
    for day, name in sorted(china.items()):
        if day.year == year:
            yield day, name.split(";")[0].strip()[:60]


def _say_nothing(line: str) -> None:
    """Tests and the demonstration speak for themselves."""


class Command(BaseCommand):
    help = "Publish the working calendar of every year whose make-up working days are known."

    def handle(self, *, verbosity: int = 1, **options: Any) -> None:
        say = self.stdout.write if verbosity else _say_nothing
        for year in range(FIRST_YEAR, timezone.localdate().year + 3):
            unusual = known(year)
            if unusual is None:
                say(f"{year}: not published yet, stays provisional")
                continue
            if CalendarYear.objects.filter(year=year).exists():
                say(f"{year}: kept as it is")
                continue
            source = f"holidays {version('holidays')}"
            made = actions.publish_year(year, unusual, by=SYSTEM, source=source)
            say(f"{year}: version {made.version}, {len(unusual)} unusual days")
