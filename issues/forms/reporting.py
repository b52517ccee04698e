"""One problem, told in under a minute on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import scope_of
from issues import queries
from issues.forms.fields import ProblemField, category_field
from issues.models import Issue, Source
from organisation.models import Unit

if TYPE_CHECKING:
    from campaign.models import Campaign
    from organisation.models import Person
    from organisation.models.unit import UnitQuerySet

FOR_EVERYBODY = (Source.INTERNAL, Source.EXTERNAL, Source.OPEN_INSPECTION)
"""Where a member of staff knows a problem from; the rest is for the office to say."""


def own_units(person: Person) -> UnitQuerySet:
    return Unit.objects.filter(pk__in=scope_of(person).own).in_use().order_by("position", "pk")


class ReportForm(forms.Form):
    """``reported_unit`` is empty when somebody speaks for himself alone: then only the office knows
    who it was. A unit that is named makes the problem visible to those who act for it.
    """

    text = ProblemField(help_text=gettext_lazy("What happened, when and where."))
    source = forms.ChoiceField(label=gettext_lazy("Where it was found"))
    department = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Department concerned"),
        required=False,
        empty_label=gettext_lazy("not sure: the office decides"),
        widget=forms.Select(attrs={"data-select": ""}),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    found_on = forms.DateField(label=gettext_lazy("Found on"))
    reported_unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("In whose name"), required=False
    )

    def __init__(self, *args: Any, campaign: Campaign, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.for_office = campaign.pk in scope_of(by).runs
        self.fields["category"] = category_field(campaign, _("not sure: the office decides"))
        allowed = list(Source) if self.for_office else list(FOR_EVERYBODY)
        self._choices("source").choices = [(source.value, source.label) for source in allowed]
        self._model("department").queryset = queries.departments_of(campaign)
        self.fields["found_on"].initial = timezone.localdate
        self._ask_in_whose_name(by)
        self.order_fields(["text", "category", "department", "source", "place", "found_on"])

    def _ask_in_whose_name(self, by: Person) -> None:
        field = self._model("reported_unit")
        units = own_units(by)
        field.queryset = units
        acting = [unit for unit in units if unit.pk in scope_of(by).acts_for]
        if self.for_office:
            field.empty_label = _("none: recorded by the office")
        else:
            field.empty_label = _("myself: only the office sees who reported it")
            field.initial = acting[0] if acting else None
        field.help_text = _("If you choose a department, its head can see the problem too.")

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the type checker
        return field

    def _model(self, name: str) -> forms.ModelChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for the type checker
        return field

    def clean_found_on(self) -> Any:
        day = self.cleaned_data["found_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes: a department that was named is the one responsible, for now."""
        facts = dict(self.cleaned_data)
        department = facts.pop("department")
        return {**facts, "responsible_departments": [department] if department else []}

    @staticmethod
    def initial_from(issue: Issue) -> dict[str, Any]:
        return {
            "text": issue.text,
            "category": issue.category_id,
            "source": issue.source,
            "department": next(iter(issue.responsible_departments.all()), None),
            "place": issue.place,
            "found_on": issue.found_on,
            "reported_unit": issue.reported_unit_id,
        }
