"""The correction of one day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisation.models import DayKind


class CorrectDayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput)
    kind = forms.ChoiceField(label=_("Becomes"), choices=DayKind)
    name = forms.CharField(
        label=_("Name"), max_length=60, required=False, help_text=_("For example: National Day.")
    )
    reason = forms.CharField(
        label=_("What it rests on"),
        max_length=300,
        help_text=_("Title and number of the notice; it stays in the trail."),
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        self.year = year
        super().__init__(*args, **kwargs)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day.year != self.year:
            raise ValidationError(
                gettext("This page is for days of %(year)s.") % {"year": self.year}
            )
        return day
