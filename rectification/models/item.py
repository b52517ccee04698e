"""One row of the ledger: one problem, one number, until it is signed off and after."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Campaign, Category, scope_of
from core.text import search_form
from core.workflow import Stateful
from issues.models import Issue, RectificationClass, Source, campaigns_inside
from issues.models.issue import OUTSIDE
from organisation.models import Person, Unit
from rectification.states import KINDS, OPEN, SHORT, State

if TYPE_CHECKING:
    import datetime as dt

    from django_stubs_ext import StrOrPromise

    from rectification.models.sign_off import Attempt


MOST_DIGITS = 9
CLASS_IN_SHORT: dict[str, StrOrPromise] = {
    RectificationClass.IMMEDIATE: pgettext_lazy("class", "immediate"),
    RectificationClass.PHASED: pgettext_lazy("class", "phased"),
    RectificationClass.LONG_TERM: pgettext_lazy("class", "long-term"),
}


class LedgerItemQuerySet(models.QuerySet["LedgerItem"]):
    def visible_to(self, person: Person) -> LedgerItemQuerySet:
        """Office, discipline office, leading group and the supervising bureau see the whole ledger;
        a leader what he answers for; a department what it leads or is responsible for. Who has left
        the institution sees nothing, whatever he answered for.
        """
        if person.pk is None:
            return self.none()
        scope = scope_of(person)
        inside = campaigns_inside(scope)
        units = scope.acts_for | scope.charge
        responsible = LedgerItem.responsible_departments.through.objects.filter(
            ledgeritem=OuterRef("pk"), unit__in=units
        )
        return self.filter(
            Q(campaign__in=scope.runs)
            | (Q(campaign__in=scope.bureau) & ~Q(state=State.DRAFTING))
            | Q(campaign__in=inside) & (Q(responsible_leader=person.pk) | Q(assignee=person.pk))
            | Q(lead_department__in=units)
            | Exists(responsible)
            | (
                Q(for_all_departments=True, campaign__in=campaigns_inside(scope))
                if units
                else Q(pk=None)
            )
        )

    def of_campaign(self, campaign: Campaign, person: Person) -> LedgerItemQuerySet:
        """``visible_to`` within one campaign. Who runs it sees all of it, so that the database need
        not ask for each row what it is to him.
        """
        rows = self.filter(campaign=campaign)
        return rows if campaign.pk in scope_of(person).runs else rows.visible_to(person)

    def search(self, text: str) -> LedgerItemQuerySet:
        """By the ledger number (or its last part), or by the words in any script and width."""
        wanted = search_form(text)
        if not wanted:
            return self
        digits = wanted.rpartition("-")[2]
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
        by_number = Q(number=int(digits)) if is_number else Q()
        return self.filter(Q(search_text__contains=wanted) | by_number)

    def open(self) -> LedgerItemQuerySet:
        return self.filter(state__in=OPEN)

    def overdue(self, today: dt.date) -> LedgerItemQuerySet:
        """The same rule as ``lights.light``: an item without a deadline is never overdue."""
        return self.open().filter(due_on__lt=today)

    def due_within(self, today: dt.date, last: dt.date) -> LedgerItemQuerySet:
        return self.open().filter(due_on__range=(today, last))

    def on_notice_to(self, person: Person) -> LedgerItemQuerySet:
        """What is on public notice is addressed to everybody in the institution."""
        inside = campaigns_inside(scope_of(person))
        return self.filter(state=State.ON_NOTICE, campaign__in=inside)

    def for_list(self) -> LedgerItemQuerySet:
        """With what a row of the page shows: of the responsible departments only the names."""
        responsible = Unit.objects.filter(responsible_items=OuterRef("pk"))
        others = responsible.exclude(pk=OuterRef("lead_department")).order_by("position", "pk")
        return self.select_related("lead_department", "responsible_leader").annotate(
            other_departments=ArraySubquery(others.values("name"))
        )

    def for_ledger(self) -> LedgerItemQuerySet:
        """With all that a row of the ledger shows, on page, paper and in the workbook."""
        return self.select_related(
            "campaign",
            "category",
            "category__parent",
            "lead_department",
            "responsible_leader",
            "assignee",
            "recurrence_of__campaign",
        ).prefetch_related(
            Prefetch("responsible_departments", Unit.objects.order_by("position", "pk"))
        )


class LedgerItem(Stateful):
    """A confirmed problem on its way to being put right. Nothing is deleted, no number given twice."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="ledger_items", verbose_name=_("campaign")
    )
    number = models.PositiveIntegerField(_("ledger number"), editable=False)
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    issue = models.OneToOneField(
        Issue, models.PROTECT, related_name="ledger_item", verbose_name=_("problem")
    )
    recurrence_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recurrences",
        verbose_name=_("recurrence of"),
    )
    registered_at = models.DateTimeField(_("registered at"), auto_now_add=True)

    text = models.TextField(_("problem"), max_length=4000)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ledger_items",
        verbose_name=_("category"),
    )
    source = models.CharField(_("source"), max_length=20, choices=Source)
    is_grave = models.BooleanField(_("grave"), default=False)
    rectification_class = models.CharField(
        _("rectification class"), max_length=20, choices=RectificationClass, blank=True
    )
    target = models.TextField(_("rectification target"), blank=True)
    responsible_leader = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_items",
        verbose_name=_("responsible leader"),
    )
    lead_department = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_items",
        verbose_name=_("lead department"),
    )
    responsible_departments = models.ManyToManyField(
        Unit,
        related_name="responsible_items",
        blank=True,
        verbose_name=_("responsible departments"),
    )
    for_all_departments = models.BooleanField(_("every department is responsible"), default=False)
    assignee = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_items",
        verbose_name=_("person in charge"),
    )
    deadline_text = models.CharField(_("deadline as written"), max_length=200, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True, editable=False)
    original_due_on = models.DateField(
        _("original deadline"), null=True, blank=True, editable=False
    )

    state = models.CharField(
        _("state"), max_length=30, choices=State, default=State.DRAFTING, editable=False
    )
    objection = models.TextField(_("objection"), blank=True, editable=False)
    suggested_department = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    attempts_count = models.PositiveSmallIntegerField(
        _("attempts at sign-off"), default=0, editable=False
    )
    closed_on = models.DateField(_("signed off on"), null=True, blank=True, editable=False)
    review_on = models.DateField(_("review on"), null=True, blank=True, editable=False)
    exposed_on = models.DateField(_("exposed on"), null=True, blank=True, editable=False)

    search_text = models.TextField(blank=True, editable=False)

    objects = LedgerItemQuerySet.as_manager()
    untrailed: ClassVar[frozenset[str]] = Stateful.untrailed | {"search_text"}
    STATE_KINDS: ClassVar[dict[str, str]] = KINDS

    class Meta:
        verbose_name = _("ledger item")
        verbose_name_plural = _("ledger items")
        constraints = [
            models.UniqueConstraint("campaign", "number", name="ledger_number_once_per_campaign"),
            models.CheckConstraint(name="item_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="item_class_known",
                condition=Q(rectification_class__in=["", *RectificationClass.values]),
            ),
            models.CheckConstraint(
                name="item_past_drafting_has_plan",
                condition=Q(state__in=[State.DRAFTING, State.VOIDED])
                | (
                    ~Q(rectification_class="")
                    & ~Q(target="")
                    & Q(responsible_leader__isnull=False, lead_department__isnull=False)
                ),
                violation_error_message=_(
                    "First state class, target, responsible leader and lead department."
                ),
            ),
            models.CheckConstraint(
                name="item_dated_unless_long_term",
                condition=Q(state__in=[State.DRAFTING, State.VOIDED])
                | Q(rectification_class=RectificationClass.LONG_TERM)
                | Q(due_on__isnull=False),
                violation_error_message=_("Only a long-term item may be without a deadline."),
            ),
            models.CheckConstraint(
                name="item_closed_with_its_day",
                condition=Q(state__in=[State.CLOSED, State.CONTINUING], closed_on__isnull=False)
                | (~Q(state__in=[State.CLOSED, State.CONTINUING]) & Q(closed_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="item_continuing_is_long_term_with_review",
                condition=~Q(state=State.CONTINUING)
                | Q(rectification_class=RectificationClass.LONG_TERM, review_on__isnull=False),
                violation_error_message=_("A continuing item needs a date for its review."),
            ),
            models.CheckConstraint(
                name="item_closed_is_not_long_term",
                condition=~Q(state=State.CLOSED)
                | ~Q(rectification_class=RectificationClass.LONG_TERM),
            ),
        ]
        indexes = [
            models.Index("campaign", "state", "due_on", name="item_by_state_and_due"),
            models.Index("lead_department", "state", name="item_by_lead"),
            models.Index("responsible_leader", "state", name="item_by_leader"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:detail", args=[self.campaign_id, self.number])

    @property
    def code(self) -> str:
        """Year, campaign and running number: what people quote."""
        return f"{self.year}-{self.campaign.code}-{self.number:03d}"

    @property
    def title(self) -> str:
        return Truncator(self.text.replace("\n", " ")).chars(40)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_from_outside(self) -> bool:
        return self.source in OUTSIDE

    @cached_property
    def department_ids(self) -> frozenset[int]:
        """The lead department and the responsible ones that are named."""
        named = {unit.pk for unit in self.responsible_departments.all()}
        return frozenset(named | ({self.lead_department_id} if self.lead_department_id else set()))

    @cached_property
    def attempt_on_its_way(self) -> Attempt | None:
        return self.attempts.filter(outcome="pending").first()

    @property
    def all_departments(self) -> list[Unit]:
        """Lead department first, then the responsible ones; from what ``for_ledger`` has fetched."""
        lead = [self.lead_department] if self.lead_department else []
        return lead + [unit for unit in self.responsible_departments.all() if unit not in lead]

    @property
    def departments_in_words(self) -> str:
        """As the list shows them, lead department first; from what ``for_list`` has fetched."""
        lead = [self.lead_department.name] if self.lead_department else []
        named = "、".join([*lead, *self.other_departments])  # type: ignore[attr-defined]
        everybody = [str(_("every department"))] if self.for_all_departments else []
        return " · ".join([*everybody, *([named] if named else [])])

    @property
    def state_in_short(self) -> StrOrPromise:
        """The state in as few signs as a column of the list has room for."""
        return SHORT.get(self.state) or State(self.state).label

    @property
    def class_in_short(self) -> StrOrPromise:
        return CLASS_IN_SHORT.get(self.rectification_class, "")

    @property
    def state_kind(self) -> str:
        return KINDS[self.state]

    @property
    def is_plan_complete(self) -> bool:
        """Whether what submitting asks for is there (it also asks for a measure)."""
        has_date = self.due_on or self.rectification_class == RectificationClass.LONG_TERM
        who = self.responsible_leader_id and self.lead_department_id
        return bool(self.rectification_class and self.target and who and has_date)

    @property
    def is_deadline_moved(self) -> bool:
        return self.original_due_on is not None and self.original_due_on != self.due_on

    @cached_property
    def workers(self) -> frozenset[int]:
        """Who wrote progress, carried out a measure or added evidence, in any attempt."""
        wrote = self.progress.values_list("by").order_by()
        did = self.measures.filter(done_by__isnull=False).values_list("done_by").order_by()
        added = self.evidence.values_list("uploaded_by").order_by()
        return frozenset(pk for (pk,) in wrote.union(did, added))

    @property
    def needs_notice(self) -> bool:
        """Whether its sign-off is put on public notice, by the campaign's rule."""
        rule = self.campaign.notice_rule
        if rule == Campaign.NoticeRule.EXTERNAL:
            return self.is_from_outside or self.is_grave
        return rule == Campaign.NoticeRule.ALWAYS

    @property
    def needs_visit(self) -> bool:
        """Whether verification must take place on site."""
        outside = self.is_from_outside or self.recurrence_of_id is not None
        return self.campaign.onsite_for_external and (outside or self.exposed_on is not None)
