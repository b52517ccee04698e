"""What is asked about a token."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import TokenScope

LIVES = (
    (30, _("30 days")),
    (90, _("90 days")),
    (180, _("half a year")),
    (365, _("one year")),
)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Which system uses it"),
        max_length=60,
        help_text=_("So that you know later which one to withdraw."),
    )
    scope = forms.ChoiceField(
        label=pgettext_lazy("token", "It may"),
        choices=TokenScope.choices,
        initial=TokenScope.READ,
        widget=forms.RadioSelect,
        help_text=_("It sees and does what you see and do, never more."),
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=LIVES, initial=90, coerce=int)
