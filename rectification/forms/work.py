"""Progress, evidence and notices: what departments and readers write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files import ACCEPT_DOCUMENTS, MOST_BYTES
from rectification.models import Evidence


class ProgressForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What was done since the last note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class MeasureDoneForm(forms.Form):
    done_on = forms.DateField(label=gettext_lazy("Carried out on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = timezone.localdate


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one field, each checked as one."""

    def __init__(self, *, accept: str, **kwargs: Any) -> None:
        attrs = {"accept": accept, "data-upload": "", "data-max-mb": MOST_BYTES // 1024**2}
        super().__init__(required=False, widget=Files(attrs=attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class EvidenceForm(forms.Form):
    """Pictures have a field of their own: a phone's chat browser opens nothing that takes more."""

    photos = FilesField(
        accept="image/*",
        label=gettext_lazy("Pictures"),
        help_text=gettext_lazy("Where a picture was taken is not shown to others."),
    )
    documents = FilesField(
        accept=ACCEPT_DOCUMENTS,
        label=gettext_lazy("Documents or a short video"),
        help_text=gettext_lazy("PDF, Word, Excel, PowerPoint, text; video MP4."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it proves"),
        choices=Evidence.Kind.choices,
        widget=forms.RadioSelect,
        initial=Evidence.Kind.EFFECT,
        help_text=gettext_lazy(
            "Sign-off needs at least one proof of effect. No number of photographs is asked for."
        ),
    )
    caption = forms.CharField(label=gettext_lazy("What can be seen in it"), max_length=200)
    taken_on = forms.DateField(
        label=gettext_lazy("Taken on"),
        required=False,
        help_text=gettext_lazy("When it was received is recorded by itself."),
    )

    def clean_taken_on(self) -> Any:
        day = self.cleaned_data["taken_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The day still lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.uploads and not self.has_error("photos") and not self.has_error("documents"):
            self.add_error("photos", _("Choose at least one file."))
        return cleaned

    @property
    def uploads(self) -> list[Any]:
        return [
            *(self.cleaned_data.get("photos") or []),
            *(self.cleaned_data.get("documents") or []),
        ]


class WithdrawEvidenceForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoticeObjectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is not put right"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Your name is kept with it and shown to the offices that decide, to nobody else."
        ),
    )


class DecideObjectionForm(forms.Form):
    DISMISS, UPHOLD = "dismiss", "uphold"
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (DISMISS, gettext_lazy("Dismiss: the notice goes on")),
            (UPHOLD, gettext_lazy("Uphold: the item goes back to be put right")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
