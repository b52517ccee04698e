"""A ballot box: its keys, and its content as nobody can read it before the count."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ballots.models.election import Election


class BoxKind(models.TextChoices):
    GRADE = "grade", pgettext_lazy("ballot", "grades")
    COMMENT = "comment", pgettext_lazy("ballot", "comment")
    SURVEY = "survey", pgettext_lazy("ballot", "survey answer")


class Door(models.TextChoices):
    """What a ballot shows to be let in."""

    TICKET = "ticket", _("ticket or slip")
    SLIP = "slip", _("one-time code")
    OPEN = "open", _("open link")


class Box(models.Model):
    """Where the ballots of one electorate lie until the count.

    One RSA key belongs to one box and does nothing else: the key *is* the box, so no ticket can be
    moved to another. ``signing_key`` is locked with the election's key and destroyed at the count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    election = models.ForeignKey(
        Election, models.PROTECT, related_name="boxes", verbose_name=_("election")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=BoxKind)
    door = models.CharField(_("door"), max_length=10, choices=Door, default=Door.TICKET)
    dimensions = models.PositiveSmallIntegerField(_("dimensions"), default=0)
    eligible = models.PositiveIntegerField(_("entitled to vote"), default=0)
    slips = models.PositiveIntegerField(_("slips printed"), default=0)
    shard_count = models.PositiveIntegerField(default=1)
    placed_over = models.PositiveIntegerField(
        default=1, help_text=_("Shards over which ballots were spread when the box was made.")
    )
    capacity = models.PositiveIntegerField(help_text=_("Ballots that one shard has room for."))
    public_key = models.BinaryField(_("public key"), null=True)
    signing_key = models.BinaryField(_("signing key, locked"), null=True)

    class Meta:
        verbose_name = _("box")
        verbose_name_plural = _("boxes")
        constraints = [
            models.CheckConstraint(name="box_kind_known", condition=Q(kind__in=BoxKind.values)),
            models.CheckConstraint(name="box_door_known", condition=Q(door__in=Door.values)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BoxShard(models.Model):
    """A part of a box, all of whose ballots are one piece of ciphertext of constant size.

    It is written anew with every ballot: no dump, no log of the database and no older row tells
    one ballot in it from another, or when it came.
    """

    pk = models.CompositePrimaryKey("box_id", "number")
    box = models.ForeignKey(Box, models.CASCADE, related_name="shards", verbose_name=_("box"))
    number = models.PositiveIntegerField(_("number"))
    blob = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("part of a box")
        verbose_name_plural = _("parts of boxes")

    def __str__(self) -> str:
        return f"{self.box_id} {self.number}"


class SlipCode(models.Model):
    """A slip that lets one ballot in. Nobody knows who drew it, and it is never marked as used."""

    code_hash = models.BinaryField(primary_key=True, max_length=32)
    box = models.ForeignKey(Box, models.CASCADE, related_name="slip_codes", verbose_name=_("box"))

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")

    def __str__(self) -> str:
        return str(self.box_id)
