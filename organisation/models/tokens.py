"""What other systems come in with, and the answers they were given already."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models.person import Person

LONGEST_LIFE = dt.timedelta(days=366)
NOTED_EVERY = dt.timedelta(hours=1)
"""A read of the API writes when its token was last used so often and no more."""
SHOWN = 10
"""Characters of a token that stay readable, so that people can tell theirs apart."""


class TokenScope(models.TextChoices):
    READ = "read", pgettext_lazy("token", "read only")
    ACT = "act", pgettext_lazy("token", "read and act")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, person: Person) -> ApiTokenQuerySet:
        """His own; the administrator, all: he sees whose they are, and can withdraw them."""
        return self.all() if person.is_administrator else self.filter(person=person.pk)

    def in_force(self, now: dt.datetime) -> ApiTokenQuerySet:
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)

    def newest_first(self) -> ApiTokenQuerySet:
        return self.order_by("-made_at", "-pk")


class ApiToken(models.Model):
    """A key of one person's, for a program that works in his name. Only its hash is kept."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="tokens", verbose_name=_("person")
    )
    name = models.CharField(
        pgettext_lazy("token", "name"), max_length=60, help_text=_("Which system uses it.")
    )
    prefix = models.CharField(max_length=SHOWN, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(
        pgettext_lazy("token", "may"), max_length=10, choices=TokenScope, default=TokenScope.READ
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()
    untrailed: ClassVar[frozenset[str]] = frozenset({"digest", "last_used_at"})

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.CheckConstraint(
                name="token_scope_known", condition=Q(scope__in=TokenScope.values)
            ),
            models.CheckConstraint(
                name="token_lives_a_year_at_most",
                condition=Q(expires_at__gt=F("made_at"))
                & Q(expires_at__lte=F("made_at") + LONGEST_LIFE),
                violation_error_message=_("A token is valid for one year at most."),
            ),
            models.CheckConstraint(
                name="token_revoked_by_and_at_together",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def digest_of(token: str) -> str:
        """A token is 256 random bits: one round of a fast hash is enough, and every request takes it."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def is_in_force(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def may_act(self) -> bool:
        return self.scope == TokenScope.ACT


class IdempotentRequest(models.Model):
    """The answer to an action that a program sent under a key: sent again, it is given again.

    The row is written in the transaction of the action itself, so there is both or neither.
    """

    KEPT: ClassVar[dt.timedelta] = dt.timedelta(hours=24)

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("answer kept for a repetition")
        verbose_name_plural = _("answers kept for repetitions")
        constraints = [
            models.UniqueConstraint("person", "key", name="key_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"
