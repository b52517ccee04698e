"""Results for those who may read them: from what was published, and from nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from evaluations.counting.publication import Cell
from evaluations.counting.publication import Publication as Published
from evaluations.counting.rules import REAL_GRADES, REAL_MARKS, Grade
from evaluations.counting.scoring import ElectorateCount, rounded
from evaluations.counting.simulation import simulate
from evaluations.counting.tally import BoxCount, answers_in
from evaluations.models import Publication, Round, Subject, reads_grades_in
from evaluations.states import RoundState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from campaign.models import Campaign
    from evaluations.counting.rules import GradingRules
    from evaluations.models import Appeal, Confirmation, Consequence
    from organisation.models import Person

TREND = 6
"""So many earlier rounds are shown beside the present one."""


@dataclass(frozen=True, slots=True)
class DimensionFigures:
    """One dimension as it was published: how many gave which answer, or why that is not shown."""

    name: str
    cell: Cell
    shares: tuple[tuple[Grade, int, int], ...] = ()
    """Each answer with how many gave it and its share in per cent."""
    mean: int | None = None
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """How the same head in the same department did in an earlier round."""

    round: Round
    shown: Published


@dataclass(frozen=True, slots=True)
class Outcome:
    """One head's result in one round, with what he had before."""

    subject: Subject
    shown: Published
    earlier: tuple[Earlier, ...] = ()

    @property
    def is_poor(self) -> bool:
        return self.shown.grade == Grade.POOR

    @property
    def confirmation(self) -> Confirmation | None:
        return getattr(self.subject, "confirmation", None)

    @property
    def consequence(self) -> Consequence | None:
        return getattr(self.confirmation, "consequence", None)

    @property
    def appeal(self) -> Appeal | None:
        return getattr(self.subject, "appeal", None)


def published_rounds(campaign: Campaign) -> list[Round]:
    found = Round.objects.filter(campaign=campaign, state=RoundState.PUBLISHED)
    return list(found.select_related("campaign").newest_first())


@dataclass(frozen=True, slots=True)
class Opens:
    """Which pages of results there are for somebody in a campaign."""

    everybodys: bool
    own: bool

    def __bool__(self) -> bool:
        return self.everybodys or self.own


def results_open_to(person: Person, campaign: Campaign) -> Opens:
    """One query, of whatever is published."""
    found = Publication.objects.visible_to(person).filter(subject__round__campaign=campaign)
    reads = campaign.pk in reads_grades_in(person)
    heads = set(found.order_by().values_list("subject__person", flat=True).distinct())
    return Opens(everybodys=reads and bool(heads), own=person.pk in heads)


def outcomes(round_: Round, reader: Person) -> list[Outcome]:
    """Everybody in the order of the roll of heads; a ranking of persons is not made of it."""
    found = (
        Publication.objects.visible_to(reader)
        .filter(subject__round=round_)
        .select_related(
            "subject__person",
            "subject__unit",
            "subject__confirmation__consequence",
            "subject__statement",
            "subject__appeal",
        )
        .order_by("subject__position", "subject")
    )
    return _with_trend(round_, list(found))


def outcome(subject: Subject, reader: Person) -> Outcome | None:
    """This head's result; None where this reader may not read it."""
    found = Publication.objects.visible_to(reader).filter(subject=subject)
    with_subject = found.select_related("subject__person", "subject__unit")
    told = _with_trend(subject.round, list(with_subject))
    return told[0] if told else None


def own_outcomes(campaign: Campaign, person: Person) -> list[Outcome]:
    """One's own results of a campaign, the latest first."""
    found = (
        Publication.objects.visible_to(person)
        .filter(subject__person=person, subject__round__campaign=campaign)
        .select_related("subject__person", "subject__unit", "subject__round__campaign")
        .order_by("-subject__round__number", "subject__position", "subject")
    )
    return [Outcome(one.subject, Published.from_json(one.cells)) for one in found]


def _with_trend(round_: Round, rows: Sequence[Publication]) -> list[Outcome]:
    before = _before(round_, [row.subject for row in rows])
    return [
        Outcome(
            row.subject,
            Published.from_json(row.cells),
            tuple(before[row.subject.person_id, row.subject.unit_id][-TREND:]),
        )
        for row in rows
    ]


