"""What is asked about a meeting, its report, and the steps of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.actions import next_number
from issues.forms import leaders_of
from issues.queries import departments_of
from organisation.models import Person, Unit
from supervision.forms.fields import words
from supervision.models import ExposureMeeting

if TYPE_CHECKING:
    from campaign.models import Campaign, Letterhead


class MeetingForm(forms.ModelForm):
    """When, where and who. The action saves it."""

    class Meta:
        model = ExposureMeeting
        fields = (
            "number",
            "period_from",
            "period_to",
            "held_on",
            "starts_at",
            "place",
            "chair",
            "attendees",
            "agenda",
            "red_days",
        )
        widgets = {
            "starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "agenda": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaders = leaders_of(campaign)
        chair = self.fields["chair"]
        chair.queryset = Person.objects.filter(pk__in=[one.pk for one in leaders])  # type: ignore[attr-defined]
        chair.choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("decided later")),
            *((one.pk, str(one)) for one in leaders),
        ]
        if self.instance.pk is None:
            self.fields["number"].label = gettext_lazy("Number in the series")
        else:
            del self.fields["number"]


class ReportForm(forms.ModelForm):
    """What the report says around its cases. The action saves it."""

    class Meta:
        model = ExposureMeeting
        fields = (
            "title",
            "recipient",
            "intro",
            "overall",
            "causes",
            "requirements",
            "feedback_due_on",
            "copies_to",
        )
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 3}),
            "overall": forms.Textarea(attrs={"rows": 4}),
            "causes": forms.Textarea(attrs={"rows": 5}),
            "requirements": forms.Textarea(attrs={"rows": 5}),
        }


class ReasonForm(forms.Form):
    reason = words(gettext_lazy("Reason"))


class NothingForm(forms.Form):
    """A step that asks nothing."""


class HoldForm(forms.Form):
    held_on = forms.DateField(label=gettext_lazy("Held on"))

    def __init__(self, *args: Any, meeting: ExposureMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if meeting.held_on <= timezone.localdate():
            self.fields["held_on"].initial = meeting.held_on
        else:
            self.fields["held_on"].help_text = _(
                "It is planned for %(day)s. Enter another day only if it was held on that day."
            ) % {"day": date_format(meeting.held_on)}


class ApproveForm(forms.Form):
    """Number and date are proposed; ``fingerprint`` is that of what the leader has before his eyes."""

    number = forms.IntegerField(
        label=gettext_lazy("Serial number of the paper"), min_value=1, max_value=9999
    )
    issued_on = forms.DateField(label=gettext_lazy("Date of issue"))
    opinion = words(gettext_lazy("Opinion"), required=False, rows=2)
    fingerprint = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def proposed(
        meeting: ExposureMeeting, letterhead: Letterhead, fingerprint: str
    ) -> dict[str, Any]:
        today = timezone.localdate()
        number = next_number(meeting.campaign.host, word=letterhead.number_word, year=today.year)
        return {"number": number, "issued_on": today, "fingerprint": fingerprint}


class DistributeForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Departments"),
        error_messages={"required": gettext_lazy("Tick at least one department.")},
    )

    def __init__(self, *args: Any, meeting: ExposureMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = meeting.distributions.values("unit")
        self.units = departments_of(meeting.campaign).exclude(pk__in=there)
        self.fields["units"].queryset = self.units  # type: ignore[attr-defined]
