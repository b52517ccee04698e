"""Which reminders a campaign sends."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.models import ReminderRules


class RemindersForm(forms.ModelForm):
    faults_title = _("Not saved yet. Please look at the following:")

    class Meta:
        model = ReminderRules
        fields = [
            "digest",
            "ladder",
            "first_days",
            "second_days",
            "third_days",
            "last_day",
            "returned",
            "decision",
            "decision_days",
        ]
        help_texts = {
            "digest": _(
                "One message in the morning with everything that waits for a person; nothing when"
                " nothing waits."
            ),
            "ladder": _(
                "While an item is overdue and nothing is heard of it, the next one up is told: once"
                " at each step, in his digest."
            ),
            "third_days": _("The item is then proposed for exposure; a person decides."),
            "last_day": _(
                "To the person in charge, or else to the heads of the lead department, in the"
                " morning of that day."
            ),
            "returned": _("To whoever applied, when it happens (not in the quiet hours)."),
            "decision": _("To the leader, in the morning of the day named below."),
        }
