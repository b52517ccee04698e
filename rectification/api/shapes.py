"""What programs are told of a ledger item: the columns of the ledger, and what lies under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from core.api.shapes import Named, named
from issues.models import RectificationClass, Source
from rectification import queries
from rectification.lights import Light, clock_of
from rectification.models import Attempt, Evidence, Measure, Outcome
from rectification.states import STEPS, State
from rectification.workbooks import cells

if TYPE_CHECKING:
    import datetime as dt

    from rectification.models import DeadlineEntry, LedgerItem, ProgressUpdate


class MeasureOut(serializers.Serializer[Measure]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)


class LedgerItemOut(serializers.Serializer[Any]):
    """One row of the ledger. Codes are for programs, ``…_in_words`` for people."""

    number = serializers.IntegerField(help_text="In this campaign; the address names it.")
    code = serializers.CharField(help_text="What people quote: year, campaign, number.")
    category = serializers.CharField()
    subcategory = serializers.CharField()
    text = serializers.CharField()
    source = serializers.ChoiceField(Source.choices)  # type: ignore[assignment]
    is_grave = serializers.BooleanField()
    rectification_class = serializers.ChoiceField(RectificationClass.choices, allow_blank=True)
    target = serializers.CharField()
    measures = MeasureOut(many=True)
    leader = Named(allow_null=True)
    lead_department = Named(allow_null=True)
    departments = Named(many=True)
    for_all_departments = serializers.BooleanField()
    person = Named(allow_null=True)
    original_deadline = serializers.DateField(allow_null=True)
    deadline = serializers.DateField(allow_null=True)
    deadline_text = serializers.CharField()
    light = serializers.ChoiceField([(light.value, light.name.lower()) for light in Light])
    light_in_words = serializers.CharField()
    days = serializers.IntegerField(
        allow_null=True, help_text="Left until the deadline; negative when it is over."
    )
    progress = serializers.CharField(help_text="The last note.")
    evidence_count = serializers.IntegerField()
    attempts = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    state_in_words = serializers.CharField()
    registered_at = serializers.DateTimeField()
    closed_on = serializers.DateField(allow_null=True)
    review_on = serializers.DateField(allow_null=True)
    remarks = serializers.CharField()
    url = serializers.URLField(help_text="This item in the API.")
    page = serializers.URLField(help_text="The same for people.")

    def to_representation(self, item: LedgerItem) -> dict[str, Any]:
        return row(item, self.context["today"], self.context["at"])


class Addresses:
    """Where the items of one campaign are found: worked out once for a list."""

    def __init__(self, request: Any, campaign_pk: int) -> None:
        whole = request.build_absolute_uri
        self.api = whole(reverse("api:ledger-item-list", args=[campaign_pk]))
        self.pages = whole(reverse("rectification:list", args=[campaign_pk]))


def row(item: LedgerItem, today: dt.date, at: Addresses) -> dict[str, Any]:
    clock = clock_of(item, today)
    return {
        **cells(item, today),
        "number": item.number,
        "code": item.code,
        "source": item.source,
        "is_grave": item.is_grave,
        "rectification_class": item.rectification_class,
        "measures": [_measure(one) for one in item.listed_measures],  # type: ignore[attr-defined]
        "leader": named(item.responsible_leader),
        "lead_department": named(item.lead_department),
        "departments": [named(unit) for unit in item.named_departments],  # type: ignore[attr-defined]
        "for_all_departments": item.for_all_departments,
        "person": named(item.assignee),
        "deadline": item.due_on,
        "deadline_text": item.deadline_text,
        "light": clock.light.value,
        "light_in_words": clock.words,
        "days": clock.days,
        "state": item.state,
        "state_in_words": item.get_state_display(),
        "registered_at": timezone.localtime(item.registered_at),
        "review_on": item.review_on,
        "url": f"{at.api}{item.number}/",
        "page": f"{at.pages}{item.number}/",
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "id": measure.pk,
        "text": measure.text,
        "due_on": measure.due_on,
        "done_on": measure.done_on,
    }


class DeadlineOut(serializers.Serializer[Any]):
    """One line of the log of deadlines."""

    due_on = serializers.DateField(allow_null=True)
    text = serializers.CharField()
    set_at = serializers.DateTimeField()


class ProgressOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = Named()
    text = serializers.CharField()


class EvidenceOut(serializers.Serializer[Any]):
    key = serializers.UUIDField()
    kind = serializers.ChoiceField(Evidence.Kind.choices)
    caption = serializers.CharField()
    file_name = serializers.CharField()
    received_at = serializers.DateTimeField()
    is_withdrawn = serializers.BooleanField()


class AttemptOut(serializers.Serializer[Any]):
    """One application for sign-off and how it ended."""

    number = serializers.IntegerField()
    statement = serializers.CharField()
    applied_at = serializers.DateTimeField()
    applied_by = Named()
    outcome = serializers.ChoiceField(Outcome.choices)
    return_reasons = serializers.ListField(child=serializers.CharField())
    return_note = serializers.CharField()
    notice_until = serializers.DateField(allow_null=True)


class LedgerItemDetail(LedgerItemOut):
    """An item with its logs, who has it now, and the steps that are open to whoever asks."""

    deadlines = DeadlineOut(many=True)
    progress_notes = ProgressOut(many=True)
    evidence = EvidenceOut(many=True)
    attempts_so_far = AttemptOut(many=True)
    turn = serializers.CharField(help_text="Who has it now and what he is to do.")
    steps = serializers.ListField(
        child=serializers.ChoiceField([(step.name, step.label) for step in STEPS]),
        help_text="Named actions that are open to you now.",
    )

    def to_representation(self, item: LedgerItem) -> dict[str, Any]:
        page = queries.item_page(item, self.context["person"])
        return {
            **super().to_representation(item),
            "deadlines": [_deadline(one) for one in page.deadlines],
            "progress_notes": [_progress(one) for one in page.progress],
            "evidence": [_evidence(one) for one in page.evidence],
            "attempts_so_far": [_attempt(one) for one in page.attempts],
            "turn": queries.turn(item).words,
            "steps": [step.name for step in page.steps],
        }


def _deadline(entry: DeadlineEntry) -> dict[str, Any]:
    return {
        "due_on": entry.due_on,
        "text": entry.text,
        "set_at": timezone.localtime(entry.set_at),
    }


def _progress(note: ProgressUpdate) -> dict[str, Any]:
    return {"at": timezone.localtime(note.at), "by": named(note.by), "text": note.text}


def _evidence(piece: Evidence) -> dict[str, Any]:
    return {
        "key": str(piece.key),
        "kind": piece.kind,
        "caption": piece.caption,
        "file_name": piece.file_name,
        "received_at": timezone.localtime(piece.received_at),
        "is_withdrawn": piece.withdrawn_at is not None,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "statement": attempt.statement,
        "applied_at": timezone.localtime(attempt.applied_at),
        "applied_by": named(attempt.applied_by),
        "outcome": attempt.outcome,
        "return_reasons": attempt.reasons_in_words,
        "return_note": attempt.return_note,
        "notice_until": attempt.notice_until,
    }
