"""What concerns one voter: the rounds on whose rolls he stands, and what he has fetched. Never a vote."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ballots.queries import short_digest
from evaluations.models import RollEntry, Round
from evaluations.models.round import ANNOUNCED

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Iterable

    from organisation.models import Person


@dataclass(slots=True)
class Standing:
    """A round as one voter stands in it."""

    round: Round
    heads: set[int] = field(default_factory=set)
    boxes: int = 0
    tickets: int = 0
    slips: int = 0

    @property
    def kind(self) -> str:
        return Round.STATE_KINDS[self.round.state]

    @property
    def has_all_tickets(self) -> bool:
        return self.tickets == self.boxes

    @property
    def digest(self) -> str:
        return in_groups(self.round.election.digest) if self.round.election else ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A box into which somebody may vote, and whether his ticket for it was issued."""

    election: uuid.UUID
    box: uuid.UUID
    subject: int
    is_issued: bool


def in_groups(digest: str) -> str:
    """The beginning of the rules' digest, as the notice prints it and the booth shows it."""
    return short_digest(digest)


def my_rounds(person: Person) -> list[Standing]:
    """Every announced round in which he may vote, the newest first; two queries."""
    entries = RollEntry.objects.filter(
        person=person.pk, electorate__subject__round__state__in=ANNOUNCED
    )
    by_round: dict[int, list[RollEntry]] = defaultdict(list)
    for entry in entries.select_related("electorate__subject").order_by("electorate"):
        by_round[entry.electorate.subject.round_id].append(entry)
    rounds = (
        Round.objects.filter(pk__in=by_round)
        .select_related("election", "campaign")
        .defer("election__manifest", "election__board", "election__wrapped_seal")
    )
    return [
        _standing(round_, by_round[round_.pk]) for round_ in rounds.order_by("-closes_at", "-pk")
    ]


def _standing(round_: Round, entries: Iterable[RollEntry]) -> Standing:
    standing = Standing(round_)
    for entry in entries:
        standing.boxes += 1
        standing.tickets += entry.has_ticket
        standing.slips += entry.has_slip
        if not entry.electorate.is_for_comments:
            standing.heads.add(entry.electorate.subject_id)
    return standing


def seats(person: Person, now: dt.datetime) -> list[Seat]:
    """The boxes for which he may fetch tickets now; one query."""
    rows = RollEntry.objects.filter(
        person=person.pk,
        electorate__box__isnull=False,
        electorate__subject__round__in=Round.objects.voting(now),
    )
    return [
        Seat(*row)
        for row in rows.order_by("electorate").values_list(
            "electorate__box__election",
            "electorate__box",
            "electorate__subject",
            "has_ticket",
        )
    ]


def voters_on_the_rolls(rounds: Iterable[int]) -> dict[int, set[int]]:
    """Round → everybody on its roll: those who voted and those who did not are told alike."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = RollEntry.objects.filter(
        electorate__subject__round__in=rounds, person__is_active=True
    ).values_list("electorate__subject__round", "person")
    for round_id, person in rows.distinct():
        found[round_id].add(person)
    return found
