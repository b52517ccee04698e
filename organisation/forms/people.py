"""What is asked about a person and a post."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Person, PostKind, Unit

PHONE = RegexValidator(r"^[0-9+ -]{5,20}$", _("Write the number with digits only."))


class PersonForm(forms.Form):
    employee_number = forms.CharField(
        label=_("Employee number"),
        max_length=40,
        help_text=_("The name to sign in with; nobody else may have it."),
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    phone = forms.CharField(
        label=_("Mobile phone"), max_length=20, required=False, validators=[PHONE]
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_administrator = forms.BooleanField(
        label=_("System administrator"),
        required=False,
        help_text=Person._meta.get_field("is_administrator").help_text,
    )

    def __init__(self, *args: Any, may_appoint: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_appoint:
            del self.fields["is_administrator"]


class PostForm(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), widget=forms.Select(attrs={"data-select": ""})
    )
    kind = forms.ChoiceField(label=_("Post"), choices=PostKind, initial=PostKind.STAFF)
    title = forms.CharField(
        label=_("Title"),
        max_length=60,
        required=False,
        help_text=_("As it stands on the door, when it differs from the post."),
    )
    since = forms.DateField(label=_("Since"), widget=forms.DateInput, initial=timezone.localdate)
    position = forms.IntegerField(
        label=_("Order among equals"), min_value=0, max_value=9999, required=False, initial=0
    )
    in_charge_of = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("In charge of"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-select": ""}),
        help_text=_("For leaders: the departments that answer to this person."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.in_use().in_order()
        for name in ("unit", "in_charge_of"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0


class EndPostForm(forms.Form):
    until = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput,
        initial=timezone.localdate,
        help_text=_("It still counts; what is seen by this post closes the day after."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
