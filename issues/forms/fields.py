"""Fields that several forms of this app share."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues import queries

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from campaign.models import Campaign

_PHONE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?![\dXx])"
)
_SHOWN = slice(0, 3), slice(-4, None)


def personal_numbers(text: str) -> list[str]:
    """Mobile phone and identity numbers in a text, masked, so that they can be pointed at."""
    plain = unicodedata.normalize("NFKC", text)
    found = [match[0] for match in (*_IDENTITY.finditer(plain), *_PHONE.finditer(plain))]
    head, tail = _SHOWN
    return list(dict.fromkeys(f"{number[head]}****{number[tail]}" for number in found))


def refuse_personal_numbers(text: str) -> None:
    if found := personal_numbers(text):
        raise forms.ValidationError(
            _("Take this number out first, it may identify a patient: %(numbers)s.")
            % {"numbers": "、".join(found)}
        )


class ProblemField(forms.CharField):
    """Tells the story without telling who the patient is."""

    default_validators = [refuse_personal_numbers]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Problem"))
        kwargs.setdefault("max_length", 4000)
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **kwargs)


def category_field(campaign: Campaign, nothing: StrOrPromise) -> forms.ModelChoiceField:
    """A family with its kinds under it; the family itself may be chosen too."""
    field = forms.ModelChoiceField(
        queries.categories_of(campaign), label=_("Category"), required=False
    )
    field.choices = [("", nothing), *queries.category_choices(campaign)]
    return field
