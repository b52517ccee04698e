"""What a system administrator looks at in the morning."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from messaging.models import Delivery, Job, JobState
from organisation.models import CalendarYear, Person, Post, Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

READY = "/readyz"
LOOK_AHEAD = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Check:
    """One line: in order (normal), to be looked at (near), or plain information."""

    kind: str
    label: StrOrPromise
    value: StrOrPromise
    url: str = ""


def checks(today: dt.date) -> list[Check]:
    held = Post.objects.on(today).filter(person=OuterRef("pk"))
    people = Person.objects.active()
    idle = people.filter(~Exists(held), is_administrator=False).count()
    failed = Job.objects.filter(state=JobState.FAILED).count()
    return [
        _calendar(today),
        Check("none", _("Readiness for monitoring"), READY, READY),
        Check("none", _("Units in use"), str(Unit.objects.in_use().count()), _at("units")),
        Check("none", _("People who may sign in"), str(people.count()), _at("people")),
        Check(
            "near" if idle else "normal",
            _("People without a post"),
            _("%(n)s people see nothing until they hold a post") % {"n": idle}
            if idle
            else pgettext("check", "none"),
            _at("people"),
        ),
        Check(
            "near" if failed else "normal",
            _("Files that could not be made"),
            str(failed) if failed else pgettext("check", "none"),
        ),
        _messages(),
    ]


def _messages() -> Check:
    """Of any day: whoever looks at them sends them again, or asks for a better address."""
    lost = Delivery.objects.failed().count()
    return Check(
        "near" if lost else "normal",
        _("Reminders that could not be sent"),
        str(lost) if lost else pgettext("check", "none"),
        reverse("messaging:deliveries") + ("?state=failed" if lost else ""),
    )


def _calendar(today: dt.date) -> Check:
    """The years in which deadlines fall now must be known, or they are only provisional."""
    needed = {today.year, (today + LOOK_AHEAD).year}
    known = set(CalendarYear.objects.filter(year__in=needed).values_list("year", flat=True))
    missing = sorted(needed - known)
    if missing:
        value = _("%(years)s not entered yet: deadlines there are provisional") % {
            "years": ", ".join(map(str, missing))
        }
        return Check("near", _("Working calendar"), value, _at("calendar_now"))
    return Check(
        "normal", _("Working calendar"), _("covers the coming months"), _at("calendar_now")
    )


def _at(name: str) -> str:
    return reverse(f"organisation:{name}")
