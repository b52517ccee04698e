"""Fields that several forms of this app share."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

    from campaign.models import Campaign, Category
    from organisation.models.unit import UnitQuerySet

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


class _ByFamily(forms.models.ModelChoiceIterator):
    """A family with its kinds under it; the family itself may be chosen too."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        everything = list(self.queryset.all())
        for family in (one for one in everything if one.parent_id is None):
            kinds = [one for one in everything if one.parent_id == family.pk]
            if kinds:
                yield (family.name, [self.choice(one) for one in (family, *kinds)])
            else:
                yield self.choice(family)


class CategoryField(forms.ModelChoiceField):
    iterator = _ByFamily

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Category"))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)


def categories_of(campaign: Campaign) -> models.QuerySet[Category]:
    return campaign.categories.order_by("position", "pk")


def departments_of(campaign: Campaign) -> UnitQuerySet:
    """Whom a problem of this campaign can concern: the units it speaks to, but not the host itself."""
    units: UnitQuerySet = campaign.scope_units().exclude(pk=campaign.host_id)  # type: ignore[assignment]
    return units
