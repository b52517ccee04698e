"""Trying the rules out before a round: which grade comes out, and how little would change it.

The answers are invented, or those of a former round as it was published; nobody voted them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from evaluations.counting.rules import REAL_MARKS, Grade, GradingRules
from evaluations.counting.scoring import ElectorateCount, SubjectResult, by_code, result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evaluations.counting.tally import BoxCount, Counts

    Effect = Callable[[ElectorateCount, int, int], Fraction]

BEST, WORST = Grade.GOOD.mark, Grade.POOR.mark


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change of votes leads to."""

    score: int | None
    grade: Grade | None

    @classmethod
    def of(cls, found: SubjectResult) -> Outcome:
        return cls(found.score, found.grade)


@dataclass(frozen=True, slots=True)
class Simulation:
    result: SubjectResult
    distances: Mapping[Grade, Fraction]
    """How far the score lies above the least that each grade takes; below nothing: not reached."""
    grudge: Outcome
    """One voter of those whose vote weighs most answers “poor” throughout."""
    praise: Outcome
    lowest_without_one: int | None
    highest_without_one: int | None
    votes_to_worsen: int | None
    """How many ballots, turned to “poor” throughout, bring a worse grade; None where none can."""
    votes_to_better: int | None

    @property
    def hangs_on_one_vote(self) -> bool:
        return 1 in {self.votes_to_worsen, self.votes_to_better}


def simulate(electorates: Sequence[ElectorateCount], rules: GradingRules) -> Simulation:
    electorates = by_code(electorates)
    found = result(electorates, rules)
    effect = _on_the_score(found, rules)
    scores = [
        left.score
        for mark in (BEST, WORST)
        for left in _without_one(electorates, mark, rules)
        if left.score is not None
    ]
    return Simulation(
        result=found,
        distances=_distances(found, rules),
        grudge=Outcome.of(result(_turned(electorates, WORST, 1, effect), rules)),
        praise=Outcome.of(result(_turned(electorates, BEST, 1, effect), rules)),
        lowest_without_one=min(scores, default=None),
        highest_without_one=max(scores, default=None),
        votes_to_worsen=_votes_to_flip(electorates, WORST, found, rules),
        votes_to_better=_votes_to_flip(electorates, BEST, found, rules),
    )


def _distances(found: SubjectResult, rules: GradingRules) -> dict[Grade, Fraction]:
    if found.exact is None:
        return {}
    return {
        grade: found.exact - lowest + Fraction(1, 2)
        for grade in (Grade.GOOD, Grade.FAIR, Grade.AVERAGE)
        if (lowest := rules.bands.range_of(grade)[0]) is not None
    }


def _without_one(
    electorates: Sequence[ElectorateCount], mark: int, rules: GradingRules
) -> list[SubjectResult]:
    """The results without one ballot of each electorate, the best (or worst) there can be."""
    return [
        result([*electorates[:n], _less_one(electorate, mark), *electorates[n + 1 :]], rules)
        for n, electorate in enumerate(electorates)
        if electorate.box.valid
    ]


def _less_one(electorate: ElectorateCount, mark: int) -> ElectorateCount:
    box = electorate.box
    kept = tuple(_less(counts, _away_from(WORST + BEST - mark), 1) for counts in box.dimensions)
    return replace(
        electorate,
        box=replace(box, dimensions=kept, accepted=box.accepted - 1, valid=box.valid - 1),
    )


def _away_from(mark: int) -> tuple[int, ...]:
    """The marks, those first that are farthest from this one."""
    return REAL_MARKS if mark == WORST else REAL_MARKS[::-1]


def _less(counts: Counts, order: Sequence[int], ballots: int) -> Counts:
    left = list(counts)
    for mark in order:
        taken = min(ballots, left[mark])
        left[mark] -= taken
        ballots -= taken
    return tuple(left)


def _votes_to_flip(
    electorates: Sequence[ElectorateCount], to: int, found: SubjectResult, rules: GradingRules
) -> int | None:
    """The fewest ballots that lead to another grade, by the score or by the share of “poor”."""
    if found.grade is None:
        return None
    effects = (_on_the_score(found, rules), _on_the_share)
    fewest = [_fewest(electorates, to, found.grade, rules, effect) for effect in effects]
    return min((votes for votes in fewest if votes is not None), default=None)


def _fewest(
    electorates: Sequence[ElectorateCount],
    to: int,
    grade: Grade,
    rules: GradingRules,
    effect: Effect,
) -> int | None:
    """Halve the distance: the more ballots are turned the farther the grade moves."""

    def flips(votes: int) -> bool:
        return result(_turned(electorates, to, votes, effect), rules).grade != grade

    low, high = 0, sum(electorate.box.valid for electorate in electorates)
    if not flips(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if flips(middle) else (middle, high)
    return high


def _turned(
    electorates: Sequence[ElectorateCount], to: int, votes: int, effect: Effect
) -> list[ElectorateCount]:
    """The electorates with so many ballots turned, those that move most first."""
    offers = [
        (-effect(electorate, to, nth), electorate.code, nth)
        for electorate in electorates
        for nth in range(electorate.box.valid)
    ]
    turned = Counter(code for _, code, _ in sorted(offers)[:votes])
    return [
        replace(electorate, box=_turned_box(electorate.box, to, turned[electorate.code]))
        for electorate in electorates
    ]


def _turned_box(box: BoxCount, to: int, ballots: int) -> BoxCount:
    turned = []
    for counts in box.dimensions:
        left = list(_less(counts, _away_from(to), ballots))
        left[to] += sum(counts) - sum(left)
        turned.append(tuple(left))
    return replace(box, dimensions=tuple(turned))


def _answer_to_turn(counts: Counts, to: int, nth: int) -> int | None:
    """The answer of the ballot that is turned after ``nth`` others, farthest first."""
    for mark in _away_from(to):
        if nth < counts[mark]:
            return mark
        nth -= counts[mark]
    return None


def _on_the_score(found: SubjectResult, rules: GradingRules) -> Effect:
    weights = {
        (step.electorate, step.dimension): step.weight / step.answers for step in found.steps
    }

    def effect(electorate: ElectorateCount, to: int, nth: int) -> Fraction:
        moved = Fraction()
        for dimension, counts in enumerate(electorate.box.dimensions):
            mark = _answer_to_turn(counts, to, nth)
            if mark is not None:
                worth = abs(rules.values.of(mark) - rules.values.of(to))
                moved += weights.get((electorate.code, dimension), 0) * worth
        return moved

    return effect


def _on_the_share(electorate: ElectorateCount, to: int, nth: int) -> Fraction:
    answers = [_answer_to_turn(counts, to, nth) for counts in electorate.box.dimensions]
    return Fraction(sum(m is not None and (m == WORST) != (to == WORST) for m in answers))
