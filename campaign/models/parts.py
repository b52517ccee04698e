"""What a campaign is made of: phases with milestones, categories of problems, appointments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models.campaign import Campaign
from organisation.models import Person

if TYPE_CHECKING:
    import datetime as dt


class PhaseMethod(models.TextChoices):
    """What a phase is mainly for. Phases inform, never lock, and may overlap."""

    MOBILIZE = "mobilize", _("mobilisation")
    STUDY = "study", _("study and education")
    IDENTIFY = "identify", _("problem identification")
    RECTIFY = "rectify", _("rectification implementation")
    INSTITUTIONALIZE = "institutionalize", _("institution building")
    SUM_UP = "sum_up", _("summing up and evaluation")
    OTHER = "other", pgettext_lazy("phase", "other")


class Phase(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    name = models.CharField(pgettext_lazy("campaign", "name"), max_length=60)
    method = models.CharField(
        _("method"), max_length=20, choices=PhaseMethod, default=PhaseMethod.OTHER
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = [
            models.CheckConstraint(
                name="phase_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The phase would end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A dated piece of work of a phase; the ribbon counts those done."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="milestones")
    name = models.CharField(pgettext_lazy("campaign", "name"), max_length=100)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                name="milestone_done_on_and_by_together",
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CategoryQuerySet(models.QuerySet["Category"]):
    def families_first(self) -> CategoryQuerySet:
        """Every family before any kind, each level in its order."""
        return self.order_by(F("parent").asc(nulls_first=True), "position", "pk")

    def in_order(self) -> CategoryQuerySet:
        """Each family followed by its kinds, as a list for people shows them."""
        return self.annotate(
            family_position=Coalesce("parent__position", "position"),
            family=Coalesce("parent_id", "pk"),
        ).order_by("family_position", "family", F("parent").asc(nulls_first=True), "position", "pk")


class Category(models.Model):
    """A family of problems, or one kind within a family: two levels, for each campaign its own."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="categories")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    name = models.CharField(pgettext_lazy("campaign", "name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category of problems")
        verbose_name_plural = _("categories of problems")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "parent",
                "name",
                name="category_name_once",
                nulls_distinct=False,
                violation_error_message=_("There is already a category of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AppointmentRole(models.TextChoices):
    LEADING_HEAD = "leading_head", _("head of the leading group")
    LEADING_DEPUTY = "leading_deputy", _("deputy head of the leading group")
    LEADING_MEMBER = "leading_member", _("member of the leading group")
    OFFICE_DIRECTOR = "office_director", _("director of the campaign office")
    OFFICE_MEMBER = "office_member", _("member of the campaign office")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: dt.date) -> AppointmentQuerySet:
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))


class Appointment(models.Model):
    """Who sits in the leading group or works in the office of a campaign, from when until when."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="appointments")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="appointments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=AppointmentRole)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "person",
                "role",
                "since",
                name="appointment_once",
                violation_error_message=_("This person is already appointed so."),
            ),
            models.CheckConstraint(
                name="appointment_role_known", condition=Q(role__in=AppointmentRole.values)
            ),
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message=_("The appointment would end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"
