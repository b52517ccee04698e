"""Signing in, and changing one's password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from organisation.models import Person


class SignInForm(forms.Form):
    faults_title = _("Not signed in:")
    employee_number = forms.CharField(
        label=_("Employee number"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def _password(label: Any, complete: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget, **more)


class ChangePasswordForm(forms.Form):
    old_password = _password(_("Password so far"), "current-password")
    new_password = _password(_("New password"), "new-password")
    repeated = _password(_("New password again"), "new-password")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = lazystr(password_validators_help_text_html())

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not self.person.check_password(old):
            raise ValidationError(gettext("This is not your password so far."))
        return old

    def clean_new_password(self) -> str:
        new: str = self.cleaned_data["new_password"]
        if new == self.cleaned_data.get("old_password"):
            raise ValidationError(gettext("The new password must differ from the one so far."))
        validate_password(new, self.person)
        return new

    def clean_repeated(self) -> str:
        repeated: str = self.cleaned_data["repeated"]
        if "new_password" in self.cleaned_data and repeated != self.cleaned_data["new_password"]:
            raise ValidationError(gettext("The two new passwords differ."))
        return repeated
