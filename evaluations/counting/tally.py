"""From ballots to counts: one box, no voter, no order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluations.counting.rules import MARKS, REAL_MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Counts = tuple[int, ...]
"""How often each mark was made in one dimension: blank first, then the grades in their order."""
NO_COUNTS: Counts = (0,) * MARKS


@dataclass(frozen=True, slots=True)
class BoxCount:
    """What lay in one box. Every ballot accepted is valid, abstained or invalid."""

    dimensions: tuple[Counts, ...]
    accepted: int
    valid: int
    abstained: int
    invalid: int = 0

    def answers(self, dimension: int) -> int:
        """How many said something in this dimension."""
        return answers_in(self.dimensions[dimension])

    @classmethod
    def empty(cls, dimensions: int) -> BoxCount:
        return cls((NO_COUNTS,) * dimensions, accepted=0, valid=0, abstained=0)

    @classmethod
    def merged(cls, boxes: Iterable[BoxCount], dimensions: int) -> BoxCount:
        total = cls.empty(dimensions)
        for box in boxes:
            total = total.plus(box)
        return total

    def plus(self, other: BoxCount) -> BoxCount:
        return BoxCount(
            dimensions=tuple(
                tuple(a + b for a, b in zip(mine, theirs, strict=True))
                for mine, theirs in zip(self.dimensions, other.dimensions, strict=True)
            ),
            accepted=self.accepted + other.accepted,
            valid=self.valid + other.valid,
            abstained=self.abstained + other.abstained,
            invalid=self.invalid + other.invalid,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "dimensions": [list(counts) for counts in self.dimensions],
            "accepted": self.accepted,
            "valid": self.valid,
            "abstained": self.abstained,
            "invalid": self.invalid,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> BoxCount:
        return cls(
            dimensions=tuple(tuple(counts) for counts in stored["dimensions"]),
            accepted=stored["accepted"],
            valid=stored["valid"],
            abstained=stored["abstained"],
            invalid=stored["invalid"],
        )


def answers_in(counts: Sequence[int]) -> int:
    return sum(counts[mark] for mark in REAL_MARKS)


def tally(ballots: Iterable[Sequence[int]], dimensions: int, invalid: int = 0) -> BoxCount:
    """Count the ballots of one box; ``invalid`` are those that could not even be read.

    A ballot of another length, or with a mark that there is not, is invalid too: what somebody's
    own program sent must not keep a box from being counted.
    """
    counts = [[0] * MARKS for _ in range(dimensions)]
    valid = abstained = 0
    for ballot in ballots:
        if len(ballot) != dimensions or not all(_is_mark(mark) for mark in ballot):
            invalid += 1
            continue
        for dimension, mark in enumerate(ballot):
            counts[dimension][mark] += 1
        says_something = any(mark in REAL_MARKS for mark in ballot)
        valid += says_something
        abstained += not says_something
    return BoxCount(
        dimensions=tuple(tuple(of_one) for of_one in counts),
        accepted=valid + abstained + invalid,
        valid=valid,
        abstained=abstained,
        invalid=invalid,
    )


def _is_mark(mark: object) -> bool:
    return type(mark) is int and 0 <= mark < MARKS
