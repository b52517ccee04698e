"""When a message may be sent. Pure: the calendar and the hours come in as arguments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from organisation.clock import WorkingCalendar

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of an installation. Quiet may run over midnight, or be switched off (equal ends)."""

    digest_at: dt.time
    quiet_from: dt.time
    quiet_until: dt.time

    def is_quiet(self, time: dt.time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= time < self.quiet_until
        return time >= self.quiet_from or time < self.quiet_until


def may_send(now: dt.datetime, hours: Hours, calendar: WorkingCalendar) -> bool:
    """On a working day, outside the quiet hours."""
    local = timezone.localtime(now)
    return calendar.is_working(local.date()) and not hours.is_quiet(local.time())


def is_digest_due(now: dt.datetime, hours: Hours, calendar: WorkingCalendar) -> bool:
    """From the digest's hour until the quiet hours of a working day: late is better than never."""
    return may_send(now, hours, calendar) and timezone.localtime(now).time() >= hours.digest_at


def next_digest_day(now: dt.datetime, hours: Hours, calendar: WorkingCalendar) -> dt.date:
    """The day whose digests are still to be sent, if nothing was sent today."""
    local = timezone.localtime(now)
    today = local.date()
    is_over = local.time() >= hours.digest_at and hours.is_quiet(local.time())
    return calendar.working_day_from(today + ONE_DAY if is_over else today)


def digest_moment(day: dt.date, hours: Hours) -> dt.datetime:
    """The minute in which the digests of a day are due."""
    return timezone.make_aware(dt.datetime.combine(day, hours.digest_at))


def last_working_day(due_on: dt.date, calendar: WorkingCalendar) -> dt.date:
    """The last day on which something due on that day can still be worked on."""
    day = due_on
    while not calendar.is_working(day):
        day -= ONE_DAY
    return day
