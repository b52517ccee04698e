"""How the lists of units and people are narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Person, Post, PostKind, Unit, UnitCategory

if TYPE_CHECKING:
    from organisation.models.person import PersonQuerySet
    from organisation.models.unit import UnitQuerySet

FLAGS = (
    ("handles_resources", _("handles people, money, materials")),
    ("serves_patients", _("serves patients")),
)
IN_USE = (("", _("in use")), ("closed", _("closed")), ("all", _("all")))
SIGNS_IN = (("", _("may sign in")), ("no", _("may not sign in")), ("all", _("all")))


class UnitFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("Name"),
        method="by_name",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    category = filters.ChoiceFilter(
        label=pgettext_lazy("unit", "Category"), choices=UnitCategory, empty_label=_("all")
    )
    flag = filters.ChoiceFilter(
        label=_("Character"), choices=FLAGS, empty_label=_("all"), method="by_flag"
    )
    state = filters.ChoiceFilter(
        label=_("State"), choices=IN_USE[1:], empty_label=IN_USE[0][1], method="by_state"
    )

    class Meta:
        model = Unit
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: UnitQuerySet) -> UnitQuerySet:
        found: UnitQuerySet = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.in_use()

    @property
    def is_tree(self) -> bool:
        """Nothing is asked for, so the units stand in their tree."""
        asked = getattr(self.form, "cleaned_data", {})
        return not any(asked.get(name) for name in ("q", "category", "flag"))

    def by_name(self, units: UnitQuerySet, name: str, text: str) -> UnitQuerySet:
        return units.filter(Q(name__icontains=text.strip()) | Q(aliases__icontains=text.strip()))

    def by_flag(self, units: UnitQuerySet, name: str, flag: str) -> UnitQuerySet:
        return units.filter(**{flag: True})

    def by_state(self, units: UnitQuerySet, name: str, state: str) -> UnitQuerySet:
        return units.filter(closed_on__isnull=False) if state == "closed" else units


def units_open_to(request: Any) -> UnitQuerySet:
    return Unit.objects.visible_to(request.user).in_use().in_order()


class PersonFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("Name or employee number"),
        method="by_text",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    unit = filters.ModelChoiceFilter(
        label=_("Unit"),
        queryset=units_open_to,
        method="by_unit",
        empty_label=_("all"),
        widget=forms.Select(attrs={"data-select": ""}),
    )
    post = filters.ChoiceFilter(
        label=_("Post"), choices=PostKind, empty_label=_("all"), method="by_post"
    )
    state = filters.ChoiceFilter(
        label=_("Sign-in"), choices=SIGNS_IN[1:], empty_label=SIGNS_IN[0][1], method="by_state"
    )

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: PersonQuerySet) -> PersonQuerySet:
        found: PersonQuerySet = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("state"):
            found = found.active()
        return leaders_first(found)

    def by_text(self, people: PersonQuerySet, name: str, text: str) -> PersonQuerySet:
        return people.found_by(text)

    def by_unit(self, people: PersonQuerySet, name: str, unit: Unit) -> PersonQuerySet:
        return people.holding(*PostKind, units=Unit.objects.below([unit.pk]).values("pk"))

    def by_post(self, people: PersonQuerySet, name: str, kind: str) -> PersonQuerySet:
        return people.holding(PostKind(kind))

    def by_state(self, people: PersonQuerySet, name: str, state: str) -> PersonQuerySet:
        return people.filter(is_active=False) if state == "no" else people


def leaders_first(people: PersonQuerySet) -> PersonQuerySet:
    """By the highest post held today, then as the units stand, then by number."""
    best = Post.objects.on(timezone.localdate()).filter(person=OuterRef("pk")).by_rank()
    return people.annotate(
        best_rank=Subquery(best.values("rank")[:1]),  # type: ignore[misc]
        best_place=Subquery(best.values("unit__position")[:1]),
        best_order=Subquery(best.values("position")[:1]),
    ).order_by("best_rank", "best_place", "best_order", "employee_number", "pk")
