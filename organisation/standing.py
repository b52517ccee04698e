"""Why a person may see what he sees, in sentences. Every app adds those it knows the reason for.

``organisation`` may not know campaigns; whoever grants something registers a function that says
so: ``standing.explains(function)``, from ``ready()`` of its app.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from organisation.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing a person may see or do, and the post or appointment that it follows from."""

    may: str
    because: str
    url: str = ""


_providers: dict[str, Callable[[Person], Iterable[Standing]]] = {}


def explains(
    provider: Callable[[Person], Iterable[Standing]],
) -> Callable[[Person], Iterable[Standing]]:
    """Register a function; registering it again changes nothing."""
    _providers[f"{provider.__module__}.{provider.__qualname__}"] = provider
    return provider


def of(person: Person) -> list[Standing]:
    return [standing for provider in _providers.values() for standing in provider(person)]
