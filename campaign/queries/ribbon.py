"""Figures about a campaign: the ribbon that stands over each of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.models import Milestone, Phase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from campaign.models import Campaign


@dataclass(frozen=True, slots=True)
class Segment:
    """One phase on the ribbon; ``at`` and ``width`` are whole hundredths of the ribbon's length."""

    pk: int
    name: str
    starts_on: dt.date
    ends_on: dt.date
    done: int
    total: int
    at: int
    width: int
    lane: int
    when: str
    """``past``, ``current`` or ``future``."""


@dataclass(frozen=True, slots=True)
class Ribbon:
    segments: tuple[Segment, ...]
    lanes: int
    today: dt.date
    today_at: int | None
    """Where today is; nothing before the beginning and after the end."""
    day: int
    days: int
    done: int
    total: int
    next_milestone: Milestone | None

    @property
    def current(self) -> list[Segment]:
        return [segment for segment in self.segments if segment.when == "current"]

    @property
    def is_next_late(self) -> bool:
        return self.next_milestone is not None and self.next_milestone.due_on < self.today


def ribbon(campaign: Campaign, today: dt.date) -> Ribbon:
    """The phases to scale, in as many lanes as overlap, and what is due next. One query."""
    milestones = _milestones(campaign)
    phases = list(milestones)
    to_do = [one for of_phase in milestones.values() for one in of_phase if one.done_on is None]
    following = min(to_do, key=lambda one: (one.due_on, one.pk), default=None)
    first = min([campaign.starts_on, *(phase.starts_on for phase in phases)])
    last = max([campaign.ends_on, *(phase.ends_on for phase in phases)])
    length = (last - first).days + 1

    def hundredths(day: dt.date) -> int:
        return round(100 * (day - first).days / length)

    lanes = _lanes(phases)
    segments = tuple(
        Segment(
            pk=phase.pk,
            name=phase.name,
            starts_on=phase.starts_on,
            ends_on=phase.ends_on,
            done=sum(one.done_on is not None for one in milestones[phase]),
            total=len(milestones[phase]),
            at=(at := min(hundredths(phase.starts_on), 99)),
            width=max(1, round(100 * ((phase.ends_on - first).days + 1) / length) - at),
            lane=lane,
            when=_when(phase, today),
        )
        for phase, lane in zip(phases, lanes, strict=True)
    )
    return Ribbon(
        segments=segments,
        lanes=max(lanes, default=0) + 1,
        today=today,
        today_at=hundredths(today) if first <= today <= last else None,
        day=min(max((today - campaign.starts_on).days + 1, 0), campaign.days),
        days=campaign.days,
        done=sum(segment.done for segment in segments),
        total=sum(segment.total for segment in segments),
        next_milestone=following,
    )


def _milestones(campaign: Campaign) -> dict[Phase, list[Milestone]]:
    """Every phase in order, with its milestones."""
    rows = campaign.phases.order_by("starts_on", "position", "pk", "milestones__pk").values_list(
        *("pk", "name", "starts_on", "ends_on"),
        *("milestones__pk", "milestones__name", "milestones__due_on", "milestones__done_on"),
    )
    found: dict[Phase, list[Milestone]] = {}
    for pk, name, starts_on, ends_on, milestone, what, due_on, done_on in rows:
        phase = Phase(pk, campaign_id=campaign.pk, name=name, starts_on=starts_on, ends_on=ends_on)
        of_phase = found.setdefault(phase, [])
        if milestone is not None:
            of_phase.append(
                Milestone(milestone, phase_id=pk, name=what, due_on=due_on, done_on=done_on)
            )
    return found


def _when(phase: Phase, today: dt.date) -> str:
    if phase.ends_on < today:
        return "past"
    return "future" if phase.starts_on > today else "current"


def _lanes(phases: Iterable[Phase]) -> list[int]:
    """Each phase (given by first day) in the first lane that is free when it begins."""
    free_after: list[dt.date] = []
    lanes = []
    for phase in phases:
        free = (n for n, end in enumerate(free_after) if end < phase.starts_on)
        lane = next(free, len(free_after))
        free_after[lane : lane + 1] = [phase.ends_on]
        lanes.append(lane)
    return lanes
