"""How often in a row a head was found poor in a post, and what is proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluations.counting.ladder import RoundOutcome, Rung, consecutive, proposed
from evaluations.counting.rules import Grade
from evaluations.models import Round, Subject
from evaluations.states import RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Link:
    """One published round of the host as far as one head in one post is concerned."""

    round: Round
    was_evaluated: bool
    grade: Grade | None = None
    is_confirmed: bool | None = None

    @property
    def is_undecided(self) -> bool:
        return self.grade == Grade.POOR and self.is_confirmed is None

    @property
    def outcome(self) -> RoundOutcome:
        return RoundOutcome(self.grade, self.is_confirmed)


@dataclass(frozen=True, slots=True)
class Standing:
    """The rounds from his first in this post to this one, and what they come to."""

    links: tuple[Link, ...]
    consecutive: int
    proposed: Rung

    @property
    def earlier_undecided(self) -> list[Link]:
        return [link for link in self.links[:-1] if link.is_undecided]


def standing(subject: Subject, *, if_confirmed: bool = False) -> Standing:
    """As it stands; ``if_confirmed`` as it would be if this round's grade were confirmed.

    Rounds of every campaign of the same host count, in the order in which they closed. Those before
    he was first evaluated in this post are not his.
    """
    links = _links(subject)
    outcomes = [link.outcome for link in links]
    if if_confirmed and outcomes:
        outcomes[-1] = replace(outcomes[-1], is_confirmed=True)
    count = consecutive(outcomes, skips_break=subject.round.skips_break)
    return Standing(tuple(links), count, proposed(count))


def _links(subject: Subject) -> list[Link]:
    rounds = Round.objects.filter(
        campaign__host=subject.round.campaign.host_id,
        state=RoundState.PUBLISHED,
        closes_at__lte=subject.round.closes_at,
    ).order_by("closes_at", "pk")
    his = {
        one.round_id: one
        for one in Subject.objects.filter(
            person=subject.person_id, unit=subject.unit_id, round__in=rounds.order_by()
        ).select_related("publication", "confirmation")
    }
    links = [_link(round_, his.get(round_.pk)) for round_ in rounds]
    return _from_his_first(links, subject.round_id)


def _from_his_first(links: Sequence[Link], until: int) -> list[Link]:
    kept: list[Link] = []
    for link in links:
        if kept or link.was_evaluated:
            kept.append(link)
        if link.round.pk == until:
            break
    return kept


def _link(round_: Round, subject: Subject | None) -> Link:
    if subject is None:
        return Link(round_, was_evaluated=False)
    publication = getattr(subject, "publication", None)
    confirmation = getattr(subject, "confirmation", None)
    return Link(
        round_,
        was_evaluated=True,
        grade=Grade(publication.grade) if publication and publication.grade else None,
        is_confirmed=confirmation.is_confirmed if confirmation else None,
    )
