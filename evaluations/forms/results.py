"""What is asked about results: confirmations, measures, appeals, statements, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.actions import next_number
from campaign.forms import PersonField
from campaign.models import Letterhead
from evaluations.actions import Execution, Talk
from evaluations.actions.deciding import MOST_MONTHS
from evaluations.counting.ladder import Rung
from evaluations.models import CommentDecision
from organisation.queries import working_calendar

if TYPE_CHECKING:
    import datetime as dt

    from django_stubs_ext import StrOrPromise

    from campaign.models import Campaign
    from evaluations.models import Consequence

REPLY_DAYS = 10
"""Working days for the written answer, where nobody says otherwise."""
YES, NO = "yes", "no"


def _words(label: StrOrPromise, *, rows: int = 4, most: int = 1000, **kwargs: Any) -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **kwargs)


def _day(label: StrOrPromise, **kwargs: Any) -> forms.DateField:
    kwargs.setdefault("initial", timezone.localdate)
    return forms.DateField(label=label, **kwargs)


class ConfirmForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision of the Party committee"),
        choices=[
            (YES, _("The grade “poor” is confirmed")),
            (NO, _("The grade “poor” is not confirmed")),
        ],
        widget=forms.RadioSelect,
    )
    reason = _words(_("Reason"), help_text=_("What was looked at, and why it is confirmed or not."))
    decided_on = _day(pgettext_lazy("evaluation", "Decided on"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["is_confirmed"] = cleaned.pop("decision", NO) == YES
        return cleaned


class DecideForm(forms.Form):
    rung = forms.ChoiceField(
        label=pgettext_lazy("evaluation", "Measure"), choices=Rung.choices, widget=forms.RadioSelect
    )
    reason = _words(_("Reason"), help_text=_("If it differs from what is proposed, say why."))
    decided_on = _day(pgettext_lazy("evaluation", "Decided on"))


class CarryOutForm(forms.Form):
    """Asks what this measure needs: a letter its number, a talk who spoke, when and where."""

    on = _day(pgettext_lazy("evaluation", "Carried out on"))
    text = _words(_("What has to improve"), rows=5, most=4000)
    reply_due_on = _day(_("Answer due on"))
    effect_months = forms.IntegerField(
        label=_("In effect for … months"),
        min_value=1,
        max_value=MOST_MONTHS,
        initial=6,
        help_text=_("The follow-up is due when they are over."),
    )

    def __init__(self, *args: Any, consequence: Consequence, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rung = Rung(consequence.rung)
        campaign = consequence.subject.round.campaign
        self.fields["on"].label = {
            Rung.REMINDER_LETTER: _("Day of the letter"),
            Rung.ADMONITION_TALK: _("Day of the talk"),
        }.get(self.rung, pgettext_lazy("evaluation", "Carried out on"))
        if self.rung == Rung.TRANSFER_OR_REMOVAL:
            del self.fields["reply_due_on"]
            self.fields["text"].label = _("What was ordered")
            return
        due = working_calendar().working_day_after(today, REPLY_DAYS)
        self.fields["reply_due_on"].initial = due
        if self.rung == Rung.REMINDER_LETTER:
            self._ask_for_number(campaign, today)
        else:
            self._ask_about_talk(campaign)

    def _ask_for_number(self, campaign: Campaign, today: dt.date) -> None:
        letterhead = Letterhead.objects.filter(unit=campaign.host).first()
        word = letterhead.number_word if letterhead else ""
        self.fields["number"] = forms.IntegerField(
            label=_("Number of the letter"),
            min_value=1,
            initial=next_number(campaign.host, word=word, year=today.year),
            help_text=_("The next free number is proposed; a number is given only once."),
        )
        self.order_fields(["number", "on", "text", "reply_due_on", "effect_months"])

    def _ask_about_talk(self, campaign: Campaign) -> None:
        who = _("Employee number, or the name.")
        off = {"autocomplete": "off"}
        self.fields["starts_at"] = forms.TimeField(
            label=_("Begin of the talk"),
            initial="09:00",
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        )
        self.fields["place"] = forms.CharField(label=pgettext_lazy("talk", "Place"), max_length=100)
        for name, label in (
            ("interviewer", _("Who holds the talk")),
            ("recorder", _("Who keeps the record")),
        ):
            self.fields[name] = PersonField(
                campaign=campaign, label=label, help_text=who, widget=forms.TextInput(attrs=off)
            )
        self.fields["content"] = _words(_("What was said"), rows=6, most=4000)
        self.order_fields(
            ["on", "starts_at", "place", "interviewer", "recorder", "content", "text"]
        )

    def execution(self) -> Execution:
        given = self.cleaned_data
        talk = None
        if self.rung == Rung.ADMONITION_TALK:
            names = ("interviewer", "recorder", "place", "starts_at", "content")
            talk = Talk(**{name: given[name] for name in names})
        return Execution(
            on=given["on"],
            text=given["text"],
            reply_due_on=given.get("reply_due_on"),
            effect_months=given["effect_months"],
            number=given.get("number"),
            talk=talk,
        )


class JudgeForm(forms.Form):
    decision = forms.ChoiceField(
        label=pgettext_lazy("evaluation", "Decision"),
        choices=[(YES, _("Uphold the appeal")), (NO, _("Reject the appeal"))],
        widget=forms.RadioSelect,
    )
    answer = _words(_("Answer to the head"), most=2000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["is_upheld"] = cleaned.pop("decision", NO) == YES
        return cleaned


class WordsForm(forms.Form):
    """One text; what it is for stands over it."""

    text = _words("")

    def __init__(self, *args: Any, label: StrOrPromise, most: int = 2000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = _words(label, rows=7, most=most)


class ReviewForm(forms.Form):
    decision = forms.ChoiceField(choices=CommentDecision.choices)
    edited = forms.CharField(required=False, max_length=200)


class NothingForm(forms.Form):
    """A press of a button."""
