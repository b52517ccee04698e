"""The working calendar is never altered: a correction is a new version of the year."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from organisation.actions.writing import permit
from organisation.models import CalendarDay, CalendarYear, DayKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.workflow import Actor
    from organisation.models import Person

SATURDAY = 5
OTHERWISE = {
    DayKind.REST: frozenset({DayKind.MAKE_UP}),
    DayKind.WORKING: frozenset({DayKind.REST}),
}
"""What a day may be besides what its weekday makes it."""


def kind_by_weekday(day: dt.date) -> DayKind:
    return DayKind.REST if day.weekday() >= SATURDAY else DayKind.WORKING


@transaction.atomic
def publish_year(
    year: int,
    unusual: Mapping[dt.date, tuple[str, str]],
    *,
    by: Actor,
    source: str,
    reason: str = "",
) -> CalendarYear:
    """A new version of a year: every day, of which ``unusual`` says kind and name where they differ.

    Publishing what the newest version says already makes no new one.
    """
    permit("organisation.change_calendar", by=by)
    _one_at_a_time(year)
    first = dt.date(year, 1, 1)
    days = [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]
    wanted = {day: unusual.get(day, (kind_by_weekday(day), "")) for day in days}
    newest = CalendarYear.objects.filter(year=year).order_by("-version").first()
    if newest and _as_written(newest) == wanted:
        return newest
    made = CalendarYear.objects.create(
        year=year, version=newest.version + 1 if newest else 1, source=source[:200]
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=made, date=day, kind=kind, name=name)
        for day, (kind, name) in wanted.items()
    )
    trail.record(
        "organisation.publish_calendar",
        subject=made,
        by=by,
        before=trail.snapshot(newest) if newest else None,
        after=trail.snapshot(made),
        reason=reason,
    )
    return made


def correct_day(
    day: dt.date, *, by: Person, kind: str, name: str = "", reason: str
) -> CalendarYear:
    """Change one day in a new version of its year. Clocks keep the version they were counted by."""
    permit("organisation.change_calendar", by=by)
    if not reason.strip():
        raise ActionRefusedError(_("Say what the correction rests on."))
    usual = kind_by_weekday(day)
    if kind not in {usual, *OTHERWISE[usual]}:
        raise ActionRefusedError(
            _("A Saturday or Sunday that is worked is a make-up working day, and only they are.")
        )
    with transaction.atomic():
        _one_at_a_time(day.year)
        newest = CalendarYear.objects.filter(year=day.year).order_by("-version").first()
        if newest is None:
            raise ActionRefusedError(
                _("The holidays of %(year)s are not published yet.") % {"year": day.year}
            )
        days = _as_written(newest)
        if days[day] == (kind, name.strip()):
            raise ActionRefusedError(_("The calendar says so already."))
        days[day] = (kind, name.strip())
        source = _("Correction by %(name)s") % {"name": by.name}
        return publish_year(day.year, days, by=by, source=source, reason=reason.strip())


def _as_written(calendar: CalendarYear) -> dict[dt.date, tuple[str, str]]:
    return {day.date: (day.kind, day.name) for day in calendar.days.all()}


def _one_at_a_time(year: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 13710))", [f"y{year}"])
