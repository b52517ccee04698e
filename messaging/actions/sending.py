"""Sending what is planned. Every step is one conditional ``UPDATE``, as with jobs.

A row is taken under a lease and written down as sent only after the server took the message. Who is
killed in between has it sent once more when the lease runs out, under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from messaging import channels, clock
from messaging.channels import Envelope, SendError
from messaging.models import DIGEST, TEST, UNDER_WAY, Delivery, DeliveryState
from messaging.queries import compose, hours, reach_of
from organisation.queries import working_calendar

if TYPE_CHECKING:
    from messaging.channels import Post

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=3)
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 60, 60, 60))
ATTEMPTS = len(BACK_OFF) + 1


def settle(now: dt.datetime) -> None:
    """End what cannot go out any more: the day is over, or the quiet hours have begun.

    What was tried in vain, and a digest that nobody came to send, has failed; another message that
    was not tried yet is left to the next digest.
    """
    today = timezone.localdate(now)
    late = Q(day__lt=today)
    if not clock.may_send(now, hours(), working_calendar()):
        late |= ~Q(kind=TEST)
    stuck = Delivery.objects.filter(late).filter(
        Q(state=DeliveryState.WAITING) | Q(state=DeliveryState.SENDING, lease_until__lt=now)
    )
    ended: dict[str, Any] = {"next_at": None, "lease_until": None}
    untried = stuck.filter(attempts=0)
    untried.exclude(kind__in=[DIGEST, TEST]).update(state=DeliveryState.HELD, **ended)
    with translation.override(settings.LANGUAGE_CODE):
        nobody = _("No worker came to send it in time.")
    untried.update(state=DeliveryState.FAILED, error=nobody, **ended)
    stuck.update(state=DeliveryState.FAILED, **ended)


def take(now: dt.datetime) -> Delivery | None:
    """Take the next message that is due, or nothing: others have them all."""
    open_to = Q(day=timezone.localdate(now))
    if not clock.may_send(now, hours(), working_calendar()):
        open_to &= Q(kind=TEST)
    while True:
        with transaction.atomic():
            rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            due = rows.select_related("person").due(now).filter(open_to)
            delivery = due.order_by("created_at", "pk").first()
            if delivery is None:
                return None
            delivery.next_at, delivery.lease_until = None, None
            if delivery.attempts < ATTEMPTS:
                delivery.state = DeliveryState.SENDING
                delivery.attempts += 1
                delivery.lease_until = now + LEASE
                delivery.save()
                return delivery
            delivery.state = DeliveryState.FAILED  # whoever sent it died, again and again
            delivery.save()


def send(delivery: Delivery, post: Post, *, now: dt.datetime) -> str:
    """Send a message that was taken; the state that it came to."""
    try:
        channel = _hand_over(delivery, post)
    except SendError as error:
        return _failed(delivery, str(error), now=now)
    except Exception:
        logger.exception("message %s could not be put together", delivery.pk)
        with translation.override(settings.LANGUAGE_CODE):
            sentence = _("The message could not be put together; the log has the reason.")
        return _failed(delivery, sentence, now=now)
    if not channel:
        return _end(delivery, DeliveryState.NOTHING)
    return _end(delivery, DeliveryState.SENT, channel=channel, sent_at=timezone.now(), error="")


def _hand_over(delivery: Delivery, post: Post) -> str:
    """Work out the text and give it to the channel. Its name, or nothing when nothing was said."""
    person = delivery.person
    reach = reach_of(person)
    channel = channels.channel(reach.channel) if reach else None
    if reach is None or channel is None:
        return ""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        message = compose(delivery)
        if message is None:
            return ""
        body = message.text(is_brief=channel.is_brief)
        subject = message.subject
    with translation.override(settings.LANGUAGE_CODE):
        post.send(channel.key, Envelope(reach.address, delivery.message_id, subject, body))
    return channel.key


def _failed(delivery: Delivery, sentence: str, *, now: dt.datetime) -> str:
    """Another time, later and later; in the end the administrator is told."""
    if delivery.attempts >= ATTEMPTS:
        return _end(delivery, DeliveryState.FAILED, error=sentence)
    turn = now + BACK_OFF[delivery.attempts - 1]
    return _end(delivery, DeliveryState.WAITING, error=sentence, next_at=turn)


def _end(delivery: Delivery, state: DeliveryState, **facts: Any) -> str:
    """Write down what became of this attempt, unless another has taken the message over."""
    mine = Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.SENDING, attempts=delivery.attempts
    )
    if not mine.update(state=state, lease_until=None, **facts):
        logger.warning("message %s was taken over from attempt %s", delivery.pk, delivery.attempts)
    return state


def under_way(now: dt.datetime) -> int:
    """How many messages are due now."""
    return Delivery.objects.filter(state__in=UNDER_WAY).due(now).count()
