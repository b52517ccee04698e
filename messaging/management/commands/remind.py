"""Plan and send the reminders of a day now, or only say what they would be."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from messaging import channels
from messaging.actions import planning, sending
from messaging.models import Delivery
from messaging.queries import compose, hours
from organisation.models import Person
from organisation.queries import working_calendar

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Send the reminders that are due, as the scheduler does every minute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would be sent, and send nothing"
        )
        parser.add_argument("--date", help="with --dry-run: the digests of this day (2026-11-23)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self._rehearse(_day(options["date"]))
            return
        if options["date"]:
            raise CommandError("--date goes with --dry-run: a message is always sent as of now.")
        now = timezone.now()
        planned = planning.plan(now) + planning.plan_urgent(now)
        sending.settle(now)
        sent = 0
        with channels.Post() as post:
            while delivery := sending.take(timezone.now()):
                sent += sending.send(delivery, post, now=timezone.now()) == "sent"
        self.stdout.write(f"{planned} planned, {sent} sent")

    def _rehearse(self, day: dt.date) -> None:
        """With the functions that send, taken back at the end. Posts are those of today."""
        if not working_calendar().is_working(day):
            self.stdout.write(f"{day.isoformat()} is a rest day: nothing is sent.")
            return
        people = silent = 0
        with planning.rehearsal():
            messages = planning.messages_of(day)
            everybody = Person.objects.in_bulk({one.person for one in messages})
            for one in messages:
                delivery = Delivery(
                    person=everybody[one.person], day=day, kind=one.kind, key=one.key
                )
                with translation.override(delivery.person.language or translation.get_language()):
                    message = compose(delivery)
                    if message is None:
                        continue
                    if not one.is_reachable:
                        silent += 1
                        continue
                    people += 1
                    who = f"{delivery.person} ({delivery.person.employee_number})"
                    self.stdout.write(f"{who} · {delivery.label} · {message.subject}")
                    for line in message.text(is_brief=False).splitlines()[2:]:
                        self.stdout.write(f"    {line}")
        self.stdout.write(
            f"{people} messages on {day.isoformat()} from {hours().digest_at:%H:%M};"
            f" {silent} people without an address see it in the product only."
        )


def _day(text: str | None) -> dt.date:
    if not text:
        return planning.next_run(timezone.now())
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is no day; write it as 2026-11-23.") from None
