"""Candidates, and the cases made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from issues.queries import departments_of
from supervision.forms.fields import ItemField, words
from supervision.models import Candidate, ExposureCase

if TYPE_CHECKING:
    from organisation.models import Person
    from supervision.models import ExposureMeeting


class DecideForm(forms.Form):
    """What becomes of the candidates that are ticked; the button pressed says it."""

    TAKE_IN, LEAVE_OUT = "take_in", "leave_out"
    pk = forms.ModelMultipleChoiceField(
        Candidate.objects.none(),
        label=gettext_lazy("Candidates"),
        error_messages={"required": gettext_lazy("Tick at least one candidate.")},
    )
    decision = forms.ChoiceField(
        choices=[
            (TAKE_IN, gettext_lazy("Take in")),
            (LEAVE_OUT, gettext_lazy("Leave out")),
        ]
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000)

    def __init__(self, *args: Any, meeting: ExposureMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        candidates = meeting.candidates.select_related("item__campaign")
        self.fields["pk"].queryset = candidates.order_by("item__number", "pk")  # type: ignore[attr-defined]


class TakeInForm(forms.Form):
    """An item that no rule proposes."""

    reason = words(gettext_lazy("Reason"), rows=2)

    def __init__(self, *args: Any, meeting: ExposureMeeting, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = ItemField(campaign=meeting.campaign, by=by)
        self.order_fields(["item", "reason"])


class CaseForm(forms.ModelForm):
    """A typical problem as the report tells it. The action saves it."""

    class Meta:
        model = ExposureCase
        fields = (
            "title",
            "happened",
            "place",
            "facts",
            "nature",
            "department",
            "handling",
            "handling_concluded_on",
            "due_on",
            "position",
        )
        widgets = {
            "facts": forms.Textarea(attrs={"rows": 5}),
            "nature": forms.Textarea(attrs={"rows": 2}),
            "handling": forms.Textarea(attrs={"rows": 3}),
            "department": forms.Select(attrs={"data-select": ""}),
        }
        help_texts = {
            "facts": gettext_lazy("When, where, what, with figures. Names are masked for others."),
            "nature": gettext_lazy("What kind of fault it is, in a sentence."),
            "handling_concluded_on": gettext_lazy(
                "Only with this day is the case part of the report. Until then it stays a candidate."
            ),
            "position": gettext_lazy("The lowest comes first."),
        }

    def __init__(self, *args: Any, meeting: ExposureMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_of(meeting.campaign)  # type: ignore[attr-defined]
        if "due_on" in self.fields and not self.initial.get("due_on"):
            self.initial["due_on"] = meeting.feedback_due_on


class GoodExampleForm(CaseForm):
    class Meta(CaseForm.Meta):
        fields = ("title", "happened", "place", "facts", "department")  # type: ignore[assignment]
        help_texts = {
            "facts": gettext_lazy("What was done well, and what others can learn from it.")
        }
