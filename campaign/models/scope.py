"""The one place that says what a person is in which campaign, from posts and appointments. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from organisation.models import PostKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person is, today: campaigns by role, and units by what he may do for them.

    The compartments of the product are read from here and from nowhere else.
    """

    office: frozenset[int] = frozenset()
    """Campaigns whose office he belongs to."""
    discipline: frozenset[int] = frozenset()
    """Campaigns whose host unit's discipline office (or its secretary) he is."""
    leading: frozenset[int] = frozenset()
    """Campaigns in whose leading group he sits; principals of the host always do."""
    principal: frozenset[int] = frozenset()
    """Campaigns of the unit whose secretary or president he is."""
    bureau: frozenset[int] = frozenset()
    """Campaigns of units under the bureau for which he supervises."""
    seen: frozenset[int] = frozenset()
    """Every campaign of a unit above, at or (for a bureau) below his own."""
    heads: frozenset[int] = frozenset()
    """Departments he heads or deputises in with all below them, and the unit itself whose principal he is."""
    acts_for: frozenset[int] = frozenset()
    """The same, and those he is the liaison of."""
    charge: frozenset[int] = frozenset()
    """Units he is in charge of as a leader, with all below them."""
    own: frozenset[int] = frozenset()
    """Units in which he holds any post."""
    works_in: frozenset[int] = frozenset()
    """The same, and the departments that a section of them belongs to: their work is his own."""

    @property
    def runs(self) -> frozenset[int]:
        """Campaigns of which he sees everything but discipline clues."""
        return self.office | self.discipline | self.leading


LEADERS = (PostKind.SECRETARY, PostKind.PRESIDENT)
SUPERVISORS = (
    *LEADERS,
    PostKind.VICE_PRESIDENT,
    PostKind.DISCIPLINE_SECRETARY,
    PostKind.CAMPAIGN_OFFICE,
    PostKind.DISCIPLINE_OFFICE,
)
HEADS = (PostKind.HEAD, PostKind.DEPUTY)


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post as far as rights follow from it."""

    unit: int
    kind: str
    in_charge_of: frozenset[int] = frozenset()

    @property
    def roots(self) -> frozenset[int]:
        """Units below which something follows from it, too."""
        is_root = self.kind in (*SUPERVISORS, *HEADS, PostKind.LIAISON)
        return self.in_charge_of | ({self.unit} if is_root else frozenset())


@dataclass(slots=True)
class Tree:
    """As much of the units as is needed: the path of each from the top, and which are departments."""

    paths: Mapping[int, Sequence[int]]
    departments: frozenset[int]
    _below: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for unit, path in self.paths.items():
            for above in path:
                self._below[above].add(unit)

    def below(self, roots: Iterable[int]) -> frozenset[int]:
        """These units and all under them."""
        return frozenset().union(*(self._below.get(root, ()) for root in roots))


def scope_from(
    posts: Sequence[HeldPost],
    tree: Tree,
    hosts: Mapping[int, int],
    appointed: Iterable[tuple[int, str]],
) -> Scope:
    """What follows from these posts; who holds none is nothing, whatever he is appointed to.

    ``hosts`` names the host unit of each campaign (more than concern him do no harm).
    """
    if not posts:
        return Scope()

    def units_as(*kinds: PostKind) -> frozenset[int]:
        return frozenset(post.unit for post in posts if post.kind in kinds)

    own = frozenset(post.unit for post in posts)
    upwards = frozenset(unit for post in posts for unit in tree.paths[post.unit])
    supervised = units_as(*SUPERVISORS)
    supervised_below = tree.below(supervised) - supervised
    led, headed = units_as(*LEADERS), units_as(*HEADS)
    acting = headed | units_as(PostKind.LIAISON)
    campaigns = {pk: host for pk, host in hosts.items() if host in upwards | supervised_below}

    def hosted_by(units: frozenset[int]) -> frozenset[int]:
        return frozenset(pk for pk, host in campaigns.items() if host in units)

    appointments = list(appointed)
    office = frozenset(pk for pk, role in appointments if role.startswith("office"))
    leading = frozenset(pk for pk, role in appointments if not role.startswith("office"))
    principal = hosted_by(led)
    return Scope(
        office=hosted_by(units_as(PostKind.CAMPAIGN_OFFICE)) | office,
        discipline=hosted_by(units_as(PostKind.DISCIPLINE_OFFICE, PostKind.DISCIPLINE_SECRETARY)),
        leading=principal | leading,
        principal=principal,
        bureau=hosted_by(supervised_below),
        seen=frozenset(campaigns) | office | leading,
        heads=tree.below(headed) | led,
        acts_for=tree.below(acting) | led,
        charge=tree.below(unit for post in posts for unit in post.in_charge_of),
        own=own,
        works_in=own | (upwards & tree.departments),
    )
