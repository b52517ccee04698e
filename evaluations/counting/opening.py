"""From opened ballots to the count of a box: for the count, and for whoever counts again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ballots.sealing import BadBallotError, GradeBallot
from evaluations.counting.rules import Grade
from evaluations.counting.tally import BoxCount, tally

if TYPE_CHECKING:
    from collections.abc import Iterable


def counted(plain: Iterable[bytes | None], dimensions: int) -> BoxCount:
    """The count of opened ballots; what is no ballot of this election is invalid."""
    ballots, invalid = [], 0
    for each in plain:
        try:
            ballot = GradeBallot.decode(each or b"", dimensions=dimensions, grades=len(Grade))
        except BadBallotError:
            invalid += 1
        else:
            ballots.append(ballot.grades)
    return tally(ballots, dimensions, invalid)
