"""What everybody is, at once: for work that concerns all people, in four queries."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from campaign.models import Appointment, Campaign
from campaign.models.scope import HeldPost, Scope, Tree, scope_from
from organisation.models import Post, Unit, UnitKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable


def everybodys_scopes(day: dt.date) -> dict[int, Scope]:
    """The scope of everybody who may sign in and holds a post on that day."""
    posts: dict[int, list[HeldPost]] = defaultdict(list)
    charged: dict[int, set[int]] = defaultdict(set)
    held = Post.objects.on(day).filter(person__is_active=True).order_by("pk")
    in_charge = Post.in_charge_of.through.objects.filter(post__in=held.order_by())
    for post, unit in in_charge.values_list("post", "unit"):
        charged[post].add(unit)
    for pk, person, unit, kind in held.values_list("pk", "person", "unit", "kind"):
        posts[person].append(HeldPost(unit, kind, frozenset(charged.get(pk, ()))))
    appointed: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for person, campaign, role in Appointment.objects.on(day).values_list(
        "person", "campaign", "role"
    ):
        appointed[person].append((campaign, role))
    hosts = dict(Campaign.objects.values_list("pk", "host"))
    tree = _tree(Unit.objects.values_list("pk", "parent", "kind"))
    return {
        person: scope_from(theirs, tree, hosts, appointed.get(person, ()))
        for person, theirs in posts.items()
    }


def _tree(rows: Iterable[tuple[int, int | None, str]]) -> Tree:
    parents: dict[int, int | None] = {}
    departments: set[int] = set()
    for pk, parent, kind in rows:
        parents[pk] = parent
        if kind == UnitKind.DEPARTMENT:
            departments.add(pk)
    paths: dict[int, list[int]] = {}
    for pk in parents:
        path: list[int] = []
        at: int | None = pk
        while at is not None:
            path.append(at)
            at = parents[at]
        paths[pk] = path[::-1]
    return Tree(paths, frozenset(departments))
