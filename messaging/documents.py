"""A person's deadlines as a calendar that telephones and mail programs subscribe to."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from messaging.sources import Entry

ONE_DAY = dt.timedelta(days=1)


def calendar_file(entries: Iterable[Entry]) -> bytes:
    """An all-day entry for each deadline; the same entry keeps its UID when its day moves."""
    host = urlsplit(settings.SITE_URL).hostname
    calendar = Calendar()
    calendar.add("prodid", "-//rectification//deadlines//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Rectification deadlines"))
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@{host}")
        event.add("dtstamp", entry.changed_at.astimezone(dt.UTC))
        event.add("dtstart", entry.day)
        if entry.day < dt.date.max:  # an entry without an end lasts its day all the same
            event.add("dtend", entry.day + ONE_DAY)
        event.add("summary", entry.title)
        event.add("url", settings.SITE_URL + entry.url)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
