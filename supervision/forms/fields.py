"""Fields that several forms of this app share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import plain
from rectification.models import LedgerItem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from campaign.models import Campaign
    from organisation.models import Person

MOST_DIGITS = 9


def words(label: StrOrPromise, *, required: bool = True, rows: int = 3, **kwargs: Any) -> Any:
    kwargs.setdefault("max_length", 1000)
    return forms.CharField(
        label=label, required=required, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class ItemField(forms.CharField):
    """A ledger item of the campaign that its reader sees, by its whole code or its bare number."""

    def __init__(self, *, campaign: Campaign, by: Person, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Number in the ledger"))
        kwargs.setdefault("help_text", gettext_lazy("For example 2026-ZF-012, or only 12."))
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.campaign, self.by = campaign, by

    def clean(self, value: Any) -> LedgerItem | None:
        typed = plain(super().clean(value)).strip().upper()
        if not typed:
            return None
        digits = typed.rpartition("-")[2]
        visible = LedgerItem.objects.visible_to(self.by).filter(campaign=self.campaign)
        if digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS:
            item = visible.select_related("campaign").filter(number=int(digits)).first()
            if item is not None and typed in {item.code, digits}:
                return item
        raise forms.ValidationError(_("There is no item of this number in the ledger."))
