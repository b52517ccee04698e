"""What is asked about a group of voters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.forms.people import staff_choices
from evaluations.models import GroupRule, VoterGroup
from issues.queries import departments_of
from organisation.models import Person

if TYPE_CHECKING:
    from evaluations.models import Round

LETTERS = "ABCDEFGH"
WITH_UNITS = frozenset({GroupRule.SERVED, GroupRule.SERVED_HEADS})


class GroupForm(forms.ModelForm):
    """Letter, name, rule and weight. The action saves it."""

    class Meta:
        model = VoterGroup
        fields = ("code", "name", "rule", "weight", "units", "people")
        widgets = {
            "units": forms.SelectMultiple(attrs={"data-select": ""}),
            "people": forms.SelectMultiple(attrs={"data-select": ""}),
        }

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = departments_of(round_.campaign)  # type: ignore[attr-defined]
        people = staff_choices(round_.campaign)
        self.fields["people"].queryset = Person.objects.filter(pk__in=[pk for pk, _n in people])  # type: ignore[attr-defined]
        self.fields["people"].choices = people  # type: ignore[attr-defined]
        self.fields["code"].help_text = gettext_lazy(
            "A, B, C … Whoever would belong to two groups belongs to the first."
        )
        if self.instance.pk is None:
            there = dict(round_.groups.values_list("code", "weight"))
            self.initial.setdefault("code", next((c for c in LETTERS if c not in there), ""))
            self.initial.setdefault("weight", max(0, 100 - sum(there.values())) or None)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if code not in LETTERS or len(code) != 1:
            raise ValidationError(_("One letter from A to H."))
        return code

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        rule = found.get("rule")
        if rule == GroupRule.BY_HAND and not found.get("people"):
            self.add_error("people", _("Choose the people of this group."))
        if rule not in WITH_UNITS:
            found["units"] = []
        if rule != GroupRule.BY_HAND:
            found["people"] = []
        return found
