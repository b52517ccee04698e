"""The anonymity report of a round, and the electorates that its freeze would make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluations.counting.boxes import Assessment, Group, SmallBoxRule, assess
from evaluations.queries.voters import voters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from evaluations.counting.boxes import Electorate
    from evaluations.models import Round, Subject, VoterGroup


@dataclass(frozen=True, slots=True)
class SubjectPlan:
    """The boxes of one head, and who would vote into each."""

    subject: Subject
    assessment: Assessment
    voters: Mapping[str, frozenset[int]]
    """By the letter of the group, before merging."""
    comment_eligible: int
    """How many could comment; none where that would be too few to hide behind."""

    def voters_of(self, electorate: Electorate) -> frozenset[int]:
        return frozenset().union(*(self.voters[code] for code in electorate.codes))

    @property
    def everybody(self) -> frozenset[int]:
        """All who vote into any box that is left."""
        return frozenset().union(*(self.voters_of(one) for one in self.assessment.electorates))


@dataclass(frozen=True, slots=True)
class Anonymity:
    """What has to be settled before a round may open. Sentences for people."""

    plans: Sequence[SubjectPlan]
    groups: Sequence[VoterGroup]

    @property
    def is_safe(self) -> bool:
        return bool(self.plans) and all(plan.assessment.is_safe for plan in self.plans)

    @property
    def boxes(self) -> int:
        return sum(
            len(plan.assessment.electorates) + bool(plan.comment_eligible) for plan in self.plans
        )

    @property
    def people(self) -> int:
        return len(frozenset().union(*(plan.everybody for plan in self.plans)))


def anonymity(round_: Round, day: dt.date | None = None) -> Anonymity:
    """Every box with its head-count, and what the rule for small ones does. Few queries, whatever
    the number of heads.
    """
    rules = round_.rules
    groups = list(round_.groups.order_by("code"))
    found = voters(round_, day)
    plans = []
    for subject in round_.subjects.order_by("position", "pk").select_related("person", "unit"):
        own = {code: frozenset(people) for code, people in found[subject.pk].items()}
        counted = [
            Group(group.code, group.name, group.weight, len(own[group.code]), order)
            for order, group in enumerate(groups)
        ]
        assessment = assess(counted, SmallBoxRule(round_.small_boxes), rules.k_grade)
        plan = SubjectPlan(subject, assessment, own, 0)
        everybody = len(plan.everybody)
        if round_.with_comments and everybody >= rules.comment_eligible:
            plan = SubjectPlan(subject, assessment, own, everybody)
        plans.append(plan)
    return Anonymity(plans, groups)
