"""What there is to remind people of. The apps above register it; this app knows none of them.

A *digest source* says who has something waiting (for everybody at once, in a few statements), and
what it is for one person at the moment of sending. An *urgent source* says what may be told at once:
either ``DAILY`` with the digest's run (the last day of an item), or ``AT_ONCE``, asked every minute
for what happened since a moment (something was returned, a ballot opened).

Nothing of this is stored: a message is worked out when it is sent, through the receiver's own eyes,
so a message that failed hides no work, and one that is sent late says what is so then.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django_stubs_ext import StrOrPromise

    from organisation.models import Person

    Counts = dict[int, dict[int, int]]
    """For each person, how many things in each campaign."""

LOOK_BACK = dt.timedelta(hours=24)
"""How long after it happened something may still be told at once; then the digest has it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: its number and title as far as the reader may know them, and where it is done."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind: all of them counted, the first of them named."""

    label: StrOrPromise
    total: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for one person. ``key`` is the same however often it is found."""

    person: int
    key: str
    campaigns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Digest:
    key: str
    people: People
    lines: Lines
    prepare: Prepare = field(default=lambda day: None)
    """What must be written down before people are counted (steps of the overdue ladder)."""


@dataclass(frozen=True, slots=True)
class Urgent:
    kind: str
    label: StrOrPromise
    notices: Notices
    groups: Groups
    is_daily: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A deadline for a person's own calendar."""

    uid: str
    day: dt.date
    title: str
    url: str
    changed_at: dt.datetime


class People(Protocol):
    def __call__(self, day: dt.date) -> Counts: ...


class Lines(Protocol):
    """At most ``most`` lines in each group, for this person alone."""

    def __call__(self, person: Person, day: dt.date, *, most: int) -> Iterable[Group]: ...


class Prepare(Protocol):
    def __call__(self, day: dt.date) -> object: ...


class Notices(Protocol):
    """A daily source is asked with the moment at which the digests are due; both ends count."""

    def __call__(self, since: dt.datetime, until: dt.datetime) -> Iterable[Notice]: ...


class Groups(Protocol):
    """What the notice is about as it is now; nothing when it is no longer so."""

    def __call__(self, person: Person, key: str, *, most: int) -> Iterable[Group]: ...


class Deadlines(Protocol):
    def __call__(self, person: Person) -> Iterable[Entry]: ...


_digests: dict[str, Digest] = {}
_urgent: dict[str, Urgent] = {}
_deadlines: dict[str, Deadlines] = {}


def digest(key: str, *, people: People, lines: Lines, prepare: Prepare = lambda day: None) -> None:
    _digests[key] = Digest(key, people, lines, prepare)


def urgent(
    kind: str,
    *,
    label: StrOrPromise,
    notices: Notices,
    groups: Groups,
    is_daily: bool = False,
) -> None:
    """Register something that is told at once; ``kind`` is kept with each delivery."""
    _urgent[kind] = Urgent(kind, label, notices, groups, is_daily)


def deadlines(key: str, entries: Deadlines) -> None:
    """Register deadlines that a person may subscribe to in his own calendar."""
    _deadlines[key] = entries


def digests() -> list[Digest]:
    return list(_digests.values())


def urgents(*, daily: bool) -> list[Urgent]:
    return [source for source in _urgent.values() if source.is_daily == daily]


def urgent_of(kind: str) -> Urgent | None:
    return _urgent.get(kind)


def labels() -> dict[str, StrOrPromise]:
    return {kind: source.label for kind, source in _urgent.items()}


def entries_of(person: Person) -> Iterator[Entry]:
    for entries in _deadlines.values():
        yield from entries(person)


def people(day: dt.date) -> Counts:
    """Everybody for whom any source has something, with how much in each campaign."""
    everybody: dict[int, Counter[int]] = {}
    for source in _digests.values():
        for person, campaigns in source.people(day).items():
            everybody.setdefault(person, Counter()).update(campaigns)
    return {person: dict(campaigns) for person, campaigns in everybody.items()}
