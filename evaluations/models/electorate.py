"""Who may vote into which box. What is in a box is not to be found here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ballots.models import Box
from organisation.models import Person


class Electorate(models.Model):
    """The voters of one box: a group (or several merged) about one head, or all about comments."""

    subject = models.ForeignKey(
        "evaluations.Subject", models.CASCADE, related_name="electorates", verbose_name=_("head")
    )
    box = models.OneToOneField(
        Box, models.PROTECT, null=True, related_name="electorate", verbose_name=_("box")
    )
    is_for_comments = models.BooleanField(_("for comments"), default=False)
    code = models.CharField(_("ballot"), max_length=20, blank=True)
    label = models.CharField(_("groups"), max_length=100)
    weight = models.PositiveSmallIntegerField(_("weight in per cent"), default=0)
    is_named = models.BooleanField(_("declared not anonymous"), default=False)
    eligible = models.PositiveIntegerField(_("entitled to vote"))
    added = models.PositiveIntegerField(_("added after the freeze"), default=0)

    class Meta:
        verbose_name = _("electorate")
        verbose_name_plural = _("electorates")

    def __str__(self) -> str:
        return f"{self.subject} {self.label}"


class RollEntry(models.Model):
    """That somebody may vote into a box, and whether he has fetched his ticket. No order, no time.

    ``digest`` is the SHA-256 of the blinded request, so that the same request is answered again with
    the same signature; it says nothing of the ticket, and is erased at the count.
    """

    pk = models.CompositePrimaryKey("electorate_id", "person_id")
    electorate = models.ForeignKey(Electorate, models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    has_ticket = models.BooleanField(_("ticket issued"), default=False)
    has_slip = models.BooleanField(_("slip given"), default=False)
    digest = models.BinaryField(null=True)

    untrailed: ClassVar[frozenset[str]] = frozenset({"digest"})

    class Meta:
        verbose_name = _("entry of the roll")
        verbose_name_plural = _("roll")

    def __str__(self) -> str:
        return f"{self.electorate_id} {self.person_id}"
