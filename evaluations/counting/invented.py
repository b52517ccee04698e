"""Answers that nobody gave, in the numbers of those who may vote: for trying the rules out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from evaluations.counting.rules import BLANK, Grade
from evaluations.counting.scoring import ElectorateCount
from evaluations.counting.tally import BoxCount, Counts, answers_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluations.counting.boxes import Electorate

GOOD, POOR = Grade.GOOD.mark, Grade.POOR.mark


class Preset(TextChoices):
    TYPICAL = "typical", pgettext_lazy("invented answers", "as usual")
    SPLIT = "split", pgettext_lazy("invented answers", "divided")
    GRUDGE = "grudge", pgettext_lazy("invented answers", "as usual, with one grudge")
    CANVASSED = "canvassed", pgettext_lazy("invented answers", "canvassed")


SHARES: dict[str, Counts] = {
    Preset.TYPICAL: (2, 43, 33, 14, 4, 4),
    Preset.SPLIT: (2, 40, 8, 10, 35, 5),
    Preset.GRUDGE: (2, 43, 33, 14, 4, 4),
    Preset.CANVASSED: (0, 96, 3, 1, 0, 0),
}
"""Of a hundred: blank first, then the grades in their order."""
TURNOUT = {
    Preset.TYPICAL: 80,
    Preset.SPLIT: 85,
    Preset.GRUDGE: 80,
    Preset.CANVASSED: 98,
}


def spread(shares: Sequence[int], ballots: int) -> Counts:
    """So many ballots in these proportions: what is left over goes to the largest remainders."""
    whole = sum(shares)
    if not whole:
        return tuple(ballots if mark == BLANK else 0 for mark in range(len(shares)))
    counts = [share * ballots // whole for share in shares]
    remainders = sorted(
        range(len(shares)), key=lambda mark: (-(shares[mark] * ballots % whole), mark)
    )
    for mark in remainders[: ballots - sum(counts)]:
        counts[mark] += 1
    return tuple(counts)


def like(
    electorates: Sequence[Electorate], shares: Sequence[Sequence[int]], turnout_percent: int
) -> list[ElectorateCount]:
    """Every electorate answers in these proportions, such as those of a former publication."""
    return [_answering(electorate, shares, turnout_percent) for electorate in electorates]


def invented(
    preset: Preset, electorates: Sequence[Electorate], dimensions: int
) -> list[ElectorateCount]:
    counts = like(electorates, [SHARES[preset]] * dimensions, TURNOUT[preset])
    return _with_one_grudge(counts) if preset == Preset.GRUDGE else counts


def _answering(
    electorate: Electorate, shares: Sequence[Sequence[int]], turnout_percent: int
) -> ElectorateCount:
    ballots = -(-electorate.eligible * turnout_percent // 100)
    dimensions = tuple(spread(of_one, ballots) for of_one in shares)
    valid = max((answers_in(counts) for counts in dimensions), default=0)
    return ElectorateCount(
        code=electorate.code,
        label=electorate.label,
        weight=electorate.weight,
        eligible=electorate.eligible,
        box=BoxCount(dimensions, accepted=ballots, valid=valid, abstained=ballots - valid),
        is_named=electorate.is_named,
    )


def _with_one_grudge(electorates: Sequence[ElectorateCount]) -> list[ElectorateCount]:
    """One of those whose single vote weighs most answers “poor” throughout."""
    voting = [electorate for electorate in electorates if electorate.box.valid]
    if not voting:
        return list(electorates)
    heaviest = max(voting, key=lambda e: (Fraction(e.weight, e.box.valid), e.code))
    return [
        replace(electorate, box=_with_a_grudge(electorate.box))
        if electorate is heaviest
        else electorate
        for electorate in electorates
    ]


def _with_a_grudge(box: BoxCount) -> BoxCount:
    return replace(box, dimensions=tuple(_one_to_poor(counts) for counts in box.dimensions))


def _one_to_poor(counts: Counts) -> Counts:
    best = next((mark for mark in range(GOOD, POOR) if counts[mark]), POOR)
    return tuple(count - (mark == best) + (mark == POOR) for mark, count in enumerate(counts))
