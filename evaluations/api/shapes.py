"""What programs are told of rounds and surveys: what their pages show to the same person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from core.api.shapes import Named
from evaluations.models import Access, Audience
from evaluations.queries.surveys import result_of
from evaluations.states import RoundState, SurveyState

if TYPE_CHECKING:
    from evaluations.models import Round, Survey
    from evaluations.queries.surveys import Line


class RoundOut(serializers.Serializer[Any]):
    """A round of back-to-back evaluation: when, and under which rules. Never what came out of it."""

    number = serializers.IntegerField(help_text="In this campaign; the address names it.")
    name = serializers.CharField()
    state = serializers.ChoiceField(RoundState.choices)
    stage_in_words = serializers.CharField(help_text="The state, of a frozen round by the clock.")
    period_from = serializers.DateField()
    period_to = serializers.DateField()
    tickets_from = serializers.DateTimeField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    rules_digest = serializers.CharField(
        help_text="SHA-256 of the public rules and keys; empty until they are frozen."
    )
    rules = serializers.CharField(
        help_text="Address of the public rules and keys, which anybody may read; empty until frozen."
    )
    board = serializers.CharField(
        help_text="Address of the board with receipts; empty until the count."
    )
    published_on = serializers.DateField(allow_null=True)
    url = serializers.URLField(help_text="This round in the API.")
    page = serializers.URLField(help_text="The same for people.")

    def to_representation(self, round_: Round) -> dict[str, Any]:
        at = self.context["at"]
        election = round_.election if round_.election and round_.election.is_frozen else None
        public = election.get_absolute_url() if election else ""
        return {
            "number": round_.number,
            "name": round_.name,
            "state": round_.state,
            "stage_in_words": str(round_.stage),
            "period_from": round_.period_from,
            "period_to": round_.period_to,
            "tickets_from": round_.tickets_from.isoformat(),
            "opens_at": round_.opens_at.isoformat(),
            "closes_at": round_.closes_at.isoformat(),
            "rules_digest": election.digest if election else "",
            "rules": at.whole(f"{public}election.json") if election else "",
            "board": at.whole(f"{public}board.json") if election and round_.counted_on else "",
            "published_on": round_.published_on,
            "url": at.api(round_.number),
            "page": at.whole(round_.get_absolute_url()),
        }


class FiguresOut(serializers.Serializer[Any]):
    """Two figures that are not the same: a share of people, and a mean of points."""

    unit = Named()
    issued = serializers.IntegerField(allow_null=True, help_text="Null where nobody knows.")
    returned = serializers.IntegerField()
    valid = serializers.IntegerField()
    judging = serializers.IntegerField(
        help_text="Valid answers without “don't know”: the denominator of both figures."
    )
    rate = serializers.CharField(
        help_text="(satisfied + fairly satisfied) ÷ judging, in per cent with one decimal; empty where too few answered."
    )
    score = serializers.CharField(
        help_text="Σ points × answers ÷ judging, with one decimal; empty where too few answered."
    )
    is_suppressed = serializers.BooleanField()


class SurveyOut(serializers.Serializer[Any]):
    """A satisfaction survey. Its figures are null until it was counted."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    audience = serializers.ChoiceField(Audience.choices)
    access = serializers.ChoiceField(Access.choices)
    state = serializers.ChoiceField(SurveyState.choices)
    state_in_words = serializers.CharField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    minimum = serializers.IntegerField(help_text="Valid answers from which figures are given.")
    published_on = serializers.DateField(allow_null=True)
    url = serializers.URLField(help_text="This survey in the API.")
    page = serializers.URLField(help_text="The same for people.")

    def to_representation(self, survey: Survey) -> dict[str, Any]:
        at = self.context["at"]
        return {
            "id": survey.pk,
            "name": survey.name,
            "audience": survey.audience,
            "access": survey.access,
            "state": survey.state,
            "state_in_words": survey.get_state_display(),
            "opens_at": survey.opens_at.isoformat(),
            "closes_at": survey.closes_at.isoformat(),
            "minimum": survey.minimum,
            "published_on": survey.published_on,
            "url": at.api(survey.pk),
            "page": at.whole(survey.get_absolute_url()),
        }


class SurveyDetail(SurveyOut):
    figures = FiguresOut(many=True, allow_null=True, help_text="In the order of the units.")

    def to_representation(self, survey: Survey) -> dict[str, Any]:
        result = result_of(survey)
        figures = None if result is None else [_figures(line) for line in result.lines]
        return super().to_representation(survey) | {"figures": figures}


def _figures(line: Line) -> dict[str, Any]:
    return {
        "unit": {"id": line.unit, "name": line.name},
        "issued": line.issued,
        "returned": line.returned,
        "valid": line.valid,
        "judging": line.judging,
        "rate": line.rate.rstrip("%"),
        "score": line.score,
        "is_suppressed": line.is_suppressed,
    }


class Addresses:
    """Where the resources of one campaign are found: worked out once for a list."""

    def __init__(self, request: Any, list_address: str) -> None:
        self._request = request
        self._list = request.build_absolute_uri(list_address)

    def api(self, key: int) -> str:
        return f"{self._list}{key}/"

    def whole(self, path: str) -> str:
        return str(self._request.build_absolute_uri(path))
