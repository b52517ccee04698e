"""How far silence about an overdue item has gone up: department, leader in charge, principals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rectification.models.item import LedgerItem


class LadderStep(models.Model):
    """One step, reached once for each deadline of an item: a new deadline starts from the bottom."""

    class Step(models.IntegerChoices):
        DEPARTMENT = 1, pgettext_lazy("ladder", "person in charge and head of the department")
        LEADER = 2, pgettext_lazy("ladder", "leader in charge")
        PRINCIPALS = 3, pgettext_lazy("ladder", "principals; candidate for exposure")

    item = models.ForeignKey(LedgerItem, models.PROTECT, related_name="ladder")
    due_on = models.DateField(_("deadline"))
    step = models.PositiveSmallIntegerField(_("step"), choices=Step)
    reached_on = models.DateField(_("reached on"))
    told_on = models.DateField(_("told on"))

    class Meta:
        verbose_name = _("step of the overdue ladder")
        verbose_name_plural = _("steps of the overdue ladder")
        constraints = [
            models.UniqueConstraint("item", "due_on", "step", name="ladder_step_once_per_deadline"),
            models.CheckConstraint(name="ladder_step_known", condition=Q(step__in=(1, 2, 3))),
        ]
        indexes = [models.Index("told_on", "item", name="ladder_by_day")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.step}"
