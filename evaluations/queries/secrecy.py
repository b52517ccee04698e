"""Whether this server is set up so that nothing outside the boxes tells who voted what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Fault:
    """One setting that would betray voters, and what to do about it."""

    code: str
    sentence: StrOrPromise
    what_to_do: StrOrPromise


def faults() -> list[Fault]:
    return []
