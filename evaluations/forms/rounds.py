"""What is asked while a round is prepared."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.counting.rules import FLOORS, Bands, GradingRules, RulesError, Values
from evaluations.forms.people import staff_choices
from evaluations.models import CommissionMember, Round
from evaluations.queries.heads import candidates
from organisation.models import Person, Post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from campaign.models import Campaign

MOMENT = "%Y-%m-%dT%H:%M"
MOST_DIMENSIONS = 8
STANDS_FOR = ("纪检监察室", "工会", "职工代表")


class MomentField(forms.DateTimeField):
    """A day and a time of day in one native field."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    input_formats = (MOMENT, "%Y-%m-%dT%H:%M:%S")


class RoundForm(forms.ModelForm):
    """Name, period, times and what goes with them. The action saves it."""

    tickets_from = MomentField(
        label=gettext_lazy("Tickets can be fetched from"),
        help_text=gettext_lazy(
            "Phones fetch them by themselves. The longer before voting, the less anybody can tell who voted when: two working days are advised."
        ),
    )
    opens_at = MomentField(label=gettext_lazy("Voting opens"))
    closes_at = MomentField(label=gettext_lazy("Voting closes"))

    class Meta:
        model = Round
        fields = (
            "name",
            "period_from",
            "period_to",
            "tickets_from",
            "opens_at",
            "closes_at",
            "small_boxes",
            "months_in_post",
            "with_comments",
            "skips_break",
            "comment_reviewers",
        )
        widgets = {"comment_reviewers": forms.SelectMultiple(attrs={"data-select": ""})}

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = staff_choices(campaign)
        reviewers = self.fields["comment_reviewers"]
        reviewers.queryset = Person.objects.filter(pk__in=[pk for pk, _label in choices])  # type: ignore[attr-defined]
        reviewers.choices = choices  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """What the action is told, reviewers apart."""
        return {k: v for k, v in self.cleaned_data.items() if k != "comment_reviewers"}


