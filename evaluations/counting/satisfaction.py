"""Satisfaction in two figures that must not be mixed: the rate, and the score.

A rate is a share of people, a score is a mean of points. A site that called the one by the other's
name would have shown 50 % where all hundred of its voters were dissatisfied.
"""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FEW = 30
"""A rate of fewer than so many carries the count beside it."""


class Answer(enum.IntEnum):
    """What can be answered, by the number that lies in the box."""

    SATISFIED = 1
    FAIRLY = 2
    DISSATISFIED = 3
    UNKNOWN = 4


@dataclass(frozen=True, slots=True)
class Points:
    """What each answer counts in the score, 0 to 100."""

    satisfied: int = 100
    fairly: int = 70
    dissatisfied: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """How often each answer was given about one department, or about several together."""

    satisfied: int = 0
    fairly: int = 0
    dissatisfied: int = 0
    unknown: int = 0

    @classmethod
    def of(cls, given: Iterable[Answer]) -> Answers:
        counts = dict.fromkeys((field.name for field in fields(cls)), 0)
        for answer in given:
            counts[answer.name.lower()] += 1
        return cls(**counts)

    def as_counts(self) -> dict[str, int]:
        """As they are kept; ``Answers(**counts)`` reads them back."""
        return asdict(self)

    def __add__(self, other: Answers) -> Answers:
        mine, theirs = self.as_counts(), other.as_counts()
        return Answers(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def valid(self) -> int:
        return self.judging + self.unknown

    @property
    def judging(self) -> int:
        """Valid answers that say something: without “do not know”."""
        return self.satisfied + self.fairly + self.dissatisfied

    @property
    def is_few(self) -> bool:
        return self.judging < FEW

    @property
    def rate(self) -> Fraction | None:
        """(satisfied + fairly satisfied) ÷ (valid − do not know), in per cent. None of none."""
        if not self.judging:
            return None
        return Fraction(100 * (self.satisfied + self.fairly), self.judging)

    def score(self, points: Points) -> Fraction | None:
        """Σ points × answers ÷ (valid − do not know). None of none."""
        if not self.judging:
            return None
        total = (
            points.satisfied * self.satisfied
            + points.fairly * self.fairly
            + points.dissatisfied * self.dissatisfied
        )
        return Fraction(total, self.judging)


def one_decimal(exact: Fraction) -> str:
    """With one decimal, half a tenth rounded up: 66.65 is 66.7."""
    tenths = (exact * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}"


def kept(given: list[Answer], minimum: int) -> Answers | None:
    """The counts, if enough answered: otherwise nothing more than how many may be known."""
    return Answers.of(given) if len(given) >= minimum else None


def together(of_each: Iterable[Answers | None]) -> Answers | None:
    """All departments in one figure: a sum over those alone that are published themselves.

    What was too little to be published is in no sum, so no difference gives it away. One
    department alone makes no sum.
    """
    published = [answers for answers in of_each if answers is not None]
    return sum(published, Answers()) if len(published) > 1 else None
