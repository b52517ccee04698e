"""Other systems that are told when something happens, and what became of each telling."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Unit

if TYPE_CHECKING:
    import datetime as dt

    from organisation.models import Person


class WebhookEvent(models.TextChoices):
    CLOSED = "ledger_item.closed", _("A ledger item is signed off")
    OVERDUE = "ledger_item.overdue", _("A ledger item is overdue")
    EXPOSED = "exposure.published", _("An exposure report is issued")


PING = "ping"
"""What the administrator sends to try a webhook; nobody asks for it."""


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, person: Person) -> WebhookQuerySet:
        return self.all() if person.is_administrator else self.none()

    def told_of(self, event: str) -> WebhookQuerySet:
        return self.filter(is_active=True, events__contains=[event])


class Webhook(models.Model):
    """An address of another system. Its secret is worked out from ``nonce``; it is kept nowhere."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="webhooks", verbose_name=pgettext_lazy("webhook", "of")
    )
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(
        models.CharField(max_length=40, choices=WebhookEvent), verbose_name=_("is told when")
    )
    nonce = models.UUIDField(default=uuid.uuid4, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    stopped_because = models.CharField(_("stopped because"), max_length=300, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)

    objects = WebhookQuerySet.as_manager()
    untrailed: ClassVar[frozenset[str]] = frozenset({"nonce"})

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(
                name="webhook_events_known",
                condition=Q(events__contained_by=WebhookEvent.values, events__len__gt=0),
                violation_error_message=_("Choose at least one event."),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def get_absolute_url(self) -> str:
        return reverse("messaging:webhook", args=[self.pk])

    @property
    def events_in_words(self) -> list[str]:
        return [str(WebhookEvent(event).label) for event in self.events]


class WebhookState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("message", "waiting")
    SENDING = "sending", pgettext_lazy("message", "being sent")
    SENT = "sent", pgettext_lazy("message", "sent")
    FAILED = "failed", pgettext_lazy("message", "failed")


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self, now: dt.datetime) -> WebhookDeliveryQuerySet:
        """Its turn has come, or whoever was sending it has not been heard of."""
        return self.filter(webhook__is_active=True).filter(
            Q(state=WebhookState.WAITING, next_at__lte=now)
            | Q(state=WebhookState.SENDING, lease_until__lt=now)
        )

    def newest_first(self) -> WebhookDeliveryQuerySet:
        return self.order_by("-created_at", "-pk")


class WebhookDelivery(models.Model):
    """One telling. Written with the event itself; sent again under the same id until it is taken.

    ``key`` says what it is about: nobody is told the same twice.
    """

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.CharField(_("event"), max_length=40)
    key = models.CharField(max_length=120)
    reference = models.UUIDField(default=uuid.uuid4, editable=False)
    payload = models.JSONField()
    state = models.CharField(
        _("state"), max_length=10, choices=WebhookState, default=WebhookState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True, default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()
    STATE_KINDS: ClassVar[dict[str, str]] = {
        WebhookState.WAITING: "remind",
        WebhookState.SENDING: "remind",
        WebhookState.SENT: "normal",
        WebhookState.FAILED: "overdue",
    }

    class Meta:
        verbose_name = _("telling by webhook")
        verbose_name_plural = _("tellings by webhook")
        constraints = [
            models.UniqueConstraint("webhook", "key", name="webhook_told_once"),
            models.CheckConstraint(
                name="webhook_delivery_state_known", condition=Q(state__in=WebhookState.values)
            ),
        ]
        indexes = [
            models.Index(
                "next_at",
                name="webhook_delivery_due",
                condition=Q(state__in=[WebhookState.WAITING, WebhookState.SENDING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"

    @property
    def message_id(self) -> str:
        return f"msg_{self.reference.hex}"

    @property
    def event_in_words(self) -> str:
        return str(dict(WebhookEvent.choices).get(self.event, _("try-out")))
