"""What was done to a meeting, its cases and its self-criticisms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit import trail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db import models

    from audit.trail import Entry

DECISIONS = {"supervision.taken_in", "supervision.left_out"}


def history(subjects: Iterable[models.Model]) -> list[Entry]:
    """The latest first. A decision about a candidate names its item: the columns are not the meeting's."""
    return [_told(entry) for entry in trail.entries(subjects)[::-1]]


def _told(entry: Entry) -> Entry:
    if entry.action not in DECISIONS:
        return entry
    return replace(entry, changes=[], label=f"{entry.label} {entry.detail.get('item', '')}")
