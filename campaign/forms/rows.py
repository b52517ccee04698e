"""Pages that hold many rows: phases, milestones, categories. New rows may stay empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import Category, Milestone, Phase, PhaseMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from campaign.models import Campaign

    _Rows = BaseFormSet["Row"]
else:
    _Rows = BaseFormSet

LONGEST = 200
SPARE_ROWS = 2


class Row(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Rows(_Rows):
    """A formset over rows that exist; ``to_actions`` says what the person wants done with each."""

    of = "row"

    def __init__(self, data: Any = None, *, known: Mapping[int, Any], **kwargs: Any) -> None:
        self.known = known
        super().__init__(data, prefix="rows", **kwargs)

    def add_fields(self, form: Row, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = pgettext_lazy("row", "Remove")

    def clean(self) -> None:
        for form in self.forms:
            pk = form.cleaned_data.get("pk") if hasattr(form, "cleaned_data") else None
            if pk is not None and pk not in self.known:
                form.add_error(None, _("Somebody else has removed this row. Load the page again."))

    def to_actions(self) -> list[dict[str, Any]]:
        wanted = []
        for form in self.forms:
            facts = dict(form.cleaned_data)
            if not facts or (not facts.get("pk") and not form.has_changed()):
                continue
            pk = facts.pop("pk")
            facts["delete"] = facts.pop("DELETE")
            facts[self.of] = self.known.get(pk)
            wanted.append(facts)
        return wanted

    @staticmethod
    def with_one_more(data: Any) -> Any:
        """The same page with one more empty row, for browsers that run no script too."""
        more = data.copy()
        shown = more.get("rows-TOTAL_FORMS", "")
        more["rows-TOTAL_FORMS"] = min(int(shown) + 1, LONGEST) if shown.isdecimal() else 1
        return more


class PhaseRow(Row):
    name = forms.CharField(label=_("Phase"), max_length=60)
    method = forms.ChoiceField(
        label=_("Method"), choices=PhaseMethod, initial=PhaseMethod.OTHER, required=False
    )
    starts_on = forms.DateField(label=_("From"))
    ends_on = forms.DateField(label=_("To"))
    position = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=999, required=False, initial=99
    )

    def clean_method(self) -> str:
        return self.cleaned_data["method"] or PhaseMethod.OTHER

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The phase would end before it starts."))
        return facts


class MilestoneRow(Row):
    name = forms.CharField(label=_("Milestone"), max_length=100)
    due_on = forms.DateField(label=pgettext_lazy("row", "Due on"))


class CategoryRow(Row):
    name = forms.CharField(label=pgettext_lazy("row", "Category"), max_length=100)
    parent = forms.TypedChoiceField(label=_("Family"), required=False, coerce=int, empty_value=None)
    position = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=999, required=False, initial=99
    )

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0


class _PhaseRows(Rows):
    of = "phase"


class _MilestoneRows(Rows):
    of = "milestone"


class _CategoryRows(Rows):
    of = "category"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.families = [
            (pk, category.name) for pk, category in self.known.items() if category.parent_id is None
        ]

    def add_fields(self, form: Row, index: int | None) -> None:
        super().add_fields(form, index)
        parent = cast("forms.TypedChoiceField", form.fields["parent"])
        parent.choices = [("", _("— is a family —")), *self.families]

    def to_actions(self) -> list[dict[str, Any]]:
        wanted = super().to_actions()
        for facts in wanted:
            facts["parent"] = self.known.get(facts["parent"])
        return wanted


_options: dict[str, Any] = {
    "extra": SPARE_ROWS,
    "can_delete": True,
    "max_num": LONGEST,
    "absolute_max": LONGEST,
}
_PhaseFormSet = formset_factory(PhaseRow, formset=_PhaseRows, **_options)
_MilestoneFormSet = formset_factory(MilestoneRow, formset=_MilestoneRows, **_options)
_CategoryFormSet = formset_factory(CategoryRow, formset=_CategoryRows, **_options)


def PhaseRows(campaign: Campaign, data: Any = None) -> Rows:  # noqa: N802 -- reads as a class
    known = {phase.pk: phase for phase in campaign.phases.order_by("position", "starts_on", "pk")}
    return _filled(_PhaseFormSet, PhaseRow, known, data)


def MilestoneRows(phase: Phase, data: Any = None) -> Rows:  # noqa: N802
    known = {one.pk: one for one in phase.milestones.order_by("due_on", "pk")}
    return _filled(_MilestoneFormSet, MilestoneRow, known, data)


def CategoryRows(campaign: Campaign, data: Any = None) -> Rows:  # noqa: N802
    known = {category.pk: category for category in campaign.categories.in_order()}
    return _filled(_CategoryFormSet, CategoryRow, known, data)


def _filled(
    formset: Any, row: type[Row], known: Mapping[int, Phase | Milestone | Category], data: Any
) -> Rows:
    columns = [name for name in row.base_fields if name != "pk"]
    initial = [
        {"pk": pk, **{name: _value(thing, name) for name in columns}} for pk, thing in known.items()
    ]
    made: Rows = formset(data, known=known, initial=initial)
    return made


def _value(thing: Any, name: str) -> Any:
    return thing.parent_id if name == "parent" else getattr(thing, name)
