"""A problem found during a campaign, as it was written and as the office understood it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Category, scope_of
from core.text import search_form
from core.workflow import Stateful
from issues.states import State
from organisation.models import Person, StagedWorkbook, Unit

if TYPE_CHECKING:
    from campaign.models import Scope


class Source(models.TextChoices):
    INTERNAL = "internal", _("internal review")
    EXTERNAL = "external", _("external review")
    OPEN_INSPECTION = "open_inspection", _("open inspection")
    COVERT_INSPECTION = "covert_inspection", _("covert inspection")
    EXPOSURE = "exposure", _("exposure")
    PARTY_INSPECTION = "party_inspection", _("Party inspection")
    REPORT = "report", _("report from the public")
    SUPERIOR = "superior", _("assigned by the superior")


OUTSIDE = frozenset(
    {Source.EXTERNAL, Source.REPORT, Source.PARTY_INSPECTION, Source.SUPERIOR, Source.EXPOSURE}
)
"""Sources outside the unit: such items are verified on site and put on public notice by default."""


class RectificationClass(models.TextChoices):
    IMMEDIATE = "immediate", _("immediate rectification")
    PHASED = "phased", _("phased rectification")
    LONG_TERM = "long_term", _("long-term rectification")


def campaigns_inside(scope: Scope) -> frozenset[int]:
    """Campaigns of his own units, or in which he was appointed: not those he only supervises."""
    return scope.seen - (scope.bureau - scope.runs)


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal() and len(digits) <= 9


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, person: Person) -> IssueQuerySet:
        """Office, discipline office and leading group see a campaign's issues; a department what it
        reported, and what was confirmed against it; everybody what he reported himself.

        What was handed to the discipline office is seen by that office alone, whoever reported it.
        A bureau sees the ledgers below it, not how the problems were found.
        """
        scope = scope_of(person)
        units = scope.acts_for | scope.charge
        responsible = Issue.responsible_departments.through.objects.filter(
            issue=OuterRef("pk"), unit__in=units
        )
        against_them = Q(lead_department__in=units) | Q(Exists(responsible))
        if units:
            against_them |= Q(for_all_departments=True)
        of_their_units = Q(campaign__in=campaigns_inside(scope)) & (
            Q(reported_unit__in=scope.acts_for) | Q(state=State.CONFIRMED) & against_them
        )
        ordinary = ~Q(state=State.HANDED_OVER) & (
            Q(campaign__in=scope.runs)
            | Q(reported_by=person.pk)
            | Q(state=State.CONFIRMED, responsible_leader=person.pk)
            | of_their_units
        )
        return self.filter(ordinary | Q(state=State.HANDED_OVER, campaign__in=scope.discipline))

    def awaiting_review(self) -> IssueQuerySet:
        return self.filter(state=State.REPORTED)

    def returned_to(self, person: Person) -> IssueQuerySet:
        """What he reported (or his department did) and has to correct."""
        return self.filter(state=State.RETURNED).filter(
            Q(reported_by=person.pk) | Q(reported_unit__in=scope_of(person).acts_for)
        )

    def search(self, text: str) -> IssueQuerySet:
        """By the problem's number, or by its words in any script and width."""
        wanted = search_form(text)
        digits = wanted.rpartition("-")[2].removeprefix("p")
        by_number = Q(number=int(digits)) if _is_number(digits) else Q()
        return self.filter(Q(search_text__contains=wanted) | by_number) if wanted else self

    def for_list(self) -> IssueQuerySet:
        return self.select_related(
            "campaign",
            "category",
            "category__parent",
            "lead_department",
            "responsible_leader",
            "assignee",
            "reported_unit",
            "reported_by",
        ).prefetch_related(
            Prefetch("responsible_departments", Unit.objects.order_by("position", "pk"))
        )


