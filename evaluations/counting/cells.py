"""Which counts may be shown: of the whole, and of groups beside the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluations.counting.publication import Cell, GroupFigures, Reason
from evaluations.counting.rules import MARKS, REAL_MARKS, GradingRules, grade_at
from evaluations.counting.scoring import ElectorateCount
from evaluations.counting.tally import Counts, answers_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Group = tuple[ElectorateCount, ...]
"""Electorates whose figures are shown as one."""


def counts_of(group: Sequence[ElectorateCount], dimension: int) -> Counts:
    return tuple(
        sum(electorate.box.dimensions[dimension][mark] for electorate in group)
        for mark in range(MARKS)
    )


def secret(electorates: Sequence[ElectorateCount]) -> list[ElectorateCount]:
    return [electorate for electorate in electorates if not electorate.is_named]


def enough_secret(count: int, k: int) -> bool:
    """Beside answers that everybody knows, those of a few would be known too."""
    return count == 0 or count >= k


def others_allowed(answers: int, rules: GradingRules) -> int:
    """With how many other answers “nearly all” still agree.

    Never none: the words must not say that nobody differed.
    """
    return max(1, (answers * (100 - rules.unanimity_percent) - 1) // 100)


def mark_of_nearly_all(counts: Counts, rules: GradingRules) -> int | None:
    answers = answers_in(counts)
    most = max(REAL_MARKS, key=lambda mark: counts[mark])
    agree = answers > 0 and answers - counts[most] <= others_allowed(answers, rules)
    return most if agree else None


def cell(group: Sequence[ElectorateCount], dimension: int, k: int, rules: GradingRules) -> Cell:
    counts = counts_of(group, dimension)
    answers = answers_in(counts)
    hidden = answers_in(counts_of(secret(group), dimension))
    if answers < k or not enough_secret(hidden, k):
        return Cell(reason=Reason.FEW_ANSWERS if answers else Reason.NOTHING)
    if (mark := mark_of_nearly_all(counts, rules)) is not None:
        return Cell(most=grade_at(mark), reason=Reason.UNANIMOUS)
    return Cell(counts=counts)


def partitions(
    electorates: Sequence[ElectorateCount], rules: GradingRules
) -> Iterator[list[Group]]:
    """Groups that are large enough, then fewer and larger ones, and never fewer than two.

    A group that is too small goes to the next in order, the last to the one before.
    """
    groups: list[Group] = [(electorate,) for electorate in electorates]
    while len(groups) > 1:
        small = [n for n, group in enumerate(groups) if not _is_large(group, rules)]
        if not small:
            yield list(groups)
        smallest = min(range(len(groups)), key=lambda n: (_valid(groups[n]), n))
        groups = _merged(groups, small[0] if small else smallest)


def _valid(group: Sequence[ElectorateCount]) -> int:
    return sum(electorate.box.valid for electorate in group)


def _is_large(group: Group, rules: GradingRules) -> bool:
    hidden = _valid(secret(group))
    return _valid(group) >= rules.k_group and enough_secret(hidden, rules.k_group)


def _merged(groups: list[Group], n: int) -> list[Group]:
    first = min(n, len(groups) - 2)
    return [*groups[:first], groups[first] + groups[first + 1], *groups[first + 2 :]]


def group_figures(
    groups: Sequence[Group], whole: Sequence[Cell], rules: GradingRules
) -> tuple[GroupFigures, ...]:
    """The cells of each group, with those hidden that another hidden one would follow from."""
    columns = [_column(groups, n, of_all, rules) for n, of_all in enumerate(whole)]
    if not any(shown.counts for column in columns for shown in column):
        return ()
    return tuple(
        GroupFigures(
            electorates=tuple(electorate.code for electorate in group),
            labels=tuple(electorate.label for electorate in group),
            cells=tuple(column[n] for column in columns),
        )
        for n, group in enumerate(groups)
    )


def _column(
    groups: Sequence[Group], dimension: int, whole: Cell, rules: GradingRules
) -> list[Cell]:
    cells = [cell(group, dimension, rules.k_group, rules) for group in groups]
    hidden = [group for group, shown in zip(groups, cells, strict=True) if not shown.counts]
    if whole.counts and (not hidden or _hides_enough(hidden, dimension, rules)):
        return cells
    return [Cell(reason=Reason.COMPLEMENT)] * len(cells)


def _hides_enough(hidden: Sequence[Group], dimension: int, rules: GradingRules) -> bool:
    """Whether what the whole says of the hidden ones together might be shown by itself."""
    together = [electorate for group in hidden for electorate in group]
    return len(hidden) > 1 and bool(cell(together, dimension, rules.k_group, rules).counts)
