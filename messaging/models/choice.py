"""How a person wants to be reached, and the secret link to his own deadlines."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging import channels
from organisation.models import Person


class ReminderChoice(models.Model):
    """What a person chose. Without a row: mail to the address that is kept with his name."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="reminder_choice")
    channel = models.CharField(_("channel"), max_length=20, default=channels.MAIL)
    address = models.CharField(_("address"), max_length=200, blank=True)
    wants_digest = models.BooleanField(_("a digest every working day"), default=True)

    untrailed: ClassVar[frozenset[str]] = frozenset({"address"})

    class Meta:
        verbose_name = _("choice about reminders")
        verbose_name_plural = _("choices about reminders")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.channel}"


class CalendarLink(models.Model):
    """Whoever knows the secret reads the person's deadlines. Only its hash is kept."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_link")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))

    untrailed: ClassVar[frozenset[str]] = frozenset({"secret_hash"})

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.made_at:%Y-%m-%d}"

    @staticmethod
    def hash_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()
