"""From counts to a score and a provisional grade, exactly: whole numbers and fractions only.

What stands here is never shown as it is; what may be shown is a publication.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from evaluations.counting.rules import REAL_MARKS, Grade, GradingRules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluations.counting.tally import BoxCount

_POOR = Grade.POOR.mark


@dataclass(frozen=True, slots=True)
class ElectorateCount:
    """What one electorate said of one subject, and how much it weighs."""

    code: str
    label: str
    weight: int
    eligible: int
    box: BoxCount
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What one electorate contributed to one dimension: its mean, and the share of its weight."""

    electorate: str
    label: str
    dimension: int
    answers: int
    mean: Fraction
    weight: Fraction


@dataclass(frozen=True, slots=True)
class DimensionResult:
    answers: int
    score: Fraction | None
    poor: int


@dataclass(frozen=True, slots=True)
class SubjectResult:
    dimensions: tuple[DimensionResult, ...]
    exact: Fraction | None
    """The mean of the dimensions that were answered."""
    score: int | None
    """The exact score rounded half up. The grade follows this figure, the one people can see."""
    poor_share: Fraction
    grade: Grade | None
    eligible: int
    accepted: int
    valid: int
    is_quorate: bool
    steps: tuple[Step, ...]


def rounded(exact: Fraction) -> int:
    """Half up, as everybody learned it at school."""
    return int((exact + Fraction(1, 2)) // 1)


def by_code(electorates: Sequence[ElectorateCount]) -> list[ElectorateCount]:
    return sorted(electorates, key=lambda electorate: electorate.code)


def result(electorates: Sequence[ElectorateCount], rules: GradingRules) -> SubjectResult:
    """The same whatever the order in which the electorates are given."""
    electorates = by_code(electorates)
    dimensions = len(electorates[0].box.dimensions) if electorates else 0
    steps = [step for n in range(dimensions) for step in _steps(electorates, n, rules)]
    results = tuple(_dimension(electorates, steps, n) for n in range(dimensions))
    scores = [dimension.score for dimension in results if dimension.score is not None]
    exact = sum(scores, Fraction()) / len(scores) if scores else None
    score = None if exact is None else rounded(exact)
    answers = sum(dimension.answers for dimension in results)
    poor_share = Fraction(sum(d.poor for d in results), answers) if answers else Fraction()
    eligible = sum(electorate.eligible for electorate in electorates)
    accepted = sum(electorate.box.accepted for electorate in electorates)
    return SubjectResult(
        dimensions=results,
        exact=exact,
        score=score,
        poor_share=poor_share,
        grade=graded(score, poor_share, rules),
        eligible=eligible,
        accepted=accepted,
        valid=sum(electorate.box.valid for electorate in electorates),
        is_quorate=eligible > 0 and accepted * 100 >= eligible * rules.quorum_percent,
        steps=tuple(steps),
    )


def graded(score: int | None, poor_share: Fraction, rules: GradingRules) -> Grade | None:
    if score is None:
        return None
    return Grade.POOR if poor_share > rules.poor_share else rules.bands.grade(score)


def _steps(
    electorates: Sequence[ElectorateCount], dimension: int, rules: GradingRules
) -> list[Step]:
    """Who gave no answer leaves his weight to the others."""
    answering = [
        electorate
        for electorate in electorates
        if electorate.weight > 0 and electorate.box.answers(dimension)
    ]
    weights = sum(electorate.weight for electorate in answering)
    return [
        Step(
            electorate=electorate.code,
            label=electorate.label,
            dimension=dimension,
            answers=electorate.box.answers(dimension),
            mean=_mean(electorate, dimension, rules),
            weight=Fraction(electorate.weight, weights),
        )
        for electorate in answering
    ]


def _mean(electorate: ElectorateCount, dimension: int, rules: GradingRules) -> Fraction:
    counts = electorate.box.dimensions[dimension]
    worth = sum(rules.values.of(mark) * counts[mark] for mark in REAL_MARKS)
    return Fraction(worth, electorate.box.answers(dimension))


def _dimension(
    electorates: Sequence[ElectorateCount], steps: Sequence[Step], dimension: int
) -> DimensionResult:
    mine = [step for step in steps if step.dimension == dimension]
    return DimensionResult(
        answers=sum(electorate.box.answers(dimension) for electorate in electorates),
        score=sum((step.mean * step.weight for step in mine), Fraction()) if mine else None,
        poor=sum(electorate.box.dimensions[dimension][_POOR] for electorate in electorates),
    )
