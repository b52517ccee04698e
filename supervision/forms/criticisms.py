"""The self-criticism of a department, and what its reader decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rectification.models import Measure
from supervision.models import SelfCriticism

if TYPE_CHECKING:
    import datetime as dt

    from rectification.models import LedgerItem

    _Rows = BaseFormSet["PledgeRow"]
else:
    _Rows = BaseFormSet

SPARE_ROWS = 2
LONGEST = 30
MOST_DIGITS = 4


class CriticismForm(forms.ModelForm):
    """The three parts that the founding plan demands. The action saves it."""

    class Meta:
        model = SelfCriticism
        fields = ("cause", "responsibility", "pledge")
        widgets = {
            "cause": forms.Textarea(attrs={"rows": 4}),
            "responsibility": forms.Textarea(attrs={"rows": 3}),
            "pledge": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "cause": gettext_lazy(
                "Why it came to this: in the work, and in the thinking behind it."
            ),
            "responsibility": gettext_lazy("Who answers for what; begin with yourself."),
            "pledge": gettext_lazy("What the department promises, in a few sentences."),
        }


class PledgeRow(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is pledged"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = forms.DateField(label=gettext_lazy("By"), required=False)
    measure = forms.ModelChoiceField(
        Measure.objects.none(),
        label=gettext_lazy("Measure in the ledger"),
        required=False,
        empty_label=gettext_lazy("a new one"),
    )

    def __init__(self, *args: Any, item: LedgerItem | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = measures_of(item)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = cleaned.get("due_on") or cleaned.get("measure")
        if said and not cleaned.get("text", "").strip():
            self.add_error("text", _("Say what is pledged."))
        return cleaned


def measures_of(item: LedgerItem | None) -> Any:
    return Measure.objects.filter(item=item).order_by("position", "pk")


class Pledges(_Rows):
    def add_fields(self, form: PledgeRow, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = pgettext_lazy("row", "Remove")

    @property
    def pledges(self) -> list[tuple[str, dt.date | None, Measure | None]]:
        """What stays, in order; empty rows are passed over."""
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        return [(row["text"], row["due_on"], row["measure"]) for row in rows if row.get("text")]

    @staticmethod
    def with_one_more(data: Any) -> Any:
        """The same page with one more empty row, for browsers that run no script too."""
        more = data.copy()
        shown = more.get("pledges-TOTAL_FORMS", "")
        is_number = shown.isdecimal() and len(shown) <= MOST_DIGITS
        more["pledges-TOTAL_FORMS"] = min(int(shown) + 1, LONGEST) if is_number else 1
        return more


PledgeRows = cast(
    "type[Pledges]",
    formset_factory(PledgeRow, formset=Pledges, extra=SPARE_ROWS, can_delete=True, max_num=LONGEST),
)


class LinkPledgeForm(forms.Form):
    """Only a measure with its day makes a pledge good."""

    measure = forms.ModelChoiceField(
        Measure.objects.none(),
        label=gettext_lazy("Measure in the ledger"),
        empty_label=gettext_lazy("please choose"),
    )

    def __init__(self, *args: Any, item: LedgerItem | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dated = measures_of(item).filter(due_on__isnull=False)
        self.fields["measure"].queryset = dated  # type: ignore[attr-defined]
