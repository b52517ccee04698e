"""The plan of an item: what is reached, by whom, how and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.deadlines import parse
from core.text import clean
from issues.forms import leaders_of
from issues.models import RectificationClass
from issues.queries import categories_of, category_choices, departments_of
from organisation.clock import due_after
from organisation.models import Person, Unit
from organisation.queries import working_calendar
from rectification.models import LedgerItem

if TYPE_CHECKING:
    import datetime as dt

    from rectification.models import LedgerItemQuerySet

    _Rows = BaseFormSet["MeasureRow"]
else:
    _Rows = BaseFormSet

SPARE_ROWS = 2
LONGEST = 50


class PlanForm(forms.Form):
    """Whatever is still missing may stay missing while the plan is drafted; submitting asks for it."""

    text = forms.CharField(
        label=gettext_lazy("Problem"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    rectification_class = forms.ChoiceField(
        label=gettext_lazy("Rectification class"),
        required=False,
        choices=[("", gettext_lazy("to be decided")), *RectificationClass.choices],
    )
    is_grave = forms.BooleanField(label=gettext_lazy("Grave"), required=False)
    target = forms.CharField(
        label=gettext_lazy("Rectification target"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What must be so, that can be seen or counted, to be signed off."),
    )
    responsible_leader = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Responsible leader"), required=False
    )
    lead_department = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Lead department"),
        required=False,
        empty_label=gettext_lazy("please choose"),
        widget=forms.Select(attrs={"data-select": ""}),
    )
    responsible_departments = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Responsible departments"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-select": ""}),
    )
    for_all_departments = forms.BooleanField(
        label=gettext_lazy("Every department is responsible"), required=False
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        help_text=gettext_lazy("May be empty for long-term rectification only."),
    )
    deadline_text = forms.CharField(
        label=gettext_lazy("Deadline in words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "As it was written, for example “by the end of June, and for good”."
        ),
    )

    def __init__(self, *args: Any, item: LedgerItem, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_from(item))
        super().__init__(*args, **kwargs)
        self.item = item
        category = forms.ModelChoiceField(
            categories_of(item.campaign), label=_("Category"), required=False
        )
        category.choices = [("", _("please choose")), *category_choices(item.campaign)]
        self.fields["category"] = category
        units = departments_of(item.campaign)
        for name in ("lead_department", "responsible_departments"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]
        leaders = leaders_of(item.campaign)
        leader = self.fields["responsible_leader"]
        leader.queryset = Person.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in leaders]
        )
        leader.choices = [  # type: ignore[attr-defined]
            ("", _("please choose")),
            *((one.pk, str(one)) for one in leaders),
        ]
        self.order_fields(["text", "category", *self.base_fields])

    @staticmethod
    def initial_from(item: LedgerItem) -> dict[str, Any]:
        return {
            "text": item.text,
            "category": item.category_id,
            "rectification_class": item.rectification_class,
            "is_grave": item.is_grave,
            "target": item.target,
            "responsible_leader": item.responsible_leader_id,
            "lead_department": item.lead_department_id,
            "responsible_departments": [unit.pk for unit in item.responsible_departments.all()],
            "for_all_departments": item.for_all_departments,
            "due_on": item.due_on or suggested_deadline(item),
            "deadline_text": item.deadline_text,
        }

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])

    def clean_target(self) -> str:
        return clean(self.cleaned_data["target"])


def suggested_deadline(item: LedgerItem) -> dt.date | None:
    """The day that the written words name without any doubt, or that “at once” means in this
    campaign; a person still saves it.
    """
    if item.deadline_text:
        read = parse(item.deadline_text, year=item.campaign.starts_on.year)
        if read.due_on and not read.findings:
            return read.due_on
    if item.rectification_class != RectificationClass.IMMEDIATE:
        return None
    campaign = item.campaign
    return due_after(
        timezone.localdate(),
        campaign.immediate_days,
        basis=campaign.day_basis,
        calendar=working_calendar(),
    ).due_on


class MeasureRow(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Measure"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = forms.DateField(label=gettext_lazy("Due on"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("due_on") and not cleaned.get("text", "").strip():
            self.add_error("text", _("Say what is done by this day."))
        return cleaned


class Measures(_Rows):
    def add_fields(self, form: MeasureRow, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = pgettext_lazy("row", "Remove")

    @property
    def measures(self) -> list[tuple[str, dt.date | None]]:
        """What stays, in order; empty rows are passed over."""
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        return [(clean(row["text"]), row.get("due_on")) for row in rows if row.get("text")]

    @staticmethod
    def with_one_more(data: Any) -> Any:
        """The same page with one more empty row, for browsers that run no script too."""
        more = data.copy()
        shown = more.get("measures-TOTAL_FORMS", "")
        more["measures-TOTAL_FORMS"] = min(int(shown) + 1, LONGEST) if shown.isdecimal() else 1
        return more


MeasureRows = cast(
    "type[Measures]",
    formset_factory(
        MeasureRow, formset=Measures, extra=SPARE_ROWS, can_delete=True, max_num=LONGEST
    ),
)


class ApprovePlansForm(forms.Form):
    pk = forms.ModelMultipleChoiceField(
        LedgerItem.objects.none(),
        error_messages={"required": gettext_lazy("Tick at least one plan.")},
    )
    opinion = forms.CharField(label=gettext_lazy("Opinion"), required=False, max_length=500)

    def __init__(self, *args: Any, items: LedgerItemQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pk"].queryset = items.order_by("number", "pk")  # type: ignore[attr-defined]
