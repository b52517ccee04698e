"""The filter of the handlings, which the figures of the statistics open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext_lazy

from issues.queries import departments_of
from organisation.models import Unit
from supervision.models import ExposureMeeting, Handling, HandlingForm
from supervision.states import MeetingState

if TYPE_CHECKING:
    from campaign.models import Campaign
    from organisation.models import Person
    from supervision.models.handling import HandlingQuerySet


class ExposureMeetingFilter(django_filters.FilterSet):
    """Asked by other systems: which are issued, which are held."""

    state = django_filters.ChoiceFilter(choices=MeetingState.choices, label=gettext_lazy("State"))

    class Meta:
        model = ExposureMeeting
        fields = ("state",)


class HandlingFilter(django_filters.FilterSet):
    """Each row is a person-time; ``people`` leaves one row, the newest, for each person."""

    decided_from = django_filters.DateFilter(
        field_name="decided_on", lookup_expr="gte", label=gettext_lazy("Decided from")
    )
    decided_to = django_filters.DateFilter(
        field_name="decided_on", lookup_expr="lte", label=gettext_lazy("Decided until")
    )
    form = django_filters.ChoiceFilter(
        choices=HandlingForm.choices,
        label=gettext_lazy("Form of handling"),
        empty_label=gettext_lazy("all"),
    )
    unit = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Department"),
        empty_label=gettext_lazy("all"),
        queryset=Unit.objects.none(),
        widget=forms.Select(attrs={"data-select": ""}),
    )
    people = django_filters.BooleanFilter(
        method="each_once", label=gettext_lazy("Each person once"), widget=forms.CheckboxInput
    )

    class Meta:
        model = Handling
        fields = ("form", "unit")

    def __init__(self, *args: Any, campaign: Campaign, by: Person, **kwargs: Any) -> None:
        kwargs["queryset"] = Handling.objects.visible_to(by).filter(campaign=campaign)
        super().__init__(*args, **kwargs)
        self.filters["unit"].queryset = departments_of(campaign)

    def filter_queryset(self, queryset: HandlingQuerySet) -> HandlingQuerySet:
        """``person_times`` keeps every row that the other filters leave; persons come last."""
        cleaned = self.form.cleaned_data
        for name, value in cleaned.items():
            if name != "people":
                queryset = self.filters[name].filter(queryset, value)
        self.person_times = queryset
        return self.filters["people"].filter(queryset, cleaned.get("people"))

    def each_once(self, rows: HandlingQuerySet, name: str, wanted: bool) -> HandlingQuerySet:
        if not wanted:
            return rows
        newest = rows.order_by("person", "-decided_on", "-pk").distinct("person")
        return Handling.objects.filter(pk__in=newest.values("pk"))

    @property
    def rows(self) -> HandlingQuerySet:
        """In order, with all that a row shows: among it how often the person was dealt with."""
        found = self.qs
        same = self.person_times.filter(person=OuterRef("person")).order_by()
        times = same.values("person").annotate(n=Count("pk")).values("n")
        return (
            found.annotate(times=Subquery(times))
            .select_related("person", "unit", "item__campaign", "naming_approved_by", "recorded_by")
            .newest_first()
        )
