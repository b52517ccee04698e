"""Trying the rules of a round out: invented answers, or those of the last round as published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluations.counting.boxes import Group, SmallBoxRule, assess
from evaluations.counting.invented import Preset, invented, like
from evaluations.counting.publication import Publication as Published
from evaluations.counting.publication import Turnout
from evaluations.counting.simulation import simulate
from evaluations.models import Publication, Round
from evaluations.states import RoundState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evaluations.counting.boxes import Electorate
    from evaluations.counting.rules import GradingRules
    from evaluations.counting.scoring import ElectorateCount
    from evaluations.counting.simulation import Simulation
    from evaluations.models import Subject
    from evaluations.queries.electorates import Anonymity, SubjectPlan

TURNOUT = {Turnout.LOW: 45, Turnout.MIDDLE: 65, Turnout.HIGH: 90}
USUAL = 80

Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One head under the rules that are tried; ``is_invented`` where nothing was published of him."""

    subject: Subject
    simulation: Simulation
    is_invented: bool


def last_published(round_: Round) -> dict[tuple[int, int], tuple[Sequence[Counts], int]] | None:
    """Person and department → the distributions of the last published round, and its turnout.

    None where there is no such round. Only counts that were published are looked at.
    """
    last = (
        Round.objects.filter(
            campaign=round_.campaign_id, state=RoundState.PUBLISHED, number__lt=round_.number
        )
        .newest_first()
        .first()
    )
    if last is None:
        return None
    found: dict[tuple[int, int], tuple[Sequence[Counts], int]] = {}
    shown = Publication.objects.filter(subject__round=last).select_related("subject")
    for publication in shown.order_by("pk"):
        cells = Published.from_json(publication.cells)
        counts = [cell.counts for cell in cells.distribution if cell.counts]
        if len(counts) == len(round_.dimensions):
            band = TURNOUT.get(cells.turnout, USUAL) if cells.turnout else USUAL
            found[publication.subject.person_id, publication.subject.unit_id] = counts, band
    return found


def simulated(
    round_: Round,
    report: Anonymity,
    rules: GradingRules,
    *,
    votes: str = Preset.TYPICAL,
    weights: Mapping[str, int] | None = None,
    last: Mapping[tuple[int, int], tuple[Sequence[Counts], int]] | None = None,
) -> list[Tried]:
    """Every head who could be graded, in the order of the round. Nothing is written."""
    found = []
    for plan in report.plans:
        electorates = _electorates(round_, report, plan, weights or {}, rules.k_grade)
        if not electorates:
            continue
        key = plan.subject.person_id, plan.subject.unit_id
        counts: list[ElectorateCount]
        if votes in Preset.values:
            counts = invented(Preset(votes), electorates, len(round_.dimensions))
        elif last and key in last:
            counts = like(electorates, *last[key])
        else:
            counts = invented(Preset.TYPICAL, electorates, len(round_.dimensions))
        is_invented = votes in Preset.values or not (last and key in last)
        found.append(Tried(plan.subject, simulate(counts, rules), is_invented))
    return found


def _electorates(
    round_: Round,
    report: Anonymity,
    plan: SubjectPlan,
    weights: Mapping[str, int],
    k: int,
) -> Sequence[Electorate]:
    groups = [
        Group(
            group.code,
            group.name,
            weights.get(group.code, group.weight),
            len(plan.voters[group.code]),
            order,
        )
        for order, group in enumerate(report.groups)
    ]
    assessed = assess(groups, SmallBoxRule(round_.small_boxes), k).electorates
    return [one for one in assessed if one.eligible]
