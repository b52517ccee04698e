"""What may be shown of a result: as much as betrays nobody, tried from the most to the least."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.errors import ActionRefusedError
from evaluations.counting.cells import (
    cell,
    enough_secret,
    group_figures,
    partitions,
    secret,
)
from evaluations.counting.disclosure import audit
from evaluations.counting.figures import alike_in, atoms_of, figures_of
from evaluations.counting.publication import (
    Cell,
    ElectorateTurnout,
    Publication,
    Reason,
    Turnout,
)
from evaluations.counting.scoring import ElectorateCount, SubjectResult, by_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evaluations.counting.rules import GradingRules


class SecondEditionError(ActionRefusedError):
    """A box speaks once: printed again with one ballot more, it would tell that ballot."""


@dataclass(frozen=True, slots=True)
class RollChange:
    """How many came to a roll and how many left it since an earlier round."""

    joined: int
    left: int

    def isolates(self, k: int) -> bool:
        return 0 < self.joined < k or 0 < self.left < k


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was published of the same subject before, and how the roll changed since then.

    ``electorates`` holds the changes by the codes of this round; where one is missing the
    electorate is new. ``is_same_round`` marks an edition of these very boxes.
    """

    publication: Publication
    change: RollChange
    electorates: Mapping[str, RollChange]
    is_same_round: bool = False


def publish(
    result: SubjectResult,
    electorates: Sequence[ElectorateCount],
    rules: GradingRules,
    earlier: Sequence[Earlier] = (),
) -> Publication:
    """The fullest publication of which the audit finds nothing."""
    if any(edition.is_same_round for edition in earlier):
        raise SecondEditionError(
            _("This result has been published. It can be withdrawn but not published again.")
        )
    electorates = by_code(electorates)
    bare = _bare(result, electorates, rules)
    if bare.grade is None:
        return bare
    atoms = atoms_of(electorates)
    named = {electorate.code for electorate in electorates if electorate.is_named}
    for candidate in _candidates(bare, result, electorates, rules, earlier):
        figures = figures_of(candidate, result, electorates, rules)
        alike = alike_in(candidate, electorates, rules)
        if not audit(atoms, figures, rules.k_group, named, alike):
            return candidate
    return replace(bare, grade=None, grade_reason=Reason.DISCLOSING)


def _bare(
    result: SubjectResult, electorates: Sequence[ElectorateCount], rules: GradingRules
) -> Publication:
    """The grade alone, or why there is none."""
    reason = _no_grade(result, electorates, rules)
    dimensions = len(result.dimensions)
    turnout, turnout_reason = _turnout(result.accepted, result.eligible)
    return Publication(
        grade=None if reason else result.grade,
        grade_reason=reason,
        score=None,
        score_reason=reason or Reason.DISCLOSING,
        turnout=turnout,
        turnout_reason=turnout_reason,
        distribution=(Cell(reason=reason or Reason.DISCLOSING),) * dimensions,
        groups=(),
        groups_reason=reason or Reason.DISCLOSING,
        electorates=tuple(_electorate_turnout(electorate) for electorate in electorates),
    )


def _no_grade(
    result: SubjectResult, electorates: Sequence[ElectorateCount], rules: GradingRules
) -> Reason | None:
    hidden = sum(electorate.box.valid for electorate in secret(electorates))
    if result.valid < rules.k_grade or not enough_secret(hidden, rules.k_grade):
        return Reason.TOO_FEW
    return None if result.is_quorate else Reason.BELOW_QUORUM


def _turnout(accepted: int, eligible: int) -> tuple[Turnout | None, Reason | None]:
    if eligible < SMALLEST_ROLL:
        return None, Reason.SMALL_ROLL
    return Turnout.band(accepted, eligible), None


SMALLEST_ROLL = 10
"""Of fewer people not even a band of the turnout is shown."""


def _electorate_turnout(electorate: ElectorateCount) -> ElectorateTurnout:
    band, reason = _turnout(electorate.box.accepted, electorate.eligible)
    return ElectorateTurnout(
        electorate=electorate.code,
        label=electorate.label,
        eligible=electorate.eligible,
        is_named=electorate.is_named,
        band=band,
        reason=reason,
    )


def _candidates(
    bare: Publication,
    result: SubjectResult,
    electorates: Sequence[ElectorateCount],
    rules: GradingRules,
    earlier: Sequence[Earlier],
) -> Iterator[Publication]:
    """Merge groups, then show no groups, then no distribution or no score, then the grade alone."""
    comparable = [edition for edition in earlier if edition.publication.shows_more_than_the_grade]
    if any(edition.change.isolates(rules.k_group) for edition in comparable):
        yield _with_reason(bare, Reason.ROLL_CHANGED)
        return
    whole = tuple(
        cell(electorates, n, rules.k_distribution, rules) for n in range(len(result.dimensions))
    )
    score, score_reason = _score(result, electorates, whole, rules)
    without_groups = replace(
        bare,
        score=score,
        score_reason=score_reason,
        distribution=whole,
        groups_reason=Reason.SMALL_GROUP,
    )
    if not _groups_are_comparable(electorates, comparable, rules):
        without_groups = replace(without_groups, groups_reason=Reason.ROLL_CHANGED)
    elif fits := list(partitions(electorates, rules)):
        without_groups = replace(without_groups, groups_reason=Reason.COMPLEMENT)
        for groups in fits:
            if shown := group_figures(groups, whole, rules):
                yield replace(without_groups, groups=shown, groups_reason=None)
    yield without_groups
    if score is not None:
        yield replace(without_groups, distribution=bare.distribution)
        yield replace(without_groups, score=None, score_reason=Reason.DISCLOSING)
    yield replace(bare, score_reason=score_reason or bare.score_reason)


def _with_reason(bare: Publication, reason: Reason) -> Publication:
    cells = (Cell(reason=reason),) * len(bare.distribution)
    return replace(bare, score_reason=reason, distribution=cells, groups_reason=reason)


def _groups_are_comparable(
    electorates: Sequence[ElectorateCount], comparable: Sequence[Earlier], rules: GradingRules
) -> bool:
    changes = [
        edition.electorates[electorate.code]
        for edition in comparable
        if edition.publication.groups
        for electorate in electorates
        if electorate.code in edition.electorates
    ]
    return not any(change.isolates(rules.k_group) for change in changes)


def _score(
    result: SubjectResult,
    electorates: Sequence[ElectorateCount],
    whole: Sequence[Cell],
    rules: GradingRules,
) -> tuple[int | None, Reason | None]:
    """A whole score, unless few contributed to it or it would count those who differed.

    Both follow from what everybody may know, so that a missing score tells nothing.
    """
    small = any(
        not enough_secret(electorate.box.valid, rules.k_group) for electorate in secret(electorates)
    )
    if small or any(0 < dimension.answers < rules.k_group for dimension in result.dimensions):
        return None, Reason.SMALL_GROUP
    if any(cell.most and _is_exact(result, n, rules) for n, cell in enumerate(whole)):
        return None, Reason.UNANIMOUS
    return result.score, None


def _is_exact(result: SubjectResult, dimension: int, rules: GradingRules) -> bool:
    """Whether even the lightest answer in this dimension moves the printed score."""
    answered = sum(one.score is not None for one in result.dimensions)
    lightest = min(
        step.weight / step.answers for step in result.steps if step.dimension == dimension
    )
    return lightest * rules.values.smallest_step > Fraction(answered, 2)
