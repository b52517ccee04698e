"""Another way of voting that would have been published in the very same words.

One is enough to show that a small group's answers cannot be worked out. It is looked for nearby:
one answer changed, two answers exchanged, or two such changes at once. Where none is found the
answer is no, which can be too careful but never careless.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice, product
from typing import TYPE_CHECKING

from evaluations.counting.rules import REAL_MARKS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from fractions import Fraction

    from evaluations.counting.disclosure import Atom, Figure

    Change = dict[Atom, int]

_PATIENCE = 20_000
"""How many pairs of changes are tried before the answer is no."""


class _Published:
    """The figures, and by how much each may move before its readers would see it."""

    def __init__(
        self, atoms: Mapping[Atom, int], figures: Sequence[Figure], dimension: int
    ) -> None:
        here = [f for f in figures if any(atom.dimension == dimension for atom in f.cells)]
        self.atoms = atoms
        self.exact = [figure for figure in here if figure.is_exact]
        self.bounded = [(f, f.value(atoms)) for f in here if not f.is_exact]

    def keeps_counts(self, change: Change) -> bool:
        return all(not _moved(figure, change) for figure in self.exact)

    def is_unseen(self, change: Change) -> bool:
        """No count below nothing, and every bounded figure still within its bounds."""
        return all(self.atoms[atom] + by >= 0 for atom, by in change.items()) and all(
            _within(figure, value + _moved(figure, change)) for figure, value in self.bounded
        )


def has_another_world(
    atoms: Mapping[Atom, int],
    published: Sequence[Figure],
    few: Collection[str],
    dimension: int,
    named: frozenset[str],
) -> bool:
    """Whether ``few`` may as well have given another sum of answers in this dimension."""
    told = _Published(atoms, published, dimension)
    changes = [change for change in _changes(atoms, dimension, named) if told.keeps_counts(change)]
    touching = [change for change in changes if _is_other_sum(change, few)]
    if any(told.is_unseen(change) for change in touching):
        return True
    pairs = islice(product(touching, changes), _PATIENCE)
    return any(
        _is_other_sum(both, few) and told.is_unseen(both)
        for both in (_together(one, two) for one, two in pairs)
    )


def _changes(atoms: Mapping[Atom, int], dimension: int, named: frozenset[str]) -> Iterator[Change]:
    """One answer changed, or two of different electorates."""
    single = list(_single_changes(atoms, dimension, named))
    for electorate, change in single:
        yield change
        for other, second in single:
            if other > electorate:
                yield _together(change, second)


def _single_changes(
    atoms: Mapping[Atom, int], dimension: int, named: frozenset[str]
) -> Iterator[tuple[str, Change]]:
    for atom, count in atoms.items():
        is_answer = atom.dimension == dimension and atom.mark in REAL_MARKS
        if not is_answer or not count or atom.electorate in named:
            continue
        for mark in REAL_MARKS:
            if mark != atom.mark:
                yield atom.electorate, {atom: -1, atom._replace(mark=mark): 1}


def _together(one: Change, two: Change) -> Change:
    both = Counter(one)
    both.update(two)
    return {atom: by for atom, by in both.items() if by}


def _is_other_sum(change: Change, few: Collection[str]) -> bool:
    return (
        any(atom.electorate in few for atom in change)
        and sum(by * atom.mark for atom, by in change.items() if atom.electorate in few) != 0
    )


def _moved(figure: Figure, change: Change) -> Fraction | int:
    return sum(figure.cells.get(atom, 0) * by for atom, by in change.items())


def _within(figure: Figure, value: Fraction) -> bool:
    is_high_enough = figure.low is None or value >= figure.low
    return is_high_enough and (figure.high is None or value < figure.high)
