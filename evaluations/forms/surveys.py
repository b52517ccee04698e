"""What is asked about a satisfaction survey."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.text import storable
from evaluations.actions.surveys import MOST_CODES
from evaluations.models import Access, Audience, Survey, SurveyTarget
from issues.queries import departments_of
from organisation.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from campaign.models import Campaign

BETWEEN_WINDOWS = re.compile(r"[、，,；;\n]+")
MOST_WINDOWS, LONGEST_WINDOW = 20, 20
MOST_ISSUED = 1_000_000
DAYS_OPEN = 14


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class SurveyForm(forms.ModelForm):
    """Who is asked about which departments, how, and until when. The action saves it."""

    departments = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Departments that are asked about"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one department.")},
    )

    class Meta:
        model = Survey
        fields = (
            "name",
            "audience",
            "access",
            "opens_at",
            "closes_at",
            "expected",
            "minimum",
            "satisfied",
            "fairly",
            "dissatisfied",
        )
        widgets = {
            "audience": forms.HiddenInput,
            "access": forms.RadioSelect,
            "opens_at": MomentInput,
            "closes_at": MomentInput,
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        access = self.fields["access"]
        access.choices = [  # type: ignore[attr-defined]
            (Access.OPEN, gettext_lazy("open link on a poster: whoever scans it may answer")),
            (
                Access.ONE_TIME,
                gettext_lazy("one-time codes: each slip of paper lets one answer in"),
            ),
        ]
        self.fields["departments"].queryset = departments_of(campaign)  # type: ignore[attr-defined]
        if self.instance.pk is not None and not self.is_bound:
            self.initial["departments"] = [one.unit_id for one in self.instance.targets.all()]

    @property
    def facts(self) -> dict[str, Any]:
        """What the action is given."""
        return self.cleaned_data


def proposed(campaign: Campaign, audience: str, now: dt.datetime) -> dict[str, Any]:
    """For the public, departments that serve patients; for staff, those that handle resources."""
    of_whom = Audience(audience)
    flag = "serves_patients" if of_whom == Audience.PUBLIC else "handles_resources"
    number = Survey.objects.filter(campaign=campaign, audience=audience).count() + 1
    morning = timezone.localtime(now).replace(hour=8, minute=0, second=0, microsecond=0)
    begins = morning + dt.timedelta(days=1)
    words = {
        Audience.PUBLIC: _("Satisfaction of patients and the public, number %(n)s"),
        Audience.STAFF: _("Satisfaction of staff, number %(n)s"),
    }
    return {
        "name": words[of_whom] % {"n": number},
        "audience": audience,
        "access": Access.OPEN,
        "opens_at": begins,
        "closes_at": begins + dt.timedelta(days=DAYS_OPEN, hours=10),
        "departments": [one.pk for one in departments_of(campaign) if getattr(one, flag)],
    }


class WindowsForm(forms.Form):
    """For each department the names of its windows, in one line."""

    def __init__(self, *args: Any, targets: Iterable[SurveyTarget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target in targets:
            self.fields[f"windows-{target.pk}"] = forms.CharField(
                label=target.unit.name,
                required=False,
                max_length=600,
                initial="、".join(target.windows),
            )

    def clean(self) -> dict[str, Any]:
        for name, written in list(super().clean().items()):  # type: ignore[union-attr]
            windows = [
                one.strip() for one in BETWEEN_WINDOWS.split(storable(written)) if one.strip()
            ]
            if len(windows) > MOST_WINDOWS or any(len(one) > LONGEST_WINDOW for one in windows):
                self.add_error(
                    name,
                    _("At most %(most)s windows of at most %(long)s characters.")
                    % {"most": MOST_WINDOWS, "long": LONGEST_WINDOW},
                )
            self.cleaned_data[name] = list(dict.fromkeys(windows))
        return self.cleaned_data

    @property
    def windows(self) -> dict[int, list[str]]:
        return _by_target(self.cleaned_data)


class IssuedForm(forms.Form):
    """For each department how many people were asked; empty where nobody knows."""

    def __init__(self, *args: Any, targets: Iterable[SurveyTarget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target in targets:
            self.fields[f"issued-{target.pk}"] = forms.IntegerField(
                label=target.unit.name,
                required=False,
                min_value=1,
                max_value=MOST_ISSUED,
                initial=target.issued,
            )

    @property
    def issued(self) -> dict[int, int | None]:
        return _by_target(self.cleaned_data)


def _by_target(cleaned: dict[str, Any]) -> dict[int, Any]:
    return {int(name.rpartition("-")[2]): value for name, value in cleaned.items()}


class DepartmentChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.unit)


class CodesForm(forms.Form):
    target = DepartmentChoice(
        SurveyTarget.objects.none(),
        label=gettext_lazy("For which department"),
        required=False,
        empty_label=pgettext_lazy("survey", "every department"),
    )
    each = forms.IntegerField(
        label=gettext_lazy("Slips for each department"),
        min_value=1,
        max_value=MOST_CODES,
        initial=20,
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = survey.targets.select_related("unit").order_by("unit__position", "pk")
        self.fields["target"].queryset = targets  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class NothingForm(forms.Form):
    """A step that asks nothing."""
