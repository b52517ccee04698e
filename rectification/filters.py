"""One filter for the page, the workbook and the paper, so that all three mean the same rows."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.choices import BaseChoiceIterator, flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaign.models import Category, scope_of
from issues.forms import leader_choices
from issues.models import RectificationClass, Source
from issues.queries import category_choices, departments_of
from organisation.models import Person, Unit
from rectification.models import Evidence, LedgerItem
from rectification.queries.figures import GROUPS, LIGHTS, NOT_VOIDED
from rectification.queries.waiting import VERBS, waiting
from rectification.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django_stubs_ext import StrOrPromise

    from campaign.models import Campaign
    from rectification.models import LedgerItemQuerySet
    from rectification.queries.figures import Tally

ORDERS = {
    "number": ("number",),
    "class": ("rectification_class", "number"),
    "category": ("category__position", "category", "number"),
    "lead": ("lead_department__position", "lead_department", "number"),
    "leader": ("responsible_leader__name", "number"),
    "due": ("due_on", "number"),
    "state": ("state", "number"),
    "closed": ("closed_on", "number"),
}
SEARCHABLE = {"data-select": ""}
TAB_WORDS = {
    "open": pgettext_lazy("ledger", "not signed off"),
    "planning": pgettext_lazy("ledger", "planning"),
    "rectifying": pgettext_lazy("ledger", "under rectification"),
    "under_review": pgettext_lazy("ledger", "under review"),
    "done": pgettext_lazy("ledger", "concluded"),
    "continuing": pgettext_lazy("ledger", "continuing"),
    "voided": pgettext_lazy("ledger", "voided"),
}
LIGHT_WORDS = {
    "overdue": pgettext_lazy("light", "Overdue"),
    "near": pgettext_lazy("light", "Due soon"),
    "normal": pgettext_lazy("light", "On time"),
    "none": pgettext_lazy("light", "No deadline"),
}
COUNTED_BY = ("show", "light", "state")
"""The filters that tabs and tiles stand for: their counts are taken before these."""


def _day(field: str, comparison: str, label: StrOrPromise) -> django_filters.DateFilter:
    """Asked by the figures of the home pages, which count the same days."""
    return django_filters.DateFilter(
        field_name=field, lookup_expr=comparison, label=label, widget=forms.HiddenInput
    )


class Offered(BaseChoiceIterator):
    """Choices that are read when they are looked at, and only once."""

    def __init__(self, choices: Callable[[], list[Any]]) -> None:
        self._choices = choices

    def __iter__(self) -> Iterator[Any]:
        yield "", _("all")
        yield from self._read

    @functools.cached_property
    def _read(self) -> list[Any]:
        return self._choices()


class LedgerFilter(django_filters.FilterSet):
    """Voided items are shown only to who asks for them."""

    q = django_filters.CharFilter(
        method="search", label=gettext_lazy("Number or text"), widget=forms.SearchInput()
    )
    show = django_filters.ChoiceFilter(
        method="of_group",
        choices=list(TAB_WORDS.items()),
        label=gettext_lazy("Stage"),
        widget=forms.HiddenInput,
    )
    light = django_filters.ChoiceFilter(
        method="of_light",
        choices=list(LIGHT_WORDS.items()),
        label=gettext_lazy("Light"),
        empty_label=gettext_lazy("all"),
    )
    state = django_filters.ChoiceFilter(
        choices=State.choices, label=gettext_lazy("State"), empty_label=gettext_lazy("all")
    )
    category = django_filters.ModelChoiceFilter(
        method="in_category", label=gettext_lazy("Category"), queryset=Category.objects.none()
    )
    source = django_filters.ChoiceFilter(
        choices=Source.choices, label=gettext_lazy("Source"), empty_label=gettext_lazy("all")
    )
    rectification_class = django_filters.ChoiceFilter(
        choices=RectificationClass.choices,
        label=gettext_lazy("Rectification class"),
        empty_label=gettext_lazy("all"),
    )
    department = django_filters.ModelChoiceFilter(
        method="concerning",
        label=gettext_lazy("Lead or responsible department"),
        empty_label=gettext_lazy("all"),
        queryset=Unit.objects.none(),
        widget=forms.Select(attrs=SEARCHABLE),
    )
    lead_department = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Lead department"),
        empty_label=gettext_lazy("all"),
        queryset=Unit.objects.none(),
        widget=forms.Select(attrs=SEARCHABLE),
    )
    responsible_leader = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Responsible leader"),
        empty_label=gettext_lazy("all"),
        queryset=Person.objects.none(),
    )
    mine = django_filters.BooleanFilter(
        method="only_mine",
        label=gettext_lazy("Only those I answer for"),
        widget=forms.CheckboxInput,
    )
    exposed = django_filters.BooleanFilter(
        method="only_exposed",
        label=gettext_lazy("Exposed"),
        widget=forms.CheckboxInput,
    )
    waiting = django_filters.ChoiceFilter(
        method="waiting_for_me",
        choices=[(verb.key, verb.label) for verb in VERBS],
        label=gettext_lazy("Waiting for me"),
        widget=forms.HiddenInput,
    )
    registered_from = _day("registered_at__date", "gte", gettext_lazy("Registered from"))
    registered_to = _day("registered_at__date", "lte", gettext_lazy("Registered until"))
    closed_from = _day("closed_on", "gte", gettext_lazy("Signed off from"))
    closed_to = _day("closed_on", "lte", gettext_lazy("Signed off until"))
    due_from = _day("due_on", "gte", gettext_lazy("Due from"))
    due_to = _day("due_on", "lte", gettext_lazy("Due until"))

    class Meta:
        model = LedgerItem
        fields = ("state", "source", "rectification_class", "lead_department", "responsible_leader")

    def __init__(self, *args: Any, campaign: Campaign, by: Person, **kwargs: Any) -> None:
        kwargs["queryset"] = LedgerItem.objects.of_campaign(campaign, by)
        super().__init__(*args, **kwargs)
        self.campaign, self.by, self.today = campaign, by, timezone.localdate()
        departments = departments_of(campaign).values_list("pk", "name")
        self._offer("department", "lead_department", choices=lambda: list(departments))
        self._offer("responsible_leader", choices=lambda: leader_choices(campaign))
        self._offer("category", choices=lambda: category_choices(campaign))

    def _offer(self, *names: str, choices: Callable[[], list[Any]]) -> None:
        """Read once, and only when the form is shown or one of them was asked for."""
        offered = Offered(choices)
        for name in names:
            declared = self.form.fields[name]
            self.form.fields[name] = forms.TypedChoiceField(
                choices=offered,
                coerce=int,
                empty_value=None,
                label=declared.label,
                required=False,
                widget=declared.widget,
            )

    def filter_queryset(self, queryset: LedgerItemQuerySet) -> LedgerItemQuerySet:
        """``counted`` keeps what the other filters leave, for the figures over the list."""
        cleaned = self.form.cleaned_data
        for name, value in cleaned.items():
            if name not in COUNTED_BY:
                queryset = self.filters[name].filter(queryset, value)
        self.counted = queryset
        queryset = queryset.filter(state__in=self.states_shown)
        return self.filters["light"].filter(queryset, cleaned.get("light"))

    @property
    def states_shown(self) -> frozenset[str]:
        """Those of the tab and of the state asked for; voided ones only when asked for."""
        show, state = self.form.cleaned_data.get("show"), self.form.cleaned_data.get("state")
        shown = GROUPS[show] if show else frozenset({State.VOIDED}) | NOT_VOIDED
        if state:
            return shown & {state}
        return shown if show else NOT_VOIDED

    def count(self, tally: Tally) -> int:
        """How many rows the list has, by the tally of what the other filters leave."""
        return tally.count(self.states_shown, self.form.cleaned_data.get("light") or "")

    def search(self, rows: LedgerItemQuerySet, name: str, wanted: str) -> LedgerItemQuerySet:
        return rows.search(wanted)

    def of_group(self, rows: LedgerItemQuerySet, name: str, wanted: str) -> LedgerItemQuerySet:
        return rows.filter(state__in=GROUPS[wanted])

    def of_light(self, rows: LedgerItemQuerySet, name: str, wanted: str) -> LedgerItemQuerySet:
        return rows.filter(LIGHTS[wanted](self.today))

    def concerning(self, rows: LedgerItemQuerySet, name: str, unit: int) -> LedgerItemQuerySet:
        """Those it leads, those it is responsible for, and those that are everybody's."""
        responsible = LedgerItem.responsible_departments.through.objects.filter(unit=unit)
        return rows.filter(
            Q(lead_department=unit)
            | Q(for_all_departments=True)
            | Q(pk__in=responsible.values("ledgeritem_id"))
        )

    def in_category(self, rows: LedgerItemQuerySet, name: str, category: int) -> LedgerItemQuerySet:
        """A family stands for all its kinds."""
        return rows.filter(Q(category=category) | Q(category__parent=category))

    def only_mine(self, rows: LedgerItemQuerySet, name: str, wanted: bool) -> LedgerItemQuerySet:
        """His own as a leader or as the person in charge, and those of the departments he acts for."""
        if not wanted:
            return rows
        units = scope_of(self.by).acts_for
        responsible = LedgerItem.responsible_departments.through.objects.filter(unit__in=units)
        return rows.filter(
            Q(responsible_leader=self.by.pk)
            | Q(assignee=self.by.pk)
            | Q(lead_department__in=units)
            | Q(pk__in=responsible.values("ledgeritem_id"))
        )

    def only_exposed(self, rows: LedgerItemQuerySet, name: str, wanted: bool) -> LedgerItemQuerySet:
        return rows.filter(exposed_on__isnull=False) if wanted else rows

    def waiting_for_me(self, rows: LedgerItemQuerySet, name: str, key: str) -> LedgerItemQuerySet:
        verb = next(verb for verb in VERBS if verb.key == key)
        return rows.filter(pk__in=waiting(verb, self.by, self.today).values("pk"))

    @property
    def ordered(self) -> LedgerItemQuerySet:
        wanted = self.data.get("sort", "")
        fields = ORDERS.get(wanted.removeprefix("-"), ORDERS["number"])
        first = F(fields[0])
        down = wanted.startswith("-")
        order = first.desc(nulls_last=True) if down else first.asc(nulls_last=True)
        return self.qs.order_by(order, *fields[1:], "pk")

    @property
    def page_rows(self) -> LedgerItemQuerySet:
        """In order, with what a row of the page shows."""
        return with_evidence_counted(self.ordered.for_list())

    @property
    def rows(self) -> LedgerItemQuerySet:
        """In order, with all that a workbook or a paper says of an item."""
        return with_evidence_counted(self.ordered.for_ledger())

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
            words = dict(flatten_choices(getattr(field, "choices", ()))).get(value, value)
            said.append(
                str(field.label)
                if value is True
                else _("%(label)s: %(value)s") % {"label": field.label, "value": words}
            )
        return _("; ").join(said)


def with_evidence_counted(rows: LedgerItemQuerySet) -> LedgerItemQuerySet:
    """How many pieces of evidence stand behind each item."""
    standing = Evidence.objects.filter(item=OuterRef("pk"), withdrawn_at=None).order_by()
    count = standing.values("item").annotate(n=Count("pk")).values("n")
    return rows.annotate(evidence_count=Coalesce(Subquery(count), 0))
