"""A campaign: what it is, for whom, and by which settings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models.own_scope import scope_of
from campaign.states import State
from core.workflow import Stateful
from organisation.models import Unit

if TYPE_CHECKING:
    from organisation.models import Person


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, person: Person) -> CampaignQuerySet:
        """Everybody in the host unit sees its campaigns, those above it too; drafts only who makes them."""
        scope = scope_of(person)
        return self.filter(
            Q(pk__in=scope.seen) & (~Q(state=State.DRAFT) | Q(pk__in=scope.office | scope.leading))
        )

    def newest_first(self) -> CampaignQuerySet:
        return self.order_by("-starts_on", "-pk")

    def for_list(self) -> CampaignQuerySet:
        """With the host, and how many milestones there are and are done."""
        return self.select_related("host").annotate(
            milestones=models.Count("phases__milestones"),
            milestones_done=models.Count(
                "phases__milestones", filter=Q(phases__milestones__done_on__isnull=False)
            ),
        )

    def running_first(self) -> CampaignQuerySet:
        """Running ones, then drafts, then finished ones; the newest first in each."""
        return self.order_by(*RUNNING_FIRST)


RUNNING_FIRST = (
    models.Case(
        models.When(state=State.RUNNING, then=0),
        models.When(state=State.DRAFT, then=1),
        default=2,
    ),
    models.F("starts_on").desc(),
    models.F("pk").desc(),
)


class Campaign(Stateful):
    """A time-boxed drive to find and fix conduct problems, with its own categories and settings."""

    class DayBasis(models.TextChoices):
        ROLLING = "rolling", _("natural days, last day rolls to the next working day")
        WORKING = "working", _("working days")
        NATURAL = "natural", _("natural days, no rolling")

    class NoticeRule(models.TextChoices):
        NEVER = "never", _("never")
        EXTERNAL = "external", _("problems from outside, and grave ones")
        ALWAYS = "always", _("every item")

    name = models.CharField(pgettext_lazy("campaign", "name"), max_length=100)
    code = models.CharField(
        _("code"),
        max_length=12,
        validators=[RegexValidator(r"^[A-Z0-9]+$", _("Use capital letters and digits only."))],
        help_text=_("Stands in every ledger number, for example ZF in 2026-ZF-001."),
    )
    host = models.ForeignKey(
        Unit, models.PROTECT, related_name="campaigns", verbose_name=_("host unit")
    )
    basis = models.TextField(
        _("basis document"), blank=True, help_text=_("Title and number of the plan or notice.")
    )
    aim = models.TextField(_("aim"), blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    units = models.ManyToManyField(
        Unit,
        related_name="campaigns_in_scope",
        blank=True,
        verbose_name=_("units in scope"),
        help_text=_("None chosen means every department of the host unit."),
    )
    day_basis = models.CharField(
        _("how days are counted"), max_length=10, choices=DayBasis, default=DayBasis.ROLLING
    )
    cut_off = models.TimeField(_("same-day cut-off"), default=dt.time(17, 0))
    warn_days = models.PositiveSmallIntegerField(_("days before due: yellow"), default=3)
    immediate_days = models.PositiveSmallIntegerField(
        _("days for immediate rectification"), default=7, validators=[MinValueValidator(1)]
    )
    notice_rule = models.CharField(
        _("public notice before sign-off"),
        max_length=10,
        choices=NoticeRule,
        default=NoticeRule.EXTERNAL,
    )
    notice_days = models.PositiveSmallIntegerField(
        _("working days of public notice"), default=5, validators=[MaxValueValidator(30)]
    )
    onsite_for_external = models.BooleanField(
        _("verify on site what came from outside or came back"), default=True
    )
    review_months = models.PositiveSmallIntegerField(
        _("months until a long-term item is reviewed"), default=6, validators=[MinValueValidator(1)]
    )
    upward_channel = models.TextField(
        _("channel for reports about principals"),
        blank=True,
        help_text=_("Shown instead of the form when a report concerns a principal of the unit."),
    )
    issue_counter = models.PositiveIntegerField(default=0, editable=False)
    ledger_counter = models.PositiveIntegerField(default=0, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.UniqueConstraint(
                "host",
                "code",
                name="campaign_code_once_per_host",
                violation_error_message=_("Another campaign of this unit has this code."),
            ),
            models.CheckConstraint(
                name="campaign_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The campaign would end before it starts."),
            ),
            models.CheckConstraint(
                name="campaign_state_known", condition=Q(state__in=State.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campaign:detail", args=[self.pk])

    @property
    def days(self) -> int:
        """How many days it lasts, first and last included."""
        return (self.ends_on - self.starts_on).days + 1

    def scope_units(self) -> models.QuerySet[Unit]:
        """The units this campaign speaks to: the chosen ones with all below them, else the host's."""
        tree = Unit.objects.with_tree_fields().extra(
            where=[
                (
                    "tree_path && COALESCE(NULLIF(ARRAY("
                    "SELECT unit_id FROM campaign_campaign_units WHERE campaign_id = %s"
                    "), '{}'), ARRAY[%s]::bigint[])"
                )
            ],
            params=[self.pk, self.host_id],
        )
        return tree.in_use().in_order()
