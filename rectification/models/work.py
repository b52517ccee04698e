"""What is dated about an item: its deadlines, its measures, the notes of what was done."""

from __future__ import annotations

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from organisation.models import Person
from rectification.models.item import LedgerItem


class DeadlineEntry(models.Model):
    """The deadline is a log: each entry stays; the original is the one first approved."""

    item = models.ForeignKey(LedgerItem, models.PROTECT, related_name="deadlines")
    due_on = models.DateField(_("due on"), null=True, blank=True)
    text = models.CharField(_("deadline as written"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.due_on}"


class Measure(models.Model):
    """What will be done by when; a plan has at least one."""

    item = models.ForeignKey(LedgerItem, models.CASCADE, related_name="measures")
    text = models.TextField(_("measure"), max_length=1000)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("rectification measure")
        verbose_name_plural = _("rectification measures")

    def __str__(self) -> str:
        return self.text


class ProgressUpdate(models.Model):
    """A dated note of what was done; never altered."""

    item = models.ForeignKey(LedgerItem, models.PROTECT, related_name="progress")
    text = models.TextField(_("progress"), max_length=2000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("progress update")
        verbose_name_plural = _("progress updates")

    def __str__(self) -> str:
        return f"{self.item_id}: {Truncator(self.text).chars(40)}"
