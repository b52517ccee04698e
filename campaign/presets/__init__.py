"""Ready sets of problem categories and of phases, from the documents campaigns really run by.

They are data of the field, in Chinese as the field writes it, and only a beginning: a campaign
gets a copy and changes it freely.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CategorySet:
    key: str
    name: str
    note: str
    families: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """Phases and milestones in hundredths of the campaign's length."""

    key: str
    name: str
    note: str
    phases: tuple[PlannedPhase, ...]


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    name: str
    method: str
    begin: int
    end: int
    milestones: tuple[tuple[str, int], ...]


@cache
def category_sets() -> dict[str, CategorySet]:
    return {
        entry["key"]: CategorySet(
            key=entry["key"],
            name=entry["name"],
            note=entry["note"],
            families=tuple((f["name"], tuple(f["kinds"])) for f in entry["families"]),
        )
        for entry in _read("categories.json")
    }


@cache
def phase_plans() -> dict[str, PhasePlan]:
    return {
        entry["key"]: PhasePlan(
            key=entry["key"],
            name=entry["name"],
            note=entry["note"],
            phases=tuple(
                PlannedPhase(
                    name=phase["name"],
                    method=phase["method"],
                    begin=phase["from"],
                    end=phase["to"],
                    milestones=tuple((m["name"], m["at"]) for m in phase["milestones"]),
                )
                for phase in entry["phases"]
            ),
        )
        for entry in _read("phases.json")
    }


def day_at(hundredths: int, starts_on: dt.date, ends_on: dt.date) -> dt.date:
    """The day that lies so far along the campaign."""
    return starts_on + dt.timedelta(days=round((ends_on - starts_on).days * hundredths / 100))


def _read(name: str) -> list[dict]:
    entries: list[dict] = json.loads((files(__package__) / name).read_text(encoding="utf-8"))
    return entries
