"""Messages to people: who, when, by which channel, and what became of it. Never what it said."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging import channels, sources
from organisation.models import Person

if TYPE_CHECKING:
    import datetime as dt

    from django_stubs_ext import StrOrPromise

DIGEST = "digest"
TEST = "test"
KINDS: dict[str, StrOrPromise] = {
    DIGEST: pgettext_lazy("message", "daily digest"),
    TEST: pgettext_lazy("message", "test message"),
}


def digest_key(day: dt.date) -> str:
    return f"{DIGEST}:{day.isoformat()}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("message", "waiting")
    SENDING = "sending", pgettext_lazy("message", "being sent")
    SENT = "sent", pgettext_lazy("message", "sent")
    FAILED = "failed", pgettext_lazy("message", "failed")
    HELD = "held", pgettext_lazy("message", "left to the digest")
    NOTHING = "nothing", pgettext_lazy("message", "nothing to say any more")


UNDER_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)
COUNTED = (*UNDER_WAY, DeliveryState.SENT, DeliveryState.FAILED)
"""These use up one of the messages that a person may get in a day."""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, person: Person) -> DeliveryQuerySet:
        """The administrator sees that messages went out or did not; everybody else his own."""
        return self if person.is_administrator else self.filter(person=person)

    def due(self, now: dt.datetime) -> DeliveryQuerySet:
        """To be sent now: its turn has come, or whoever was sending it has not been heard of."""
        return self.filter(
            Q(state=DeliveryState.WAITING, next_at__lte=now)
            | Q(state=DeliveryState.SENDING, lease_until__lt=now)
        )

    def failed(self) -> DeliveryQuerySet:
        return self.filter(state=DeliveryState.FAILED)

    def newest_first(self) -> DeliveryQuerySet:
        return self.order_by("-created_at", "-pk")


class Delivery(models.Model):
    """One message to one person. Its text is worked out when it is sent, and not kept.

    ``key`` says what it is about; nobody gets the same twice (a day's digest has one key).
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="deliveries", verbose_name=_("person")
    )
    day = models.DateField(_("day"))
    kind = models.CharField(pgettext_lazy("message", "kind"), max_length=40)
    key = models.CharField(max_length=120)
    reference = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING
    )
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    lease_until = models.DateTimeField(_("must be heard of by"), null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("planned at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    STATE_KINDS: ClassVar[dict[str, str]] = {
        DeliveryState.WAITING: "paused",
        DeliveryState.SENDING: "remind",
        DeliveryState.SENT: "normal",
        DeliveryState.FAILED: "overdue",
        DeliveryState.HELD: "none",
        DeliveryState.NOTHING: "none",
    }

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint("person", "key", name="delivery_once"),
            models.CheckConstraint(
                name="delivery_state_known", condition=Q(state__in=DeliveryState.values)
            ),
            models.CheckConstraint(
                name="delivery_sent_with_its_moment",
                condition=Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | (~Q(state=DeliveryState.SENT) & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_waiting_has_its_turn",
                condition=~Q(state=DeliveryState.WAITING) | Q(next_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_sending_has_a_lease",
                condition=~Q(state=DeliveryState.SENDING) | Q(lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                "next_at", name="delivery_by_turn", condition=Q(state=DeliveryState.WAITING)
            ),
            models.Index(
                "lease_until", name="delivery_by_lease", condition=Q(state=DeliveryState.SENDING)
            ),
            models.Index("day", "person", name="delivery_by_day"),
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
            models.Index(
                fields=["day"], name="delivery_failed", condition=Q(state=DeliveryState.FAILED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.label} · {self.day}"

    @property
    def label(self) -> str:
        """What kind of message; a kind that nobody registers any more keeps its name."""
        return str((KINDS | sources.labels()).get(self.kind, self.kind))

    @property
    def channel_label(self) -> str:
        return channels.label_of(self.channel) if self.channel else ""

    @property
    def message_id(self) -> str:
        """Of the mail, the same at every attempt."""
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        return f"<{self.reference.hex}@{domain}>"


class ReminderRun(models.Model):
    """The day's digests are planned: the row that only one of many schedulers can write."""

    day = models.DateField(_("day"), unique=True)
    at = models.DateTimeField(_("at"))
    digests = models.PositiveIntegerField(_("digests"), default=0)

    class Meta:
        verbose_name = _("reminder run")
        verbose_name_plural = _("reminder runs")

    def __str__(self) -> str:
        return f"{self.day}: {self.digests}"
