"""A campaign: what it is, when, for whom, and by which settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign import presets
from campaign.actions.campaigns import SETTINGS
from campaign.models import Campaign
from organisation.models import PostKind, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organisation.models import Person

BASICS = ("name", "code", "basis", "aim")
DATES = ("starts_on", "ends_on")
EXPLAINED = {
    "basis": _("Title and number of the plan or notice."),
    "code": _("Stands in every ledger number, for example ZF in 2026-ZF-001. Capital letters."),
    "day_basis": _(
        "Default: natural days; if the last one is no working day, the next working day counts."
    ),
    "cut_off": _(
        "Default 17:00. What is accepted later, or on a rest day, is due on the next working day."
    ),
    "warn_days": _(
        "Default 3. So many days before its deadline an item turns yellow; after it, red."
    ),
    "immediate_days": _("Default 7. The longest deadline proposed for “immediate” items."),
    "notice_rule": _(
        "Default: what came from outside, and grave problems, are put on notice before sign-off."
    ),
    "notice_days": _("Default 5 working days, during which anybody in the unit may object."),
    "onsite_for_external": _(
        "Default yes: whoever verifies goes there; papers alone are not enough."
    ),
    "review_months": _(
        "Default 6. A long-term item is never “done”: its staged goal is met, and it is looked at again."
    ),
    "upward_channel": _(
        "Telephone or letter box of the bureau. Shown instead of the form when a report concerns a"
        " principal of the unit; such a report is not stored here."
    ),
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the tree of checkboxes."""

    pk: int
    name: str
    depth: int
    is_chosen: bool


class CampaignForm(forms.ModelForm):
    """The host is settled when a campaign is drafted; everything else may change until its end."""

    class Meta:
        model = Campaign
        fields = [*BASICS, *DATES, "units", *SETTINGS]
        help_texts = EXPLAINED
        widgets = {
            "basis": forms.Textarea(attrs={"rows": 2}),
            "aim": forms.Textarea(attrs={"rows": 3}),
            "upward_channel": forms.Textarea(attrs={"rows": 2}),
            "cut_off": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "notice_rule": forms.RadioSelect,
            "day_basis": forms.RadioSelect,
        }

    def __init__(self, *args: Any, hosts: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tree = [
            unit for unit in Unit.objects.below(hosts).in_use().in_order() if unit.pk not in hosts
        ]
        units = cast("forms.ModelMultipleChoiceField[Unit]", self.fields["units"])
        units.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in self._tree])
        units.required = False

    def unit_rows(self) -> Iterator[UnitRow]:
        chosen = {str(getattr(value, "pk", value)) for value in self["units"].value() or ()}
        top = min((unit.tree_depth for unit in self._tree), default=0)
        for unit in self._tree:
            yield UnitRow(unit.pk, unit.name, unit.tree_depth - top, str(unit.pk) in chosen)

    def basics(self) -> list[forms.BoundField]:
        return [self[name] for name in BASICS]

    def dates(self) -> list[forms.BoundField]:
        return [self[name] for name in DATES]

    def settings(self) -> list[forms.BoundField]:
        return [self[name] for name in SETTINGS]


class DraftForm(CampaignForm):
    """A new campaign, with ready categories and phases to begin from."""

    category_set = forms.ChoiceField(
        label=_("Ready categories"), required=False, widget=forms.RadioSelect
    )
    phase_plan = forms.ChoiceField(
        label=_("Ready phases"), required=False, widget=forms.RadioSelect
    )

    class Meta(CampaignForm.Meta):
        fields = ["host", *CampaignForm.Meta.fields]

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        hosts = sorted(by.units_as(PostKind.CAMPAIGN_OFFICE))
        super().__init__(*args, hosts=hosts, **kwargs)
        host = cast("forms.ModelChoiceField[Unit]", self.fields["host"])
        host.queryset = Unit.objects.filter(pk__in=hosts).order_by("position", "pk")
        host.empty_label = None
        if len(hosts) == 1:
            host.initial = hosts[0]
            host.widget = forms.HiddenInput()
        none = [("", pgettext_lazy("ready set", "none; I shall write them myself"))]
        for name, ready in (
            ("category_set", presets.category_sets()),
            ("phase_plan", presets.phase_plans()),
        ):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [
                *((key, f"{preset.name} — {preset.note}") for key, preset in ready.items()),
                *none,
            ]
            field.initial = next(iter(ready))


class CopyForm(forms.ModelForm):
    with_appointments = forms.BooleanField(
        label=_("Take the leading group and the office along"), required=False, initial=True
    )

    class Meta:
        model = Campaign
        fields = ["name", "code", "starts_on"]
        help_texts = {
            "code": EXPLAINED["code"],
            "starts_on": _("All phases and milestones move with this day."),
        }


class FinishForm(forms.Form):
    reason = forms.CharField(
        label=_("How the campaign ended"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: the meeting that summed it up, and where its report is kept."),
    )
