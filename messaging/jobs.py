"""What takes long: the kinds of jobs that the apps above know how to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from organisation.models import Person

LEASE = dt.timedelta(seconds=60)  # a worker that has not been heard of for so long is dead
PATIENCE = dt.timedelta(minutes=5)  # a job that nobody took for so long is called out again
LONGEST = dt.timedelta(minutes=30)  # nobody waits longer for a file
KEPT = dt.timedelta(days=30)
ATTEMPTS = 3


class Progress(Protocol):
    """Say how far the job is; raises when another worker has taken it over."""

    def __call__(self, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Result:
    """The file that a job makes."""

    name: str
    content: bytes


class Work(Protocol):
    """Does the job. Asks ``visible_to(by)`` itself, and may be run twice: it only makes a file."""

    def __call__(self, arguments: dict[str, Any], *, by: Person, progress: Progress) -> Result: ...


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    work: Work
    label: StrOrPromise


_kinds: dict[str, Kind] = {}


def register(name: str, work: Work, *, label: StrOrPromise = "") -> None:
    _kinds[name] = Kind(name, work, label or name)


def kind(name: str) -> Kind:
    return _kinds[name]


def label_of(name: str) -> str:
    """The kind's words; a kind that is no more keeps its name."""
    return str(_kinds[name].label) if name in _kinds else name
