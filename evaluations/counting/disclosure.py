"""What can be worked out from everything that was published, by somebody with paper and patience.

Two ways lead to a few people's answers. By sums: a total less what was shown of it is what was
hidden. This is a question of rank, answered exactly. And by bounds: of all the ways in which a
small group can have voted, only one fits the totals, the score and the grade. Against this stands
a second world: another way of voting that would have been published in the very same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from evaluations.counting.rules import MARKS, REAL_MARKS
from evaluations.counting.worlds import has_another_world

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    Row = dict["Atom", Fraction]


class Atom(NamedTuple):
    """How many of one electorate gave one mark in one dimension: what nobody may learn of a few."""

    electorate: str
    dimension: int
    mark: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure, as its readers know it: a sum over atoms within bounds.

    ``high`` is the first value that it cannot have. A count has no ``high`` and is exact.
    """

    name: str
    cells: Mapping[Atom, Fraction]
    low: Fraction | None
    high: Fraction | None = None
    is_exact: bool = False

    def value(self, atoms: Mapping[Atom, int]) -> Fraction:
        return sum((factor * atoms[atom] for atom, factor in self.cells.items()), Fraction())


def total(name: str, cells: Iterable[Atom], atoms: Mapping[Atom, int]) -> Figure:
    """A count as it was printed."""
    cells = list(cells)
    return Figure(
        name=name,
        cells=dict.fromkeys(cells, Fraction(1)),
        low=Fraction(sum(atoms[atom] for atom in cells)),
        is_exact=True,
    )


@dataclass(frozen=True, slots=True)
class Leak:
    """Fewer than k people of whom something can be worked out."""

    electorates: tuple[str, ...]
    dimensions: tuple[int, ...]
    people: int
    by: str
    """``sums`` or ``bounds``."""


def audit(
    atoms: Mapping[Atom, int],
    published: Sequence[Figure],
    k: int,
    named: Collection[str] = frozenset(),
    alike: Sequence[tuple[tuple[str, ...], int]] = (),
) -> list[Leak]:
    """Every set of electorates with fewer than ``k`` answers of which ``published`` says something.

    To these come the sets that were ``alike`` in a dimension, however many they are, if it can be
    worked out how many of them differed. The reader is taken to know how many ballots each box held (the board says so), how many said
    something in each dimension, and every answer of the electorates that are ``named``.
    """
    public = frozenset(named)
    leaks = [
        Leak(few, (dimension,), _people(atoms, few, dimension), by="bounds")
        for few, dimension in alike
        if not has_another_world(atoms, published, few, dimension, public)
    ]
    for scope in _scopes(atoms, published):
        rows = _rows(atoms, published, scope, named)
        for few, people in _small_unions(atoms, scope, k, named):
            if _is_isolated(rows, few, len(scope)):
                leaks.append(Leak(few, scope, people, by="sums"))
            elif len(scope) == 1 and not has_another_world(atoms, published, few, scope[0], public):
                leaks.append(Leak(few, scope, people, by="bounds"))
    return leaks


def _scopes(atoms: Mapping[Atom, int], published: Sequence[Figure]) -> list[tuple[int, ...]]:
    """Each dimension by itself, and all together where an exact figure ties them."""
    dimensions = sorted({atom.dimension for atom in atoms})
    scopes: list[tuple[int, ...]] = [(dimension,) for dimension in dimensions]
    if len(dimensions) > 1 and any(
        figure.is_exact and len({atom.dimension for atom in figure.cells}) > 1
        for figure in published
    ):
        scopes.append(tuple(dimensions))
    return scopes


def _small_unions(
    atoms: Mapping[Atom, int], scope: Sequence[int], k: int, named: Collection[str]
) -> Iterator[tuple[tuple[str, ...], int]]:
    people = {
        electorate: max(_people(atoms, (electorate,), dimension) for dimension in scope)
        for electorate in sorted({atom.electorate for atom in atoms} - set(named))
    }
    small = [electorate for electorate, size in people.items() if 0 < size < k]
    for size in range(1, len(small) + 1):
        for few in combinations(small, size):
            together = sum(people[electorate] for electorate in few)
            if together < k:
                yield few, together


def _people(atoms: Mapping[Atom, int], few: Sequence[str], dimension: int) -> int:
    return sum(
        atoms[Atom(electorate, dimension, mark)] for electorate in few for mark in REAL_MARKS
    )


def _rows(
    atoms: Mapping[Atom, int],
    published: Sequence[Figure],
    scope: Collection[int],
    named: Collection[str],
) -> list[Row]:
    rows = [
        dict(figure.cells)
        for figure in published
        if figure.is_exact and all(atom.dimension in scope for atom in figure.cells)
    ]
    for electorate in {atom.electorate for atom in atoms}:
        for dimension in scope:
            rows.extend(_known(electorate, dimension, is_named=electorate in named))
    return rows


def _known(electorate: str, dimension: int, *, is_named: bool) -> list[Row]:
    """What the reader knows before anything is published."""
    marks = [{Atom(electorate, dimension, mark): Fraction(1)} for mark in range(MARKS)]
    if is_named:
        return marks
    return [
        {Atom(electorate, dimension, mark): Fraction(1) for mark in REAL_MARKS},
        {
            Atom(electorate, dimension, mark): Fraction(1)
            for mark in range(MARKS)
            if mark not in REAL_MARKS
        },
    ]


def _is_isolated(rows: Sequence[Row], few: Collection[str], dimensions: int) -> bool:
    """Whether some combination of the figures speaks of these electorates alone.

    Such combinations are what the rank loses when their columns are struck out. Two for each
    electorate and dimension were known before.
    """
    without = [
        {atom: factor for atom, factor in row.items() if atom.electorate not in few} for row in rows
    ]
    return rank(rows) - rank(without) > 2 * len(few) * dimensions


def rank(rows: Iterable[Mapping[Atom, Fraction]]) -> int:
    """The rank of a matrix whose rows are sparse, by elimination over the fractions."""
    pivots: dict[Atom, Mapping[Atom, Fraction]] = {}
    for row in rows:
        left = {atom: factor for atom, factor in row.items() if factor}
        while left:
            leading = min(left)
            if leading not in pivots:
                pivots[leading] = left
                break
            left = _reduced(left, pivots[leading], leading)
    return len(pivots)


def _reduced(row: Row, pivot: Mapping[Atom, Fraction], leading: Atom) -> Row:
    times = row[leading] / pivot[leading]
    reduced = dict(row)
    for atom, factor in pivot.items():
        reduced[atom] = reduced.get(atom, Fraction()) - times * factor
    return {atom: factor for atom, factor in reduced.items() if factor}
