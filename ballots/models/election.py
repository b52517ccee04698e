"""Boxes that open and close together, and the rules that were fixed before."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    import datetime as dt


class Election(models.Model):
    """One vote from its freeze to its count.

    ``manifest`` is the public description, kept as the very bytes whose SHA-256 is ``digest``:
    who reads the one can work out the other. ``board`` is what was made public after the count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    opens_at = models.DateTimeField(_("voting opens"))
    closes_at = models.DateTimeField(_("voting closes"))
    is_counted = models.BooleanField(_("counted"), default=False)
    manifest = models.TextField(_("manifest"), blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    seal_key = models.BinaryField(_("public seal key"), null=True)
    wrapped_seal = models.JSONField(_("private seal key, wrapped for any two shares"), default=dict)
    recovery = models.BinaryField(_("election key, sealed to the commission"), null=True)
    board = models.TextField(_("board"), blank=True)

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        constraints = [
            models.CheckConstraint(
                name="election_closes_after_it_opens",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("Voting would close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ballots:booth", args=[self.pk])

    @property
    def is_frozen(self) -> bool:
        return bool(self.digest)

    @property
    def description(self) -> dict[str, Any]:
        """The manifest, read."""
        return json.loads(self.manifest) if self.manifest else {}

    def is_open(self, now: dt.datetime) -> bool:
        return self.is_frozen and not self.is_counted and self.opens_at <= now < self.closes_at
