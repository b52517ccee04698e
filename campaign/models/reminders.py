"""Which reminders a campaign sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaign import Campaign

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 60
_days: dict[str, Any] = {"validators": [MinValueValidator(1), MaxValueValidator(LONGEST)]}


class ReminderRules(models.Model):
    """The rules of one campaign; a campaign without a row has these defaults."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="reminder_rules")
    digest = models.BooleanField(_("digest on working days"), default=True)
    ladder = models.BooleanField(_("overdue ladder"), default=True)
    first_days = models.PositiveSmallIntegerField(
        _("days overdue: person in charge and head"), default=1, **_days
    )
    second_days = models.PositiveSmallIntegerField(
        _("days overdue: leader in charge"), default=3, **_days
    )
    third_days = models.PositiveSmallIntegerField(_("days overdue: principals"), default=7, **_days)
    last_day = models.BooleanField(_("at once: the last working day of an item"), default=True)
    returned = models.BooleanField(_("at once: an item was returned"), default=True)
    decision = models.BooleanField(_("at once: a decision is waited for"), default=True)
    decision_days = models.PositiveSmallIntegerField(
        _("working days a decision may wait"), default=2, **_days
    )

    class Meta:
        verbose_name = _("reminder rules")
        verbose_name_plural = _("reminder rules")
        constraints = [
            models.CheckConstraint(
                name="ladder_climbs",
                condition=Q(first_days__lt=F("second_days"), second_days__lt=F("third_days")),
                violation_error_message=_("Each step of the ladder needs more days than the last."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.campaign)

    @classmethod
    def of(cls, campaign: Campaign) -> ReminderRules:
        """The campaign's rules, unsaved where nobody has changed them yet."""
        return cls.objects.filter(campaign=campaign).first() or cls(campaign=campaign)

    @property
    def steps(self) -> tuple[int, int, int]:
        return self.first_days, self.second_days, self.third_days


def rules_of_all() -> dict[int, ReminderRules]:
    """The rules of every campaign, in one query."""
    changed = {rules.campaign_id: rules for rules in ReminderRules.objects.all()}
    keys: Iterable[int] = Campaign.objects.values_list("pk", flat=True)
    return {pk: changed.get(pk) or ReminderRules(campaign_id=pk) for pk in keys}
