"""What is left of a box after the count: figures, receipts, comments. No order, no time."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ballots.models.box import Box


class BoxTally(models.Model):
    """The count of one box. ``counts`` is null where too few voted to keep more than how many."""

    box = models.OneToOneField(
        Box, models.PROTECT, primary_key=True, related_name="tally", verbose_name=_("box")
    )
    issued = models.PositiveIntegerField(_("tickets issued"))
    slips_given = models.PositiveIntegerField(_("slips given"))
    accepted = models.PositiveIntegerField(_("ballots accepted"))
    valid = models.PositiveIntegerField(_("valid"))
    abstained = models.PositiveIntegerField(_("abstained"))
    invalid = models.PositiveIntegerField(_("invalid"))
    counts = models.JSONField(_("counts"), null=True)

    class Meta:
        verbose_name = _("count of a box")
        verbose_name_plural = _("counts of boxes")

    def __str__(self) -> str:
        return str(self.box_id)


class BoardEntry(models.Model):
    """The receipt of a ballot that was counted; written once, sorted."""

    pk = models.CompositePrimaryKey("box_id", "receipt")
    box = models.ForeignKey(Box, models.PROTECT, related_name="board", verbose_name=_("box"))
    receipt = models.CharField(_("receipt"), max_length=32)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return self.receipt


class Comment(models.Model):
    """A comment about a subject, under an identifier that the voter's own device drew at random."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    box = models.ForeignKey(Box, models.PROTECT, related_name="comments", verbose_name=_("box"))
    chips = models.JSONField(_("phrases chosen"), default=list)
    text = models.CharField(_("text"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text[:40]
