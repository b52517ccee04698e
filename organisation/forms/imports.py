"""Uploading a workbook and mending one of its cells."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_(
            "An Excel workbook (.xlsx) of at most 10 MB and 20,000 rows. Titles, merged cells and"
            " empty rows may stay as they are."
        ),
        widget=forms.FileInput(
            attrs={
                "accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "data-upload": "",
                "data-max-mb": "10",
            }
        ),
    )


class RowForm(forms.Form):
    row = forms.IntegerField()


class MendForm(RowForm):
    """The whole new text of one cell; a suggestion's button stands before what was typed."""

    column = forms.CharField(max_length=60)
    text = forms.CharField(required=False, max_length=4_000, strip=False)
    suggestion = forms.CharField(required=False, max_length=4_000, strip=False)
    everywhere = forms.BooleanField(required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("suggestion"):
            cleaned["text"] = cleaned["suggestion"]
        return cleaned