def _before(
    round_: Round, subjects: Iterable[Subject]
) -> defaultdict[tuple[int, int], list[Earlier]]:
    """Earlier results of the same heads in the same departments, oldest first: one query."""
    found: defaultdict[tuple[int, int], list[Earlier]] = defaultdict(list)
    earlier = (
        Publication.objects.filter(
            subject__round__campaign__host=round_.campaign.host_id,
            subject__round__state=RoundState.PUBLISHED,
            subject__round__closes_at__lt=round_.closes_at,
            subject__person__in={subject.person_id for subject in subjects},
        )
        .select_related("subject__round")
        .order_by("subject__round__closes_at", "pk")
    )
    for row in earlier:
        key = row.subject.person_id, row.subject.unit_id
        found[key].append(Earlier(row.subject.round, Published.from_json(row.cells)))
    return found


def dimension_figures(shown: Published, round_: Round) -> list[DimensionFigures]:
    return [
        _figures(name, cell, round_.rules)
        for name, cell in zip(round_.dimensions, shown.distribution, strict=True)
    ]


def _figures(name: str, cell: Cell, rules: GradingRules) -> DimensionFigures:
    worth = _worth(cell, rules)
    if worth is None or cell.counts is None:
        grade = cell.most if cell.most in REAL_GRADES else None
        return DimensionFigures(name, cell, grade=grade)
    answers = answers_in(cell.counts)
    shares = tuple(
        (grade, cell.counts[grade.mark], rounded(Fraction(100 * cell.counts[grade.mark], answers)))
        for grade in REAL_GRADES
    )
    return DimensionFigures(name, cell, shares, rounded(worth), rules.bands.grade(rounded(worth)))


def _worth(cell: Cell, rules: GradingRules) -> Fraction | None:
    """The plain mean of what was answered, as far as that was published."""
    answers = answers_in(cell.counts) if cell.counts else 0
    if not cell.counts or not answers:
        return None
    return Fraction(sum(rules.values.of(mark) * cell.counts[mark] for mark in REAL_MARKS), answers)


def low_dimensions(shown: Published, round_: Round) -> list[str]:
    """The names of those that were poor; where none was, of the lowest. No counts, no order of size.

    Nothing where the publication does not tell: a letter then speaks of the result as a whole.
    """
    told = dimension_figures(shown, round_)
    poor = [one.name for one in told if one.grade == Grade.POOR]
    if poor:
        return poor
    means = [one.mean for one in told if one.mean is not None]
    if len(set(means)) < 2:
        return []
    return [one.name for one in told if one.mean == min(means)]


@dataclass(frozen=True, slots=True)
class Margin:
    """How near a poor result lies to the line, from the published figures alone."""

    points: int | None = None
    """By how much the score lies under the line of “average”; None where it is not published, or
    where the share of “poor” decides.
    """
    hangs_on_one_vote: bool | None = None
    """None where the publication does not allow to tell."""


def margin(shown: Published, round_: Round) -> Margin:
    rules = round_.rules
    points = None
    if shown.score is not None and shown.score < rules.bands.average:
        points = rules.bands.average - shown.score
    electorates = _as_published(shown)
    if electorates is None:
        return Margin(points)
    simulation = simulate(electorates, rules)
    if simulation.result.grade != shown.grade:
        return Margin(points)
    return Margin(points, simulation.votes_to_better == 1)


def _as_published(shown: Published) -> list[ElectorateCount] | None:
    """The counts that were published, where they are complete: of a single electorate, as they are.

    Of several, weighted and merged, the published sums do not say what one vote weighs.
    """
    if len(shown.electorates) != 1:
        return None
    only = shown.electorates[0]
    columns = [cell.counts for cell in shown.distribution]
    known = [counts for counts in columns if counts is not None]
    if not known or len(known) < len(columns):
        return None
    ballots = max(sum(counts) for counts in known)
    box = BoxCount(tuple(known), accepted=ballots, valid=ballots, abstained=0)
    return [ElectorateCount(only.electorate, only.label, 100, only.eligible, box)]


@dataclass(frozen=True, slots=True)
class Summary:
    """A round in a few figures, without any name: what the circular tells."""

    heads: int
    grades: tuple[tuple[Grade, int], ...]
    ungraded: int
    low: tuple[tuple[str, int, int], ...]
    """Each dimension with how many heads were average or poor in it, of how many it is known."""


def summary(round_: Round, told: Sequence[Outcome]) -> Summary:
    grades = Counter(one.shown.grade for one in told)
    low, known = Counter[str](), Counter[str]()
    for one in told:
        for dimension in dimension_figures(one.shown, round_):
            if dimension.grade is not None:
                known[dimension.name] += 1
                low[dimension.name] += dimension.grade in (Grade.AVERAGE, Grade.POOR)
    return Summary(
        heads=len(told),
        grades=tuple((grade, grades[grade]) for grade in REAL_GRADES),
        ungraded=grades[None],
        low=tuple((name, low[name], known[name]) for name in round_.dimensions),
    )
