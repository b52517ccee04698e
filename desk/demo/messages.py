"""Reminders of the last working day, as a mail server took them; one address has a mistake in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.demo.days import as_of
from messaging import channels
from messaging.actions import planning, sending
from messaging.channels import SendError
from organisation.models import Person, PostKind
from organisation.queries import working_calendar
from rectification.models import Attempt, Outcome

if TYPE_CHECKING:
    from messaging.channels import Envelope

WITH_MAIL = (
    PostKind.SECRETARY,
    PostKind.PRESIDENT,
    PostKind.VICE_PRESIDENT,
    PostKind.CAMPAIGN_OFFICE,
    PostKind.DISCIPLINE_OFFICE,
    PostKind.HEAD,
)
MISSPELT = "head2@zhongxin.qinghu.exmaple"
HELD = 2


class Pretended(channels.Post):
    """Takes every message but those to the address that is written wrongly."""

    def send(self, key: str, envelope: Envelope) -> None:
        if envelope.address == MISSPELT:
            raise SendError(_("The mail server refuses this address."))


def give_addresses() -> None:
    """The hospital's mail for those who lead something; nobody else has one."""
    people = Person.objects.filter(posts__kind__in=WITH_MAIL, email="")
    Person.objects.filter(pk__in=people.values("pk")).update(
        email=Concat(F("employee_number"), Value("@zhongxin.qinghu.example"))
    )
    Person.objects.filter(employee_number="head2").update(email=MISSPELT)


def play(today: dt.date) -> None:
    """The digests of the last working day before today, and what was left to the next."""
    day = today - dt.timedelta(days=1)
    while not working_calendar().is_working(day):
        day -= dt.timedelta(days=1)
    with as_of(day, hour=9):
        planning.plan_day(day, now=timezone.now())
    returned = Attempt.objects.filter(outcome=Outcome.RETURNED).order_by("-ended_at")[:HELD]
    evening = [
        planning.Planned(one.applied_by_id, "returned", f"returned:{one.pk}", frozenset())
        for one in returned
    ]
    with as_of(day, hour=21):
        planning.write(evening, day=day, now=timezone.now())
    _send(day)


def _send(day: dt.date) -> None:
    """Hour by hour, as the schedulers would, until nothing waits for another attempt."""
    for hour in range(9, 20):
        with as_of(day, hour=hour), Pretended() as post:
            while delivery := sending.take(timezone.now()):
                sending.send(delivery, post, now=timezone.now())
    with as_of(day, hour=20):
        sending.settle(timezone.now())
