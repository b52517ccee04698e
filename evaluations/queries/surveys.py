"""What a survey asks, what came out of it, and how that went since the campaign began."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from evaluations.counting.satisfaction import Answers, Points, one_decimal, together
from evaluations.models import Survey, SurveyTarget
from evaluations.states import SurveyState
from organisation.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    from ballots.models import Election
    from campaign.models import Campaign
    from evaluations.models.survey import SurveyQuerySet
    from organisation.models import Person

MANIFEST_VERSION = 1
MOST_IN_TREND = 6


def surveys_in(campaign: Campaign, person: Person) -> SurveyQuerySet:
    """With how many departments each is about."""
    found = Survey.objects.visible_to(person).filter(campaign=campaign)
    return found.annotate(departments=Count("targets")).newest_first()


def targets_of(survey: Survey) -> list[SurveyTarget]:
    """In the order of the tree of units; a comparison of departments is never a ranking."""
    targets = list(survey.targets.select_related("unit", "box").order_by("pk"))
    return _in_tree_order(targets)


def _in_tree_order(targets: list[SurveyTarget]) -> list[SurveyTarget]:
    units = Unit.objects.in_order().filter(pk__in={one.unit_id for one in targets})
    turn = {pk: at for at, pk in enumerate(units.values_list("pk", flat=True))}
    return sorted(targets, key=lambda one: (turn[one.unit_id], one.pk))


def survey_manifest(
    survey: Survey, election: Election
) -> Callable[[list[dict[str, Any]], str], dict[str, Any]]:
    """The public description of a survey: what the answer page shows, and no person."""

    def manifest(boxes: list[dict[str, Any]], acceptance_key: str) -> dict[str, Any]:
        return {
            "version": MANIFEST_VERSION,
            "kind": "survey",
            "election": str(election.pk),
            "title": survey.name,
            "host": survey.campaign.host.name,
            "audience": survey.audience,
            "opens_at": survey.opens_at.isoformat(),
            "closes_at": survey.closes_at.isoformat(),
            "minimum": survey.minimum,
            "points": [survey.satisfied, survey.fairly, survey.dissatisfied],
            "acceptance_key": acceptance_key,
            "boxes": boxes,
        }

    return manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One department's figures, or those of all published ones together. Figures come as words."""

    name: str
    unit: int = 0
    issued: int | None = None
    returned: int
    valid: int
    answers: Answers | None
    points: Points

    @property
    def is_suppressed(self) -> bool:
        return self.answers is None

    @property
    def has_more_than_issued(self) -> bool:
        """More answers came back than there were questions: somebody answered several times."""
        return self.issued is not None and self.returned > self.issued

    @property
    def exact_rate(self) -> Fraction | None:
        return self.answers.rate if self.answers else None

    @property
    def rate(self) -> str:
        exact = self.exact_rate
        return "" if exact is None else f"{one_decimal(exact)}%"

    @property
    def score(self) -> str:
        exact = self.answers.score(self.points) if self.answers else None
        return "" if exact is None else one_decimal(exact)

    @property
    def judging(self) -> int:
        """The denominator of both figures; 0 where nothing is published."""
        return self.answers.judging if self.answers else 0

    @property
    def is_few(self) -> bool:
        return self.answers is not None and self.answers.is_few


@dataclass(frozen=True, slots=True)
class SurveyResult:
    lines: Sequence[Line]
    total: Line | None
    """All departments that are published themselves; None where that would be one, or none."""

    @property
    def suppressed(self) -> int:
        return sum(line.is_suppressed for line in self.lines)

    @property
    def published(self) -> int:
        return len(self.lines) - self.suppressed


def result_of(survey: Survey) -> SurveyResult | None:
    """The figures; None before the count, when there are none for anybody."""
    if not survey.is_counted:
        return None
    lines = [_line(target, survey) for target in targets_of(survey)]
    return SurveyResult(lines, _total(lines, survey))


def _line(target: SurveyTarget, survey: Survey) -> Line:
    return Line(
        name=target.unit.name,
        unit=target.unit_id,
        issued=target.issued,
        returned=target.returned or 0,
        valid=target.valid or 0,
        answers=target.answers,
        points=survey.points,
    )


def _total(lines: Sequence[Line], survey: Survey) -> Line | None:
    published = [line for line in lines if not line.is_suppressed]
    answers = together(line.answers for line in published)
    if answers is None:
        return None
    issued = [line.issued for line in published if line.issued is not None]
    return Line(
        name="",
        issued=sum(issued) if len(issued) == len(published) else None,
        returned=sum(line.returned for line in published),
        valid=sum(line.valid for line in published),
        answers=answers,
        points=survey.points,
    )


@dataclass(slots=True)
class Course:
    """One department over the published surveys of a campaign, oldest first; None: not asked about."""

    name: str
    lines: list[Line | None]
    chart: Chart = field(init=False)

    def __post_init__(self) -> None:
        self.chart = chart([line.exact_rate if line else None for line in self.lines])


@dataclass(frozen=True, slots=True)
class Trend:
    surveys: Sequence[Survey]
    courses: Sequence[Course]


def trend_of(survey: Survey) -> Trend | None:
    """This survey and the published ones before it that asked the same people; None where it is the
    first. Two queries, and one for the order of the departments.
    """
    earlier = Survey.objects.filter(
        campaign=survey.campaign_id, audience=survey.audience, state=SurveyState.PUBLISHED
    ).filter(closes_at__lt=survey.closes_at)
    surveys = [*earlier.newest_first()[: MOST_IN_TREND - 1]][::-1]
    if not surveys or not survey.is_counted:
        return None
    surveys.append(survey)
    targets = SurveyTarget.objects.filter(survey__in=surveys).select_related("unit")
    by_survey: dict[int, dict[int, SurveyTarget]] = defaultdict(dict)
    for target in targets.order_by("pk"):
        by_survey[target.survey_id][target.unit_id] = target
    now = _in_tree_order(list(by_survey[survey.pk].values()))
    return Trend(surveys, [_course(one.unit, surveys, by_survey) for one in now])


def _course(
    unit: Unit, surveys: Sequence[Survey], by_survey: dict[int, dict[int, SurveyTarget]]
) -> Course:
    lines: list[Line | None] = []
    for survey in surveys:
        target = by_survey[survey.pk].get(unit.pk)
        lines.append(_line(target, survey) if target else None)
    return Course(unit.name, lines)


WIDTH, HEIGHT, MARGIN = 160, 48, 6


@dataclass(frozen=True, slots=True)
class Chart:
    """A rate over time in a field of ``WIDTH`` × ``HEIGHT``: 0 % at the bottom, 100 % on top."""

    paths: Sequence[str]
    """Lines between neighbours; where a figure is missing there is a gap and no line over it."""
    dots: Sequence[tuple[float, float]]


def chart(rates: Sequence[Fraction | None]) -> Chart:
    step = (WIDTH - 2 * MARGIN) / max(1, len(rates) - 1)
    places = [
        None
        if rate is None
        else (
            round(MARGIN + step * at, 1),
            round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * float(rate) / 100, 1),
        )
        for at, rate in enumerate(rates)
    ]
    runs = [list(run) for there, run in groupby(places, key=lambda one: one is not None) if there]
    paths = [" ".join(f"{x},{y}" for x, y in filter(None, run)) for run in runs if len(run) > 1]
    return Chart(paths, [place for place in places if place])
