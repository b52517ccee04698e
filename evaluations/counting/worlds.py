"""Another way of voting that would have been published in the very same words.

One is enough to show that a small group's answers cannot be worked out. It is looked for nearby:
one answer changed, two answers exchanged, or two such changes at once. Where none is found the
answer is no, which can be too careful but never careless.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from math import lcm
from typing import TYPE_CHECKING

from evaluations.counting.rules import REAL_MARKS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from evaluations.counting.disclosure import Atom, Figure

    Change = dict[Atom, int]

_PATIENCE = 4_000
"""How many pairs of changes are tried before the answer is no."""


@dataclass(frozen=True, slots=True)
class _Bounded:
    """A figure of which only the bounds are known, in whole numbers over one denominator."""

    cells: Mapping[Atom, int]
    value: int
    low: int | None
    high: int | None

    @classmethod
    def of(cls, figure: Figure, atoms: Mapping[Atom, int]) -> _Bounded:
        bounds = [bound for bound in (figure.low, figure.high) if bound is not None]
        scale = lcm(*(number.denominator for number in (*figure.cells.values(), *bounds)))
        cells = {atom: int(factor * scale) for atom, factor in figure.cells.items()}
        return cls(
            cells=cells,
            value=sum(factor * atoms[atom] for atom, factor in cells.items()),
            low=None if figure.low is None else int(figure.low * scale),
            high=None if figure.high is None else int(figure.high * scale),
        )

    def allows(self, change: Change) -> bool:
        value = self.value + sum(self.cells.get(atom, 0) * by for atom, by in change.items())
        is_high_enough = self.low is None or value >= self.low
        return is_high_enough and (self.high is None or value < self.high)


class _Published:
    def __init__(self, atoms: Mapping[Atom, int], figures: Sequence[Figure]) -> None:
        self.atoms = atoms
        self.bounded = [_Bounded.of(f, atoms) for f in figures if not f.is_exact]
        self.exact: dict[Atom, list[tuple[int, Fraction]]] = {}
        for n, figure in enumerate(figures):
            for atom, factor in figure.cells.items() if figure.is_exact else ():
                self.exact.setdefault(atom, []).append((n, factor))

    def keeps_counts(self, change: Change) -> bool:
        moved: dict[int, Fraction | int] = {}
        for atom, by in change.items():
            for n, factor in self.exact.get(atom, ()):
                moved[n] = moved.get(n, 0) + factor * by
        return not any(moved.values())

    def is_unseen(self, change: Change) -> bool:
        """No count below nothing, and every bounded figure still within its bounds."""
        return all(self.atoms[atom] + by >= 0 for atom, by in change.items()) and all(
            figure.allows(change) for figure in self.bounded
        )


def has_another_world(
    atoms: Mapping[Atom, int],
    published: Sequence[Figure],
    few: Collection[str],
    dimension: int,
    named: frozenset[str],
) -> bool:
    """Whether ``few`` may as well have given another sum of answers in this dimension."""
    told = _Published(atoms, published)
    changes, touching = [], []
    for change in _changes(atoms, dimension, named):
        if not told.keeps_counts(change):
            continue
        changes.append(change)
        if _is_other_sum(change, few, dimension):
            if told.is_unseen(change):
                return True
            touching.append(change)
    pairs = islice(product(touching, changes), _PATIENCE)
    return any(
        _is_other_sum(both, few, dimension) and told.is_unseen(both)
        for both in (_together(one, two) for one, two in pairs)
    )


def _changes(atoms: Mapping[Atom, int], dimension: int, named: frozenset[str]) -> Iterator[Change]:
    """One answer changed in any dimension, or two of different electorates in this one."""
    single = [
        (atom.electorate, atom.dimension, {atom: -1, atom._replace(mark=mark): 1})
        for atom in _answers(atoms, named)
        for mark in REAL_MARKS
        if mark != atom.mark
    ]
    yield from (change for _, _, change in single)
    here = [(who, change) for who, where, change in single if where == dimension]
    for (who, one), (other, two) in product(here, here):
        if who < other:
            yield _together(one, two)


def _answers(atoms: Mapping[Atom, int], named: frozenset[str]) -> Iterable[Atom]:
    return (
        atom
        for atom, count in atoms.items()
        if count and atom.mark in REAL_MARKS and atom.electorate not in named
    )


def _together(one: Change, two: Change) -> Change:
    both = dict(one)
    for atom, by in two.items():
        both[atom] = both.get(atom, 0) + by
    return both


def _is_other_sum(change: Change, few: Collection[str], dimension: int) -> bool:
    return (
        sum(
            by * atom.mark
            for atom, by in change.items()
            if atom.dimension == dimension and atom.electorate in few
        )
        != 0
    )
