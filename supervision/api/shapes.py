"""What programs are told of an exposure report: what others read of it, with names masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from core.api.shapes import Named, named
from core.workflow import steps_open_to
from organisation.api.acting import Body
from supervision import queries
from supervision.models import PaperKind
from supervision.models.meeting import IssuedPaper
from supervision.states import MEETING_STEPS, MeetingState

if TYPE_CHECKING:
    from supervision.models import ExposureMeeting
    from supervision.queries.report import CaseText


class ExposureReportOut(serializers.Serializer[Any]):
    """One number of the series."""

    number = serializers.IntegerField(help_text="In this campaign; the address names it.")
    document_number = serializers.CharField(help_text="Empty until it is issued.")
    issued_on = serializers.DateField(allow_null=True)
    period_from = serializers.DateField()
    period_to = serializers.DateField()
    held_on = serializers.DateField(help_text="The day of the meeting.")
    place = serializers.CharField()
    feedback_due_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(MeetingState.choices)
    state_in_words = serializers.CharField()
    cases = serializers.IntegerField()
    sent = serializers.IntegerField(
        allow_null=True, help_text="Departments it was sent to; for those who run the campaign."
    )
    acknowledged = serializers.IntegerField(allow_null=True)
    url = serializers.URLField(help_text="This report in the API.")
    page = serializers.URLField(help_text="The same for people.")

    def to_representation(self, meeting: ExposureMeeting) -> dict[str, Any]:
        return row(meeting, self.context["at"], runs=self.context["runs"])


class Addresses:
    """Where the reports of one campaign are found: worked out once for a list."""

    def __init__(self, request: Any, campaign_pk: int) -> None:
        whole = request.build_absolute_uri
        self.api = whole(reverse("api:exposure-report-list", args=[campaign_pk]))
        self.pages = whole(reverse("supervision:list", args=[campaign_pk]))


def row(meeting: ExposureMeeting, at: Addresses, *, runs: bool) -> dict[str, Any]:
    given = meeting.document_number
    return {
        "number": meeting.number,
        "document_number": str(given) if given else "",
        "issued_on": meeting.issued_on,
        "period_from": meeting.period_from,
        "period_to": meeting.period_to,
        "held_on": meeting.held_on,
        "place": meeting.place,
        "feedback_due_on": meeting.feedback_due_on,
        "state": meeting.state,
        "state_in_words": meeting.get_state_display(),
        "cases": meeting.case_count,  # type: ignore[attr-defined]
        "sent": meeting.sent_count if runs else None,  # type: ignore[attr-defined]
        "acknowledged": meeting.acknowledged_count if runs else None,  # type: ignore[attr-defined]
        "url": f"{at.api}{meeting.number}/",
        "page": f"{at.pages}{meeting.number}/",
    }


class CaseOut(serializers.Serializer[Any]):
    department = serializers.CharField()
    title = serializers.CharField()
    happened = serializers.CharField()
    place = serializers.CharField()
    facts = serializers.CharField()
    nature = serializers.CharField()
    handling = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)


class PaperOut(serializers.Serializer[Any]):
    """A paper as it was issued; its hash proves that a copy is one."""

    kind = serializers.ChoiceField(PaperKind.choices)
    file_name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    issued_at = serializers.DateTimeField()


class SentOut(serializers.Serializer[Any]):
    unit = Named()
    sent_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)


class ExposureReportDetail(ExposureReportOut):
    """The report as others read it, its papers, and the steps that are open to whoever asks."""

    title = serializers.CharField()
    intro = serializers.CharField()
    overall = serializers.CharField()
    problems = CaseOut(many=True)
    good_examples = CaseOut(many=True)
    causes = serializers.CharField()
    requirements = serializers.CharField()
    papers = PaperOut(many=True)
    sent_to = SentOut(many=True, help_text="Your own departments; all, if you run the campaign.")
    fingerprint = serializers.CharField(help_text="Of the report as it reads now; to approve it.")
    turn = serializers.CharField(help_text="Who has it now and what he is to do.")
    steps = serializers.ListField(
        child=serializers.ChoiceField([(step.name, step.label) for step in MEETING_STEPS]),
        help_text="Named actions that are open to you now.",
    )

    def to_representation(self, meeting: ExposureMeeting) -> dict[str, Any]:
        person, told = self.context["person"], queries.report_of(meeting)
        papers = IssuedPaper.objects.visible_to(person).filter(meeting=meeting)
        return {
            **super().to_representation(meeting),
            "title": told.title,
            "intro": told.intro,
            "overall": told.overall,
            "problems": [_case(case) for case in told.problems],
            "good_examples": [_case(case) for case in told.good],
            "causes": told.causes,
            "requirements": told.requirements,
            "papers": [_paper(paper) for paper in papers.order_by("kind")],
            "sent_to": self._sent_to(meeting),
            "fingerprint": told.fingerprint,
            "turn": queries.turn(meeting).words,
            "steps": [step.name for step in steps_open_to(meeting, MEETING_STEPS, person)],
        }

    def _sent_to(self, meeting: ExposureMeeting) -> list[dict[str, Any]]:
        rows = meeting.distributions.select_related("unit").order_by("unit__position", "pk")
        if not self.context["runs"]:
            rows = rows.filter(unit__in=self.context["own"])
        return [
            {
                "unit": named(one.unit),
                "sent_at": timezone.localtime(one.sent_at),
                "acknowledged_at": one.acknowledged_at and timezone.localtime(one.acknowledged_at),
            }
            for one in rows
        ]


def _case(case: CaseText) -> dict[str, Any]:
    return {
        "department": case.department,
        "title": case.title,
        "happened": case.happened,
        "place": case.place,
        "facts": case.facts,
        "nature": case.nature,
        "handling": case.handling,
        "due_on": case.due_on,
    }


def _paper(paper: IssuedPaper) -> dict[str, Any]:
    return {
        "kind": paper.kind,
        "file_name": paper.file_name,
        "size": paper.size,
        "sha256": paper.sha256,
        "issued_at": timezone.localtime(paper.issued_at),
    }


class ReportReason(Body):
    reason = serializers.CharField(max_length=1000)


class HeldOn(Body):
    held_on = serializers.DateField()


class Issue(Body):
    """Number and date of the document, and the fingerprint of what was read."""

    number = serializers.IntegerField(min_value=1, max_value=9999)
    issued_on = serializers.DateField()
    fingerprint = serializers.CharField(max_length=64)
    opinion = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class Units(Body):
    units = serializers.ListField(child=serializers.IntegerField(min_value=1))


class OneUnit(Body):
    unit = serializers.IntegerField(min_value=1, help_text="The department that has the report.")
