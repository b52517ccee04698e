"""Who would vote about whom, worked out from posts and units on one day."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from evaluations.models import GroupRule
from organisation.models import Person, Post, PostKind, Unit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from evaluations.models import Round, Subject, VoterGroup

LEADERS = frozenset(
    {
        PostKind.SECRETARY,
        PostKind.PRESIDENT,
        PostKind.DISCIPLINE_SECRETARY,
        PostKind.VICE_PRESIDENT,
    }
)


@dataclass(slots=True)
class Staff:
    """Everybody with a post in the host unit or below, by unit and kind; and the tree of units."""

    posts: list[tuple[int, int, str]]
    """person, unit, kind"""
    paths: Mapping[int, Sequence[int]]
    host: int
    _in_unit: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _heads_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for person, unit, kind in self.posts:
            for above in self.paths[unit]:
                self._in_unit[above].add(person)
            if kind == PostKind.HEAD:
                self._heads_of[unit].add(person)

    @property
    def everybody(self) -> set[int]:
        return self._in_unit[self.host]

    @property
    def leaders(self) -> set[int]:
        return {p for p, unit, kind in self.posts if unit == self.host and kind in LEADERS}

    def inside(self, units: Iterable[int]) -> set[int]:
        """People with a post in these units or below them."""
        return set().union(*(self._in_unit.get(unit, ()) for unit in units))

    def heads(self, units: Iterable[int] | None = None) -> set[int]:
        """Heads of these units, or of all departments."""
        if units is None:
            return set().union(
                *(found for unit, found in self._heads_of.items() if unit != self.host)
            )
        wanted = set(units)
        return set().union(
            *(found for unit, found in self._heads_of.items() if wanted & set(self.paths[unit]))
        )


def staff_of(host: Unit, day: dt.date) -> Staff:
    """Two queries, however many people there are. Who may not sign in cannot vote."""
    tree = Unit.objects.below([host.pk]).in_use()
    paths = {unit.pk: unit.tree_path for unit in tree}
    posts = Post.objects.on(day).filter(unit__in=paths, person__is_active=True)
    held = list(posts.order_by("pk").values_list("person", "unit", "kind"))
    return Staff(held, paths, host.pk)


def voters_of(
    subject: Subject,
    groups: Sequence[VoterGroup],
    staff: Staff,
    *,
    units_of: Mapping[int, Sequence[int]],
    people_of: Mapping[int, Sequence[int]],
) -> dict[str, set[int]]:
    """The voters about one head by the letter of their group.

    Nobody rates himself; whoever would belong to two groups belongs to the first of them.
    """
    taken = {subject.person_id}
    found = {}
    for group in groups:
        chosen = _by_rule(subject, group.rule, staff, units_of[group.pk], people_of[group.pk])
        found[group.code] = chosen - taken
        taken |= chosen
    return found


def _by_rule(
    subject: Subject,
    rule: str,
    staff: Staff,
    units: Sequence[int],
    people: Sequence[int],
) -> set[int]:
    own = staff.inside([subject.unit_id])
    served = list(units) or [staff.host]
    if rule == GroupRule.BY_HAND:
        return set(people)
    return {
        GroupRule.LEADERS: lambda: staff.leaders,
        GroupRule.PEERS: lambda: staff.heads() - own,
        GroupRule.OWN_DEPARTMENT: lambda: own,
        GroupRule.SERVED: lambda: staff.inside(served) - own - staff.leaders,
        GroupRule.SERVED_HEADS: lambda: staff.heads(served) - own,
        GroupRule.ALL_STAFF: lambda: staff.everybody - staff.leaders,
    }[GroupRule(rule)]()


def voters(round_: Round, day: dt.date | None = None) -> dict[int, dict[str, set[int]]]:
    """Subject → letter → people, for a whole round; a constant number of queries."""
    groups = list(round_.groups.order_by("code").prefetch_related("units", "people"))
    units_of = {group.pk: [unit.pk for unit in group.units.all()] for group in groups}
    active = set(
        Person.objects.active()
        .filter(pk__in={p.pk for group in groups for p in group.people.all()})
        .values_list("pk", flat=True)
    )
    people_of = {group.pk: [p.pk for p in group.people.all() if p.pk in active] for group in groups}
    staff = staff_of(round_.campaign.host, day or timezone.localdate())
    return {
        subject.pk: voters_of(subject, groups, staff, units_of=units_of, people_of=people_of)
        for subject in round_.subjects.order_by("position", "pk")
    }


def shuffled(people: Iterable[int]) -> list[int]:
    """In an order that says nothing, from the system's own randomness."""
    order = list(people)
    secrets.SystemRandom().shuffle(order)
    return order
