"""How a person was dealt with, and what is printed at the head of the unit's papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.forms import PersonField
from campaign.models import Letterhead
from issues.queries import departments_of
from organisation.models import Post
from supervision.forms.fields import ItemField, words
from supervision.models import Handling

if TYPE_CHECKING:
    from campaign.models import Campaign
    from organisation.models import Person


class HandlingForm(forms.ModelForm):
    """The action saves it. Without a department the one in which the person works is taken."""

    class Meta:
        model = Handling
        fields = ("unit", "form", "decided_on", "final_on", "note")
        widgets = {
            "note": forms.Textarea(attrs={"rows": 2}),
            "unit": forms.Select(attrs={"data-select": ""}),
        }
        help_texts = {
            "unit": gettext_lazy("Empty: where the person works."),
            "final_on": gettext_lazy("Empty while it can still be changed."),
        }

    def __init__(self, *args: Any, campaign: Campaign, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(
            campaign=campaign,
            label=gettext_lazy("Person"),
            help_text=gettext_lazy("Employee number, or the name."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["item"] = ItemField(
            campaign=campaign,
            by=by,
            required=False,
            help_text=gettext_lazy("The problem for which, if it is one of the ledger."),
        )
        self.fields["unit"].required = False
        self.fields["unit"].queryset = departments_of(campaign)  # type: ignore[attr-defined]
        self.fields["decided_on"].initial = timezone.localdate
        self.order_fields(["person", "unit", "form", "item", "decided_on", "final_on", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        person = cleaned.get("person")
        if person is not None and cleaned.get("unit") is None:
            posts = Post.objects.on(timezone.localdate()).filter(person=person)
            post = posts.select_related("unit").by_rank().first()
            if post is None:
                self.add_error("unit", _("Choose the department."))
            else:
                cleaned["unit"] = post.unit
        return cleaned


class FinalForm(forms.Form):
    final_on = forms.DateField(
        label=gettext_lazy("Final since"),
        help_text=gettext_lazy("When nothing can be changed about it any more."),
        initial=timezone.localdate,
    )


class NamingForm(forms.Form):
    reason = words(gettext_lazy("Reason"))


class LetterheadForm(forms.ModelForm):
    """The action saves it."""

    class Meta:
        model = Letterhead
        fields = ("mark", "number_word", "signature", "printing_office", "has_seal")
