"""One filter for the page and the workbook, so that both mean the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Category, scope_of
from issues import queries
from issues.models import Issue, RectificationClass, Source
from issues.states import State
from organisation.models import Unit

if TYPE_CHECKING:
    from campaign.models import Campaign
    from issues.models import IssueQuerySet
    from organisation.models import Person

ORDERS = {
    "number": ("number",),
    "category": ("category__position", "category", "number"),
    "source": ("source", "number"),
    "found": ("found_on", "number"),
    "due": ("due_on", "number"),
    "lead": ("lead_department__position", "lead_department", "number"),
    "state": ("state", "number"),
}
SEARCHABLE = {"data-select": ""}


class IssueFilter(django_filters.FilterSet):
    """Who reported can be asked for only by those who may know it."""

    q = django_filters.CharFilter(
        method="search",
        label=gettext_lazy("Number or text"),
        widget=forms.SearchInput(),
    )
    state = django_filters.ChoiceFilter(
        choices=State.choices, label=gettext_lazy("State"), widget=forms.HiddenInput
    )
    category = django_filters.ModelChoiceFilter(
        method="in_category",
        label=gettext_lazy("Category"),
        empty_label=gettext_lazy("all"),
        queryset=Category.objects.none(),
    )
    source = django_filters.ChoiceFilter(
        choices=Source.choices, label=gettext_lazy("Source"), empty_label=gettext_lazy("all")
    )
    department = django_filters.ModelChoiceFilter(
        method="concerning",
        label=gettext_lazy("Department concerned"),
        empty_label=gettext_lazy("all"),
        queryset=Unit.objects.none(),
        widget=forms.Select(attrs=SEARCHABLE),
    )
    rectification_class = django_filters.ChoiceFilter(
        choices=RectificationClass.choices,
        label=gettext_lazy("Rectification class"),
        empty_label=gettext_lazy("all"),
    )
    reported_unit = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Reporting unit"),
        empty_label=gettext_lazy("all"),
        queryset=Unit.objects.none(),
        widget=forms.Select(attrs=SEARCHABLE),
    )
    mine = django_filters.BooleanFilter(
        method="only_mine",
        label=gettext_lazy("Reported by me"),
        widget=forms.CheckboxInput,
    )
    workbook = django_filters.UUIDFilter(
        field_name="workbook__key", widget=forms.HiddenInput, label=gettext_lazy("Workbook")
    )

    class Meta:
        model = Issue
        fields = ("state", "source", "rectification_class", "reported_unit", "workbook")

    def __init__(self, *args: Any, campaign: Campaign, by: Person, **kwargs: Any) -> None:
        kwargs["queryset"] = Issue.objects.visible_to(by).filter(campaign=campaign)
        super().__init__(*args, **kwargs)
        self.campaign, self.by = campaign, by
        scope = scope_of(by)
        units = queries.departments_of(campaign)
        self.filters["department"].queryset = units
        may_know = campaign.pk in scope.runs
        self.filters["reported_unit"].queryset = (
            units
            if may_know
            else Unit.objects.filter(pk__in=scope.acts_for).order_by("position", "pk")
        )
        if not may_know and not scope.acts_for:
            del self.filters["reported_unit"]
        category = forms.ModelChoiceField(
            queries.categories_of(campaign), label=_("Category"), required=False
        )
        category.choices = [("", _("all")), *queries.category_choices(campaign)]
        self.form.fields["category"] = category

    def filter_queryset(self, queryset: IssueQuerySet) -> IssueQuerySet:
        """``any_state`` keeps what the other filters leave, to count by state."""
        cleaned = self.form.cleaned_data
        for name, value in cleaned.items():
            if name != "state":
                queryset = self.filters[name].filter(queryset, value)
        self.any_state = queryset
        return self.filters["state"].filter(queryset, cleaned.get("state"))

    def search(self, rows: IssueQuerySet, name: str, wanted: str) -> IssueQuerySet:
        return rows.search(wanted)

    def concerning(self, rows: IssueQuerySet, name: str, unit: Unit) -> IssueQuerySet:
        """Those it leads, those it is responsible for, and those that are everybody's."""
        responsible = Issue.responsible_departments.through.objects.filter(unit=unit)
        return rows.filter(
            Q(lead_department=unit)
            | Q(for_all_departments=True)
            | Q(pk__in=responsible.values("issue_id"))
        )

    def in_category(self, rows: IssueQuerySet, name: str, category: Category) -> IssueQuerySet:
        """A family stands for all its kinds."""
        return rows.filter(Q(category=category) | Q(category__parent=category))

    def only_mine(self, rows: IssueQuerySet, name: str, wanted: bool) -> IssueQuerySet:
        return rows.filter(reported_by=self.by.pk) if wanted else rows

    @property
    def ordered(self) -> IssueQuerySet:
        wanted = self.data.get("sort", "")
        fields = ORDERS.get(wanted.removeprefix("-"), ORDERS["number"])
        first = F(fields[0])
        down = wanted.startswith("-")
        order = first.desc(nulls_last=True) if down else first.asc(nulls_last=True)
        return self.qs.order_by(order, *fields[1:], "pk")

    @property
    def in_words(self) -> str:
        """What was asked for, in one sentence, for the head of a printed or exported list."""
        if not self.form.is_valid():
            return ""
        said = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", False):
                continue
            field = self.form.fields[name]
            words = (
                dict(getattr(field, "choices", ())).get(value, value)
                if isinstance(value, str)
                else value
            )
            said.append(
                str(field.label)
                if value is True
                else _("%(label)s: %(value)s") % {"label": field.label, "value": words}
            )
        return _("; ").join(said)
