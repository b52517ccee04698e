"""Who could be evaluated: the heads of departments, with what speaks for and against each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from organisation.clock import months_after
from organisation.models import Post, PostKind, Unit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from evaluations.models import Round


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post whose holder can be evaluated."""

    post: Post
    is_new: bool
    """Shorter in post than the round asks for."""
    is_chosen: bool
    is_proposed: bool
    """Head of a department with one of the two flags, and long enough in post."""

    @property
    def flags(self) -> tuple[bool, bool]:
        return self.post.unit.handles_resources, self.post.unit.serves_patients


def candidates(round_: Round, day: dt.date, also: Iterable[int] = ()) -> Sequence[Candidate]:
    """Heads and deputies of departments in the order of the units, by rank; and whoever is in the
    round already or whose post is named in ``also``.
    """
    units = list(Unit.objects.below([round_.campaign.host_id]).in_use().in_order())
    place = {unit.pk: at for at, unit in enumerate(units)}
    chosen = set(round_.subjects.values_list("person", "unit"))
    people = {person for person, _unit in chosen}
    wanted = Q(kind__in=[PostKind.HEAD, PostKind.DEPUTY]) & ~Q(unit=round_.campaign.host_id)
    posts = (
        Post.objects.on(day)
        .filter(wanted | Q(person__in=people) | Q(pk__in=list(also)))
        .filter(unit__in=place, person__is_active=True)
        .select_related("person", "unit")
        .by_rank()
    )
    found: dict[tuple[int, int], Candidate] = {}
    for post in posts:
        key = post.person_id, post.unit_id
        is_head = post.kind in {PostKind.HEAD, PostKind.DEPUTY}
        if key in found or not (is_head or key in chosen or post.pk in also):
            continue
        is_new = months_after(post.since, round_.months_in_post) > day
        flagged = post.unit.handles_resources or post.unit.serves_patients
        found[key] = Candidate(
            post,
            is_new=is_new,
            is_chosen=key in chosen,
            is_proposed=post.kind == PostKind.HEAD and flagged and not is_new,
        )
    return sorted(found.values(), key=lambda one: place[one.post.unit_id])
