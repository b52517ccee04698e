"""What people decide about messages: how they are reached, and that one is sent again."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from celery import signature
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from messaging import clock
from messaging.models import (
    DIGEST,
    TEST,
    CalendarLink,
    Delivery,
    DeliveryState,
    ReminderChoice,
    digest_key,
)
from messaging.queries import hours, reach_of
from organisation.models import Person
from organisation.queries import working_calendar

if TYPE_CHECKING:
    from collections.abc import Iterable

TESTS = 3
TESTS_WITHIN = dt.timedelta(minutes=10)
SECRET_BYTES = 32


@transaction.atomic
def choose(*, by: Person, channel: str, address: str, wants_digest: bool) -> ReminderChoice:
    """The trail says that he changed it and to which channel, not to which address."""
    Person.objects.select_for_update().get(pk=by.pk)
    choice = ReminderChoice.objects.filter(person=by).first() or ReminderChoice(person=by)
    before = trail.snapshot(choice) if choice.pk else None
    choice.channel, choice.address, choice.wants_digest = channel, address, wants_digest
    choice.full_clean()
    choice.save()
    after = trail.snapshot(choice)
    trail.record("messaging.choose", subject=choice, by=by, before=before, after=after)
    return choice


@transaction.atomic
def send_test(*, by: Person) -> Delivery:
    """A message to himself, at any hour: he is waiting for it."""
    Person.objects.select_for_update().get(pk=by.pk)
    now = timezone.now()
    if reach_of(by) is None:
        raise ActionRefusedError(_("First choose how you are reached, and save."))
    sent = Delivery.objects.filter(person=by, kind=TEST, created_at__gt=now - TESTS_WITHIN)
    if sent.count() >= TESTS:
        raise ActionRefusedError(_("That was tried several times just now. Wait ten minutes."))
    delivery = Delivery(person=by, day=timezone.localdate(now), kind=TEST, created_at=now)
    delivery.key = f"{TEST}:{delivery.reference}"
    delivery.next_at = now
    delivery.save()
    trail.record("messaging.send_test", subject=delivery, by=by)
    _call_out()
    return delivery


@transaction.atomic
def make_calendar_link(*, by: Person) -> str:
    """A new secret, told this once; one that was there before opens nothing any more."""
    Person.objects.select_for_update().get(pk=by.pk)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link, _is_new = CalendarLink.objects.update_or_create(
        person=by,
        defaults={"secret_hash": CalendarLink.hash_of(secret), "made_at": timezone.now()},
    )
    trail.record("messaging.make_calendar_link", subject=link, by=by)
    return secret


@transaction.atomic
def end_calendar_link(*, by: Person) -> None:
    link = CalendarLink.objects.select_for_update().filter(person=by).first()
    if link is None:
        raise ActionRefusedError(_("There is no calendar link any more."))
    trail.record("messaging.end_calendar_link", subject=link, by=by)
    link.delete()


@transaction.atomic
def send_again(keys: Iterable[int], *, by: Person) -> int:
    """Send failed messages once more; how many. The digest of a former day is in today's."""
    if not by.has_perm("messaging.send_again"):
        raise PermissionDenied
    now = timezone.now()
    today = timezone.localdate(now)
    if not clock.may_send(now, hours(), working_calendar()):
        raise ActionRefusedError(
            _("Nothing is sent in the quiet hours and on rest days. Try again in working hours.")
        )
    failed = Delivery.objects.select_for_update().failed().filter(pk__in=list(keys))
    again = [
        delivery
        for delivery in failed.order_by("pk")
        if delivery.kind != DIGEST or delivery.key == digest_key(today)
    ]
    if not again:
        raise ActionRefusedError(
            _("There is nothing to send again: what failed on former days is in today's digest.")
        )
    for delivery in again:
        delivery.state, delivery.attempts, delivery.error = DeliveryState.WAITING, 0, ""
        delivery.next_at, delivery.day = now, today
        delivery.save()
        trail.record("messaging.send_again", subject=delivery, by=by)
    _call_out()
    return len(again)


def _call_out() -> None:
    transaction.on_commit(signature("messaging.tasks.deliver", immutable=True).delay)
