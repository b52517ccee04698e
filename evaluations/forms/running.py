"""What is asked when a round is frozen, while it runs, and when it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.forms.people import PersonField
from evaluations.models import Electorate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import QuerySet

    from evaluations.models import Round

MOST_SLIPS = 500
"""For one box at a time: a page of eight takes a tenth of a second."""


def electorates_of(round_: Round) -> QuerySet[Electorate]:
    """The boxes of a round in the order in which people read them."""
    return (
        Electorate.objects.filter(subject__round=round_, box__isnull=False)
        .select_related("subject__person", "subject__unit", "box")
        .order_by("subject__position", "subject", "is_for_comments", "code", "pk")
    )


def words_of(electorate: Electorate) -> str:
    what = _("comments") if electorate.is_for_comments else electorate.label
    return f"{electorate.subject} · {what}"


def reason_field(*, required: bool = True, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("label", gettext_lazy("Reason"))
    return forms.CharField(
        max_length=300, required=required, widget=forms.Textarea(attrs={"rows": 2}), **kwargs
    )


class NothingForm(forms.Form):
    """A step that asks nothing."""


class ReasonForm(forms.Form):
    reason = reason_field()


class FreezeForm(forms.Form):
    """The reason is asked only where the server is not set up for secrecy."""

    override = reason_field(
        label=gettext_lazy("Why the round is frozen all the same"),
        help_text=gettext_lazy(
            "For a demonstration. It stays on the round’s page and on its notice for ever."
        ),
    )

    def __init__(self, *args: Any, has_faults: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_faults:
            del self.fields["override"]


class SharesForm(forms.Form):
    """Two shares, typed by their keepers; never shown again, not even after a fault."""

    one = forms.CharField(label=gettext_lazy("One share"), max_length=60)
    other = forms.CharField(label=gettext_lazy("Another share"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].widget = forms.PasswordInput(
                attrs={
                    "autocomplete": "off",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "class": "share",
                }
            )

    @property
    def shares(self) -> tuple[str, str]:
        return self.cleaned_data["one"], self.cleaned_data["other"]


class CountForm(SharesForm):
    """With the boxes that the commission declares void, where more ballots came than were given out."""

    void = forms.ModelMultipleChoiceField(
        Electorate.objects.none(),
        label=gettext_lazy("Boxes that are void"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-select": ""}),
        help_text=gettext_lazy(
            "Only when the count was refused because a box holds more ballots than were given out."
        ),
    )
    reason = reason_field(required=False, label=gettext_lazy("Why a box is void"))

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = electorates_of(round_)
        self.fields["void"].queryset = boxes  # type: ignore[attr-defined]
        self.fields["void"].choices = [(one.pk, words_of(one)) for one in boxes]  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "shares": self.shares,
            "void": [one.box_id for one in self.cleaned_data["void"]],
            "reason": self.cleaned_data["reason"],
        }


class SlipsForm(forms.Form):
    """How many slips of each box."""

    def __init__(self, *args: Any, electorates: Sequence[Electorate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.electorates = electorates
        for one in electorates:
            assert one.box is not None  # noqa: S101 -- made at the freeze
            left = max(0, one.box.eligible - one.box.slips)
            self.fields[f"box_{one.pk}"] = forms.IntegerField(
                label=words_of(one),
                required=False,
                min_value=0,
                max_value=min(left, MOST_SLIPS),
                initial=0,
            )

    @property
    def rows(self) -> Iterator[tuple[Electorate, forms.BoundField]]:
        for one in self.electorates:
            yield one, self[f"box_{one.pk}"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and sum(value or 0 for value in found.values()) > MOST_SLIPS:
            raise ValidationError(
                _("At most %(most)s slips are printed at a time.") % {"most": MOST_SLIPS}
            )
        return found

    @property
    def counts(self) -> dict[Electorate, int]:
        return {one: self.cleaned_data[f"box_{one.pk}"] or 0 for one in self.electorates}


class ElectorateField(forms.ModelChoiceField):
    def __init__(self, round_: Round, *, comments: bool) -> None:
        found = electorates_of(round_)
        if not comments:
            found = found.filter(is_for_comments=False)
        super().__init__(
            found,
            label=gettext_lazy("Head and group"),
            widget=forms.Select(attrs={"data-select": ""}),
            empty_label=_("please choose"),
        )

    def label_from_instance(self, obj: Any) -> str:
        return words_of(obj)


class GiveSlipForm(forms.Form):
    """Who draws a slip of which box."""

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["electorate"] = ElectorateField(round_, comments=True)
        self.fields["person"] = PersonField(campaign=round_.campaign)
        self.fields["reason"] = reason_field(
            required=False,
            help_text=gettext_lazy("Needed only for somebody who has fetched his ticket already."),
        )


class AddVoterForm(forms.Form):
    """Who is added to the roll of which box, and why."""

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["electorate"] = ElectorateField(round_, comments=False)
        self.fields["person"] = PersonField(campaign=round_.campaign)
        self.fields["reason"] = reason_field()
