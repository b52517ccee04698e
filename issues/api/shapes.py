"""What programs are told of a problem, and what they tell of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from core.api.shapes import Named, named
from core.workflow import steps_open_to
from issues.models import RectificationClass, Source
from issues.states import STEPS, State
from issues.workbooks import cells
from organisation.api.acting import Body

if TYPE_CHECKING:
    from issues.models import Issue
    from organisation.models import Person


class IssueOut(serializers.Serializer[Any]):
    """One problem. Codes are for programs, ``…_in_words`` for people."""

    number = serializers.IntegerField(help_text="In this campaign; the address names it.")
    code = serializers.CharField(help_text="What people quote.")
    category = serializers.CharField()
    subcategory = serializers.CharField()
    text = serializers.CharField()
    source = serializers.ChoiceField(Source.choices)  # type: ignore[assignment]
    found_on = serializers.DateField(allow_null=True)
    place = serializers.CharField()
    is_grave = serializers.BooleanField()
    rectification_class = serializers.ChoiceField(RectificationClass.choices, allow_blank=True)
    target = serializers.CharField()
    measures = serializers.CharField()
    leader = Named(allow_null=True)
    lead_department = Named(allow_null=True)
    departments = Named(many=True)
    for_all_departments = serializers.BooleanField()
    person = Named(allow_null=True)
    deadline = serializers.DateField(allow_null=True)
    deadline_text = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    state_in_words = serializers.CharField()
    reported_at = serializers.DateTimeField()
    reported_by = Named(allow_null=True, help_text="Only for those who may know it.")
    reported_unit = Named(allow_null=True, help_text="Only for those who may know it.")
    review_note = serializers.CharField(help_text="The reason of a return or a rejection.")
    url = serializers.URLField(help_text="This problem in the API.")
    page = serializers.URLField(help_text="The same for people.")

    def to_representation(self, issue: Issue) -> dict[str, Any]:
        return row(issue, self.context["person"], self.context["at"])


class Addresses:
    """Where the problems of one campaign are found: worked out once for a list."""

    def __init__(self, request: Any, campaign_pk: int) -> None:
        whole = request.build_absolute_uri
        self.api = whole(reverse("api:issue-list", args=[campaign_pk]))
        self.pages = whole(reverse("issues:list", args=[campaign_pk]))


def row(issue: Issue, reader: Person, at: Addresses) -> dict[str, Any]:
    knows = reader.has_perm("issues.view_reporter", issue)
    return {
        **cells(issue),
        "number": issue.number,
        "code": issue.code,
        "source": issue.source,
        "rectification_class": issue.rectification_class,
        "leader": named(issue.responsible_leader),
        "lead_department": named(issue.lead_department),
        "departments": [named(unit) for unit in issue.responsible_departments.all()],
        "for_all_departments": issue.for_all_departments,
        "person": named(issue.assignee),
        "deadline": issue.due_on,
        "deadline_text": issue.deadline_text,
        "state": issue.state,
        "state_in_words": issue.get_state_display(),
        "reported_at": timezone.localtime(issue.reported_at),
        "reported_by": named(issue.reported_by) if knows else None,
        "reported_unit": named(issue.reported_unit) if knows else None,
        "review_note": issue.review_note,
        "url": f"{at.api}{issue.number}/",
        "page": f"{at.pages}{issue.number}/",
    }


class IssueDetail(IssueOut):
    """A problem with the steps that are open to whoever asks."""

    steps = serializers.ListField(
        child=serializers.ChoiceField([(step.name, step.label) for step in STEPS]),
        help_text="Named actions that are open to you now.",
    )

    def to_representation(self, issue: Issue) -> dict[str, Any]:
        steps = steps_open_to(issue, STEPS, self.context["person"])
        return {**super().to_representation(issue), "steps": [step.name for step in steps]}


class Report(Body):
    """A problem as somebody found it."""

    text = serializers.CharField(max_length=4000)
    source = serializers.ChoiceField(Source.choices)  # type: ignore[assignment]
    found_on = serializers.DateField()
    category = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    department = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="The department concerned."
    )
    place = serializers.CharField(required=False, allow_blank=True, max_length=100)
    reported_unit = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="In whose name."
    )


class Correction(Body):
    """What is corrected; the rest stays as it was reported."""

    text = serializers.CharField(required=False, max_length=4000)
    source = serializers.ChoiceField(Source.choices, required=False)  # type: ignore[assignment]
    found_on = serializers.DateField(required=False)
    category = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    department = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    place = serializers.CharField(required=False, allow_blank=True, max_length=100)
    reported_unit = serializers.IntegerField(required=False, allow_null=True, min_value=1)


class Understood(Body):
    """What the office has understood of a problem; what is left out stays as it is known."""

    text = serializers.CharField(required=False, max_length=4000)
    category = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    rectification_class = serializers.ChoiceField(
        RectificationClass.choices, required=False, allow_blank=True
    )
    source = serializers.ChoiceField(Source.choices, required=False)  # type: ignore[assignment]
    is_grave = serializers.BooleanField(required=False)
    lead_department = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    responsible_departments = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False
    )
    for_all_departments = serializers.BooleanField(required=False)
    responsible_leader = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    assignee = serializers.CharField(
        required=False, allow_blank=True, max_length=60, help_text="Name or employee number."
    )
    deadline_text = serializers.CharField(required=False, allow_blank=True, max_length=200)
    due_on = serializers.DateField(required=False, allow_null=True)
    target = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    measures = serializers.CharField(
        required=False, allow_blank=True, max_length=10_000, help_text="One measure a line."
    )
    recurrence_of = serializers.CharField(required=False, allow_blank=True, max_length=40)


class Into(Body):
    into = serializers.CharField(
        max_length=40, help_text="Number or code of the problem that says the same."
    )


class ReviewReason(Body):
    reason = serializers.CharField(max_length=1000)