class SubjectsForm(forms.Form):
    """Ticks beside posts, and other people of the hospital by hand."""

    posts = forms.ModelMultipleChoiceField(Post.objects.none(), required=False)
    others = forms.ModelMultipleChoiceField(
        Post.objects.none(),
        label=gettext_lazy("Others, by hand"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-select": ""}),
        help_text=gettext_lazy("Anybody with a post in the hospital, for example a head nurse."),
    )

    def __init__(self, *args: Any, round_: Round, choose: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = timezone.localdate()
        chosen = self.data.getlist("others") if self.is_bound else []  # type: ignore[attr-defined]
        also = [int(pk) for pk in chosen if pk.isdecimal()]
        self.candidates = candidates(round_, day, also)
        shown = {one.post.pk for one in self.candidates} - set(also)
        self.fields["posts"].queryset = Post.objects.filter(pk__in=shown)  # type: ignore[attr-defined]
        others = self.fields["others"]
        choices = [
            choice
            for choice in staff_choices(round_.campaign, by_post=True)
            if choice[0] not in shown
        ]
        others.queryset = Post.objects.filter(pk__in=[pk for pk, _label in choices])  # type: ignore[attr-defined]
        others.choices = choices  # type: ignore[attr-defined]
        self.ticked = self._ticked(choose)

    def _ticked(self, choose: str) -> set[int]:
        if self.is_bound:
            return {int(pk) for pk in self.data.getlist("posts") if pk.isdecimal()}  # type: ignore[attr-defined]
        have_any = any(one.is_chosen for one in self.candidates)
        if choose == "none":
            return set()
        if choose == "heads":
            return {
                one.post.pk for one in self.candidates if one.post.kind == "head" and not one.is_new
            }
        if choose == "flagged" or not have_any:
            return {one.post.pk for one in self.candidates if one.is_proposed}
        return {one.post.pk for one in self.candidates if one.is_chosen}

    @property
    def heads(self) -> list[tuple[Any, Any, str]]:
        """Person, department and title, in the order of the table."""
        wanted = {post.pk for name in ("posts", "others") for post in self.cleaned_data[name]}
        return [
            (one.post.person, one.post.unit, one.post.title or str(one.post.get_kind_display()))
            for one in self.candidates
            if one.post.pk in wanted
        ]


class GradingForm(forms.Form):
    """The answers' values and the bounds of the grades; faults in the words of the rules."""

    dimensions = forms.CharField(
        label=gettext_lazy("Dimensions"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One in a line, at most eight. Every head is graded in each."),
    )
    worth_good = forms.IntegerField(label=gettext_lazy("Value of “good”"))
    worth_fair = forms.IntegerField(label=gettext_lazy("Value of “fairly good”"))
    worth_average = forms.IntegerField(label=gettext_lazy("Value of “average”"))
    worth_poor = forms.IntegerField(label=gettext_lazy("Value of “poor”"))
    from_good = forms.IntegerField(label=gettext_lazy("The result is good from … points"))
    from_fair = forms.IntegerField(label=gettext_lazy("fairly good from … points"))
    from_average = forms.IntegerField(
        label=gettext_lazy("average from … points"), help_text=gettext_lazy("Below it is poor.")
    )
    poor_share = forms.CharField(
        label=gettext_lazy("Poor also with a share of “poor” above"),
        max_length=10,
        help_text=gettext_lazy("A fraction such as 1/3, or per cent such as 30%."),
    )
    quorum_percent = forms.IntegerField(
        label=gettext_lazy("Turnout needed for a grade, in per cent")
    )
    k_grade = forms.IntegerField(label=gettext_lazy("Fewest valid ballots for a grade"))
    k_distribution = forms.IntegerField(
        label=gettext_lazy("Fewest answers for a distribution to be shown")
    )
    k_group = forms.IntegerField(label=gettext_lazy("Fewest answers for figures of one group"))

    THRESHOLDS = ("quorum_percent", "k_grade", "k_distribution", "k_group")

    @staticmethod
    def initial_from(round_: Round) -> dict[str, Any]:
        rules = round_.rules
        return {
            "dimensions": "\n".join(round_.dimensions),
            "worth_good": rules.values.good,
            "worth_fair": rules.values.fair,
            "worth_average": rules.values.average,
            "worth_poor": rules.values.poor,
            "from_good": rules.bands.good,
            "from_fair": rules.bands.fair,
            "from_average": rules.bands.average,
            "poor_share": str(rules.poor_share),
            **{name: getattr(rules, name) for name in GradingForm.THRESHOLDS},
        }

    def clean_dimensions(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["dimensions"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if not 1 <= len(found) <= MOST_DIMENSIONS:
            raise ValidationError(_("Name between one and eight dimensions."))
        return found

    def clean_poor_share(self) -> Fraction:
        return share_from(self.cleaned_data["poor_share"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.errors:
            return found
        try:
            found["rules"] = GradingRules(
                values=Values(*(found[f"worth_{name}"] for name in VALUES)),
                bands=Bands(*(found[f"from_{name}"] for name in VALUES[:3])),
                poor_share=found["poor_share"],
                comment_eligible=FLOORS["comment_eligible"],
                comment_minimum=FLOORS["comment_minimum"],
                **{name: found[name] for name in self.THRESHOLDS if name in found},
            )
        except RulesError as faults:
            raise ValidationError(faults.sentences) from faults
        return found

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "dimensions": self.cleaned_data["dimensions"],
            "grading": self.cleaned_data["rules"].to_json(),
        }


VALUES = ("good", "fair", "average", "poor")


def share_from(text: str) -> Fraction:
    """1/3, 30% or 0.3 as somebody typed it."""
    typed = text.strip().replace("％", "%").replace("／", "/")
    if not re.fullmatch(r"\d{1,3}(/\d{1,3}|(\.\d{1,4})?%?)", typed, re.ASCII):
        raise ValidationError(_("Write a fraction such as 1/3, or per cent such as 30%."))
    try:
        return Fraction(typed[:-1]) / 100 if typed.endswith("%") else Fraction(typed)
    except ZeroDivisionError:
        raise ValidationError(_("Write a fraction such as 1/3, or per cent such as 30%.")) from None


class CommissionForm(forms.Form):
    """Three people, each with whom he stands for."""

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = staff_choices(round_.campaign)
        there = {member.seat: member for member in round_.commission.select_related("person")}
        for seat, stands_for in zip(CommissionMember.SEATS, STANDS_FOR, strict=True):
            member = there.get(seat)
            field = forms.ModelChoiceField(
                Person.objects.filter(pk__in=[pk for pk, _label in people]),
                label=_("Keeper of share %(n)s") % {"n": seat},
                widget=forms.Select(attrs={"data-select": ""}),
                initial=member.person_id if member else None,
            )
            field.choices = [("", _("please choose")), *people]
            self.fields[f"person_{seat}"] = field
            self.fields[f"stands_for_{seat}"] = forms.CharField(
                label=_("stands for"),
                max_length=40,
                initial=member.stands_for if member else stands_for,
            )

    @property
    def seats(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        for seat in CommissionMember.SEATS:
            yield self[f"person_{seat}"], self[f"stands_for_{seat}"]

    @property
    def members(self) -> list[tuple[Person, str]]:
        return [
            (self.cleaned_data[f"person_{seat}"], self.cleaned_data[f"stands_for_{seat}"])
            for seat in CommissionMember.SEATS
        ]
