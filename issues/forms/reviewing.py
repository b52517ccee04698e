"""What the office decides about a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues import queries, states
from issues.forms.fields import ProblemField, category_field
from issues.models import Issue, RectificationClass, Source
from organisation.models import Person, Post, PostKind, Unit

if TYPE_CHECKING:
    import datetime as dt

    from campaign.models import Campaign
    from organisation.models.post import PostQuerySet

LEADER_POSTS = (
    PostKind.SECRETARY,
    PostKind.PRESIDENT,
    PostKind.DISCIPLINE_SECRETARY,
    PostKind.VICE_PRESIDENT,
)

STEPS = {step.name: step for step in states.REVIEW_STEPS}
WITH_REASON = (states.RETURN, states.HAND_OVER, states.REJECT)


def leaders_of(campaign: Campaign) -> list[Person]:
    """Those who can answer for an item: the leaders of the host unit, by rank."""
    posts = _leading_posts(campaign).select_related("person")
    return list({post.person_id: post.person for post in posts}.values())


def leader_choices(campaign: Campaign) -> list[tuple[int, str]]:
    """The same, as a select offers them."""
    return list(dict(_leading_posts(campaign).values_list("person", "person__name")).items())


def _leading_posts(campaign: Campaign) -> PostQuerySet:
    held = Post.objects.on(timezone.localdate())
    return held.filter(
        unit=campaign.host_id, kind__in=LEADER_POSTS, person__is_active=True
    ).by_rank()


class ConfirmForm(forms.Form):
    """What was understood, beside what was written; the plan may be completed later in the ledger."""

    text = ProblemField(
        help_text=gettext_lazy(
            "As it goes to the departments. Take out what would show who reported it."
        )
    )
    rectification_class = forms.ChoiceField(
        label=gettext_lazy("Rectification class"),
        required=False,
        choices=[("", gettext_lazy("to be decided")), *RectificationClass.choices],
    )
    source = forms.ChoiceField(label=gettext_lazy("Source"), choices=Source.choices)
    is_grave = forms.BooleanField(label=gettext_lazy("Grave"), required=False)
    lead_department = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Lead department"),
        required=False,
        empty_label=gettext_lazy("please choose"),
        widget=forms.Select(attrs={"data-select": ""}),
    )
    responsible_departments = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Responsible departments"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-select": ""}),
    )
    for_all_departments = forms.BooleanField(
        label=gettext_lazy("Every department is responsible"), required=False
    )
    responsible_leader = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Responsible leader"), required=False
    )
    assignee = forms.CharField(
        label=gettext_lazy("Person in charge"),
        required=False,
        help_text=gettext_lazy("Name or employee number."),
    )
    deadline_text = forms.CharField(
        label=gettext_lazy("Deadline in words"), max_length=200, required=False
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        help_text=gettext_lazy("Empty for long-term rectification."),
    )
    target = forms.CharField(
        label=gettext_lazy("Rectification target"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    measures = forms.CharField(
        label=gettext_lazy("Rectification measures"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One measure a line."),
    )
    recurrence_of = forms.CharField(
        label=gettext_lazy("Recurrence of"),
        required=False,
        help_text=gettext_lazy("Number of the earlier problem, if it has come back."),
    )

    def __init__(
        self, *args: Any, issue: Issue, leaders: list[Person], by: Person, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", self.initial_from(issue))
        super().__init__(*args, **kwargs)
        self.issue, self.by = issue, by
        self.fields["category"] = category_field(issue.campaign, _("please choose"))
        departments = queries.departments_of(issue.campaign)
        for name in ("lead_department", "responsible_departments"):
            self._set_queryset(name, departments)
        self._set_queryset(
            "responsible_leader", Person.objects.filter(pk__in=[one.pk for one in leaders])
        )
        self.fields["responsible_leader"].choices = [  # type: ignore[attr-defined]
            ("", _("please choose")),
            *((one.pk, str(one)) for one in leaders),
        ]
        self.order_fields(["text", "category", *self.base_fields])
        if due := queries.suggested_due(issue, timezone.localdate()):
            self.initial["due_on"] = due.due_on
            self.fields["due_on"].help_text = due.words

    def _set_queryset(self, name: str, queryset: Any) -> None:
        self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    @staticmethod
    def initial_from(issue: Issue) -> dict[str, Any]:
        """What is known already, and what follows from it without guessing."""
        departments = list(issue.responsible_departments.all())
        lead = issue.lead_department_id
        if lead is None and len(departments) == 1 and not issue.for_all_departments:
            lead = departments[0].pk
        return {
            "text": issue.text,
            "category": issue.category_id,
            "source": issue.source,
            "is_grave": issue.is_grave,
            "rectification_class": issue.rectification_class or queries.suggested_class(issue),
            "target": issue.target,
            "measures": issue.measures,
            "responsible_leader": issue.responsible_leader_id,
            "lead_department": lead,
            "responsible_departments": [unit.pk for unit in departments],
            "for_all_departments": issue.for_all_departments,
            "assignee": issue.assignee.employee_number if issue.assignee else "",
            "deadline_text": issue.deadline_text,
            "due_on": issue.due_on,
            "recurrence_of": issue.recurrence_of.code if issue.recurrence_of else "",
        }

    def clean_assignee(self) -> Person | None:
        written = self.cleaned_data["assignee"].strip()
        if not written:
            return None
        units = Unit.objects.below([self.issue.campaign.host_id])
        found = list(
            Person.objects.active()
            .filter(Q(employee_number=written) | Q(name=written))
            .filter(posts__unit__in=[unit.pk for unit in units])
            .distinct()
            .order_by("pk")[:2]
        )
        if not found:
            raise forms.ValidationError(_("Nobody of this name or number works here."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("More than one person has this name; give the employee number.")
            )
        return found[0]

    def clean_recurrence_of(self) -> Issue | None:
        return earlier_problem(self.cleaned_data["recurrence_of"], self.issue, self.by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        due: dt.date | None = cleaned.get("due_on")
        if due and self.issue.found_on and due < self.issue.found_on:
            self.add_error("due_on", _("The deadline lies before the day the problem was found."))
        return cleaned


def earlier_problem(written: str, issue: Issue, by: Person) -> Issue | None:
    """A problem by its number (of this campaign) or its code (of any campaign he sees)."""
    written = written.strip().upper()
    if not written:
        return None
    visible = Issue.objects.visible_to(by).select_related("campaign").exclude(pk=issue.pk)
    code, dash, digits = written.rpartition("-P")
    wanted = (
        visible.filter(campaign__code=code) if dash else visible.filter(campaign=issue.campaign)
    )
    digits = digits if dash else written.removeprefix("P")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 9:
        found = wanted.filter(number=int(digits)).order_by("-campaign__starts_on", "-pk").first()
        if found:
            return found
    raise forms.ValidationError(_("There is no problem with this number."))


class ReasonForm(forms.Form):
    """Return, hand over, reject: each says why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MergeForm(forms.Form):
    into = forms.CharField(
        label=gettext_lazy("Merge into"),
        help_text=gettext_lazy("Number of the problem that says the same."),
    )

    def __init__(self, *args: Any, issue: Issue, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issue, self.by = issue, by

    def clean_into(self) -> Issue | None:
        return earlier_problem(self.cleaned_data["into"], self.issue, self.by)


class BatchForm(forms.Form):
    """One step for many problems of a campaign, with one reason."""

    step = forms.ChoiceField(
        label=gettext_lazy("Do with them"),
        choices=[(name, step.label) for name, step in STEPS.items()],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Reason")}),
    )
    into = forms.CharField(
        label=gettext_lazy("Merge into"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Merge into No.")}),
    )
    pk = forms.ModelMultipleChoiceField(
        Issue.objects.none(),
        label=gettext_lazy("Problems"),
        error_messages={"required": gettext_lazy("Tick at least one problem.")},
    )

    def __init__(self, *args: Any, campaign: Campaign, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.by = campaign, by
        visible = Issue.objects.visible_to(by).filter(campaign=campaign)
        self.fields["pk"].queryset = visible.select_related("campaign").order_by("number")  # type: ignore[attr-defined]

    def clean_into(self) -> Issue | None:
        return earlier_problem(self.cleaned_data["into"], Issue(campaign=self.campaign), self.by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        step = cleaned["step"] = STEPS.get(cleaned.get("step", ""))
        if step is states.MERGE and not cleaned.get("into"):
            self.add_error("into", _("Say into which problem they are merged."))
        if step in WITH_REASON and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Give a reason."))
        return cleaned
