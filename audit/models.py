"""What was done by whom: written once, never altered, and chained so that alteration shows.

The database itself refuses to change or delete a row (triggers, see the migrations). Whoever can
switch triggers off leaves a break in the chain that ``manage.py verify_trail`` names.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, subject: models.Model) -> EventQuerySet:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def unsealed(self) -> EventQuerySet:
        return self.filter(~models.Exists(Link.objects.filter(event=models.OuterRef("pk"))))


class Event(models.Model):
    """One action. No foreign keys: the trail outlives what it speaks of.

    ``at`` and ``transaction`` are set by a trigger, whatever the client says.
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    transaction = models.BigIntegerField(_("transaction"), db_default=0, editable=False)
    cascade = models.UUIDField(_("cascade"), null=True, editable=False)
    actor_id = models.BigIntegerField(_("person"), null=True)
    actor_label = models.CharField(_("name"), max_length=200)
    action = models.CharField(_("action"), max_length=80)
    subject_type = models.CharField(_("kind of subject"), max_length=80)
    subject_id = models.BigIntegerField(_("subject"))
    subject_label = models.CharField(_("name of the subject"), max_length=300)
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(_("detail"), default=dict, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index("subject_type", "subject_id", "id", name="event_by_subject"),
            models.Index("transaction", name="event_by_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action} {self.subject_type}:{self.subject_id}"


class Link(models.Model):
    """An event's place in the chain, and the hash over all that came before it.

    No constraint ties it to the event: a link whose event is gone is the evidence.
    """

    position = models.BigIntegerField(_("position"), primary_key=True)
    event = models.OneToOneField(
        Event, models.DO_NOTHING, db_constraint=False, related_name="link", verbose_name=_("event")
    )
    hash = models.BinaryField(_("hash"), max_length=32)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return f"{self.position} → {self.event_id}"


class Seal(models.Model):
    """The end of one run of sealing: how far the chain reached, and what the database knew then."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("sealed at"))
    day = models.DateField(_("day"), null=True, unique=True, help_text=_("Set on a day's first."))
    cluster = models.BigIntegerField(_("database cluster"))
    transaction = models.BigIntegerField(_("transaction"))
    snapshot = models.TextField(_("snapshot"))
    position = models.BigIntegerField(_("last position"))
    count = models.BigIntegerField(_("events sealed"))
    last_hash = models.BinaryField(_("last hash"), max_length=32)
    hash = models.BinaryField(_("hash"), max_length=32)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"{self.number} {self.code}"

    @property
    def code(self) -> str:
        """Short enough for paper: whoever keeps it can show later that the trail still holds it."""
        digits = bytes(self.hash).hex()[:16]
        return "-".join(digits[at : at + 4] for at in range(0, 16, 4))
