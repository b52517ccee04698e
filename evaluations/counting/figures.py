"""A publication as its most careful reader has it: sums of unknown counts, exact or within bounds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from evaluations.counting.cells import counts_of, mark_of_nearly_all, others_allowed, secret
from evaluations.counting.disclosure import Atom, Figure, total
from evaluations.counting.rules import MARKS, REAL_MARKS, GradingRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evaluations.counting.publication import Cell, Publication
    from evaluations.counting.scoring import ElectorateCount, SubjectResult

_HALF = Fraction(1, 2)


def atoms_of(electorates: Sequence[ElectorateCount]) -> dict[Atom, int]:
    return {
        Atom(electorate.code, dimension, mark): count
        for electorate in electorates
        for dimension, counts in enumerate(electorate.box.dimensions)
        for mark, count in enumerate(counts)
    }


def figures_of(
    publication: Publication,
    result: SubjectResult,
    electorates: Sequence[ElectorateCount],
    rules: GradingRules,
) -> list[Figure]:
    atoms = atoms_of(electorates)
    codes = [electorate.code for electorate in electorates]
    figures = [
        figure
        for dimension, shown in enumerate(publication.distribution)
        for figure in _of_cell(shown, codes, dimension, atoms, rules)
    ]
    figures += [
        figure
        for group in publication.groups
        for dimension, shown in enumerate(group.cells)
        for figure in _of_cell(shown, group.electorates, dimension, atoms, rules)
    ]
    return figures + list(_of_the_score(publication, result, rules))


def alike_in(
    publication: Publication, electorates: Sequence[ElectorateCount], rules: GradingRules
) -> list[tuple[tuple[str, ...], int]]:
    """Who agreed so nearly, and in which dimension, that nobody may learn how nearly.

    Every electorate, shown or not, the whole, and those that are shown together.
    """
    by_code = {one.code: one for one in secret(electorates)}
    together = {(code,) for code in by_code} | {tuple(by_code)}
    together |= {
        tuple(code for code in group.electorates if code in by_code) for group in publication.groups
    }
    return [
        (codes, dimension)
        for codes in sorted(together)
        for dimension in range(len(publication.distribution))
        if mark_of_nearly_all(counts_of([by_code[code] for code in codes], dimension), rules)
    ]


def _of_cell(
    shown: Cell,
    electorates: Sequence[str],
    dimension: int,
    atoms: Mapping[Atom, int],
    rules: GradingRules,
) -> Iterator[Figure]:
    if shown.counts is not None:
        for mark in range(MARKS):
            cells = [Atom(electorate, dimension, mark) for electorate in electorates]
            yield total(f"{dimension}/{mark}", cells, atoms)
    elif shown.most is not None:
        answers = sum(
            atoms[Atom(electorate, dimension, mark)]
            for electorate in electorates
            for mark in REAL_MARKS
        )
        cells = [Atom(electorate, dimension, shown.most.mark) for electorate in electorates]
        yield Figure(
            name=f"{dimension}/most",
            cells=dict.fromkeys(cells, Fraction(1)),
            low=Fraction(answers - others_allowed(answers, rules)),
        )


def _of_the_score(
    publication: Publication, result: SubjectResult, rules: GradingRules
) -> Iterator[Figure]:
    """The whole score, and what the grade alone says of it."""
    worth = _worth_of_an_answer(result, rules)
    if publication.score is not None:
        yield Figure("score", worth, low=publication.score - _HALF, high=publication.score + _HALF)
    is_by_score = result.poor_share <= rules.poor_share
    if publication.grade is not None and is_by_score:
        lowest, too_high = rules.bands.range_of(publication.grade)
        yield Figure(
            "grade",
            worth,
            low=None if lowest is None else lowest - _HALF,
            high=None if too_high is None else too_high - _HALF,
        )


def _worth_of_an_answer(result: SubjectResult, rules: GradingRules) -> dict[Atom, Fraction]:
    """How far one answer moves the score, while as many as now say something."""
    answered = sum(dimension.score is not None for dimension in result.dimensions)
    return {
        Atom(step.electorate, step.dimension, mark): (
            step.weight * rules.values.of(mark) / (step.answers * answered)
        )
        for step in result.steps
        for mark in REAL_MARKS
    }