class Issue(Stateful):
    """A problem. What a workbook said is kept as written beside what was understood of it."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="issues", verbose_name=_("campaign")
    )
    number = models.PositiveIntegerField(_("problem number"), editable=False)
    text = models.TextField(_("problem"), max_length=4000)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("category"),
    )
    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.INTERNAL)
    is_grave = models.BooleanField(_("grave"), default=False)
    found_on = models.DateField(
        _("found on"),
        null=True,
        blank=True,
        help_text=_("Empty where a workbook does not say it."),
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    reported_by = models.ForeignKey(
        Person, models.PROTECT, related_name="reported_issues", verbose_name=_("reported by")
    )
    reported_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_issues",
        verbose_name=_("reporting unit"),
    )
    reported_at = models.DateTimeField(_("reported at"), auto_now_add=True)

    rectification_class = models.CharField(
        _("rectification class"), max_length=20, choices=RectificationClass, blank=True
    )
    target = models.TextField(_("rectification target"), blank=True)
    measures = models.TextField(_("rectification measures"), blank=True)
    responsible_leader = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_issues",
        verbose_name=_("responsible leader"),
    )
    lead_department = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_issues",
        verbose_name=_("lead department"),
    )
    responsible_departments = models.ManyToManyField(
        Unit,
        related_name="responsible_issues",
        blank=True,
        verbose_name=_("responsible departments"),
    )
    for_all_departments = models.BooleanField(_("every department is responsible"), default=False)
    assignee = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_issues",
        verbose_name=_("person in charge"),
    )
    deadline_text = models.CharField(_("deadline as written"), max_length=200, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)

    written = models.JSONField(
        _("as written"),
        default=dict,
        blank=True,
        help_text=_("Each cell of the workbook's row, word for word, by column."),
    )
    workbook = models.ForeignKey(
        StagedWorkbook, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(_("row"), null=True, blank=True)

    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.REPORTED, editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_issues",
        verbose_name=_("merged into"),
    )
    recurrence_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recurrences",
        verbose_name=_("recurrence of"),
    )
    review_note = models.TextField(_("reason given by the reviewer"), blank=True)
    search_text = models.TextField(blank=True, editable=False)

    objects = IssueQuerySet.as_manager()
    STATE_KINDS: ClassVar[dict[str, str]] = {
        State.REPORTED: "remind",
        State.CONFIRMED: "normal",
        State.RETURNED: "near",
        State.HANDED_OVER: "paused",
        State.MERGED: "closed",
        State.REJECTED: "closed",
    }
    untrailed: ClassVar[frozenset[str]] = Stateful.untrailed | {"search_text"}

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        constraints = [
            models.UniqueConstraint("campaign", "number", name="issue_number_once_per_campaign"),
            models.CheckConstraint(name="issue_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="issue_source_known", condition=Q(source__in=Source.values)
            ),
            models.CheckConstraint(
                name="issue_class_known",
                condition=Q(rectification_class__in=["", *RectificationClass.values]),
            ),
            models.CheckConstraint(
                name="issue_is_not_its_own_recurrence",
                condition=Q(recurrence_of__isnull=True) | ~Q(recurrence_of=models.F("pk")),
            ),
            models.CheckConstraint(
                name="issue_merged_names_the_other",
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
                violation_error_message=_("Name the problem into which this one is merged."),
            ),
            models.CheckConstraint(
                name="issue_due_after_found",
                condition=Q(due_on__isnull=True)
                | Q(found_on__isnull=True)
                | Q(due_on__gte=models.F("found_on")),
                violation_error_message=_(
                    "The deadline lies before the day the problem was found."
                ),
            ),
        ]
        indexes = [
            models.Index("campaign", "state", "number", name="issue_by_state"),
            models.Index("lead_department", "state", name="issue_by_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("issues:detail", args=[self.campaign_id, self.number])

    @property
    def code(self) -> str:
        """The problem's own number, which it keeps whatever becomes of it."""
        return f"{self.campaign.code}-P{self.number:03d}"

    @property
    def title(self) -> str:
        return Truncator(self.text.replace("\n", " ")).chars(40)

    @property
    def is_from_outside(self) -> bool:
        return self.source in OUTSIDE

    @property
    def all_departments(self) -> list[Unit]:
        """Lead department first, then the responsible ones; from what ``for_list`` has fetched."""
        lead = [self.lead_department] if self.lead_department else []
        return lead + [unit for unit in self.responsible_departments.all() if unit not in lead]
