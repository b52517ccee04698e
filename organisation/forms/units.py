"""What is asked about a unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit


class NamesField(forms.CharField):
    """Several names in one box, separated as people separate them."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        for separator in ",，;；\n":
            text = text.replace(separator, "、")
        return list(dict.fromkeys(filter(None, (name.strip() for name in text.split("、")))))


class UnitForm(forms.ModelForm):
    aliases = NamesField(
        label=_("Other names"),
        required=False,
        max_length=500,
        help_text=_("Short and former names as they occur in workbooks, separated by commas."),
    )

    class Meta:
        model = Unit
        fields = (
            "name",
            "parent",
            "kind",
            "category",
            "aliases",
            "handles_resources",
            "serves_patients",
        )
        labels = {"parent": _("Superior unit")}
        widgets = {"parent": forms.Select(attrs={"data-select": ""})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = Unit.objects.in_use().in_order()
        if self.instance.pk:
            parents = parents.exclude(pk=self.instance.pk)
        self.fields["parent"] = forms.ModelChoiceField(
            parents,
            label=_("Superior unit"),
            required=False,
            empty_label=_("none, it stands at the top"),
            widget=forms.Select(attrs={"data-select": ""}),
        )

    def _post_clean(self) -> None:
        """The action writes and keeps the constraints; the form only reads what was typed."""

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
