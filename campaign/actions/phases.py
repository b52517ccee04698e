"""Phases and their milestones. They inform and never lock: nothing here depends on a date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.actions.parts import changing, removed
from campaign.models import Milestone, Phase
from campaign.presets import day_at
from core.errors import ActionRefusedError
from organisation.actions.writing import added, changed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from campaign.models import Campaign
    from campaign.presets import PhasePlan
    from organisation.models import Person

PHASE_FACTS = ("name", "method", "starts_on", "ends_on", "position")
MILESTONE_FACTS = ("name", "due_on")


def add_phase_plan(campaign: Campaign, *, by: Person, preset: PhasePlan) -> None:
    """Add ready phases with their milestones, stretched over the campaign's dates."""
    with changing(campaign, by=by) as row:
        place = row.phases.count()
        for number, planned in enumerate(preset.phases, place + 1):
            phase = add_phase(
                row,
                by=by,
                name=planned.name,
                method=planned.method,
                starts_on=day_at(planned.begin, row.starts_on, row.ends_on),
                ends_on=day_at(planned.end, row.starts_on, row.ends_on),
                position=number,
            )
            for name, at in planned.milestones:
                due_on = day_at(at, row.starts_on, row.ends_on)
                add_milestone(phase, by=by, name=name, due_on=due_on)


def add_phase(campaign: Campaign, *, by: Person, **facts: Any) -> Phase:
    with changing(campaign, by=by) as row:
        phase = Phase(campaign=row, **facts)
        added("campaign.add_phase", phase, by=by)
    return phase


def change_phase(phase: Phase, *, by: Person, **facts: Any) -> Phase:
    with changing(phase.campaign, by=by):
        phase.refresh_from_db()
        changed("campaign.change_phase", phase, facts, by=by)
    return phase


def remove_phase(phase: Phase, *, by: Person) -> None:
    """Take a phase away with its milestones, unless some of its work is done."""
    with changing(phase.campaign, by=by) as row:
        if phase.milestones.filter(done_on__isnull=False).exists():
            raise ActionRefusedError(
                _("Milestones of “%(name)s” are done; the phase stays.") % {"name": phase.name}
            )
        removed("campaign.remove_phase", phase, row, by=by)


def arrange_phases(campaign: Campaign, *, by: Person, rows: Iterable[dict[str, Any]]) -> None:
    """Take in the whole page of phases, all or none: each row with ``phase``, ``delete``, facts."""
    with changing(campaign, by=by) as locked_campaign:
        for row in rows:
            facts = {key: row[key] for key in PHASE_FACTS if key in row}
            if row["phase"] is None:
                if not row["delete"]:
                    add_phase(locked_campaign, by=by, **facts)
            elif row["delete"]:
                remove_phase(row["phase"], by=by)
            else:
                change_phase(row["phase"], by=by, **facts)


def add_milestone(phase: Phase, *, by: Person, name: str, due_on: dt.date) -> Milestone:
    with changing(phase.campaign, by=by):
        milestone = Milestone(phase=phase, name=name, due_on=due_on)
        added("campaign.add_milestone", milestone, by=by)
    return milestone


def change_milestone(milestone: Milestone, *, by: Person, **facts: Any) -> Milestone:
    with changing(milestone.phase.campaign, by=by):
        milestone.refresh_from_db()
        changed("campaign.change_milestone", milestone, facts, by=by)
    return milestone


def remove_milestone(milestone: Milestone, *, by: Person) -> None:
    with changing(milestone.phase.campaign, by=by) as row:
        milestone.refresh_from_db()
        if milestone.done_on is not None:
            raise ActionRefusedError(_("“%(name)s” is done; it stays.") % {"name": milestone.name})
        removed("campaign.remove_milestone", milestone, row, by=by)


def arrange_milestones(phase: Phase, *, by: Person, rows: Iterable[dict[str, Any]]) -> None:
    """Take in the whole page of a phase's milestones: rows with ``milestone``, ``delete``, facts."""
    with changing(phase.campaign, by=by):
        for row in rows:
            facts = {key: row[key] for key in MILESTONE_FACTS if key in row}
            if row["milestone"] is None:
                if not row["delete"]:
                    add_milestone(phase, by=by, **facts)
            elif row["delete"]:
                remove_milestone(row["milestone"], by=by)
            else:
                change_milestone(row["milestone"], by=by, **facts)


def mark_done(milestone: Milestone, *, by: Person, on: dt.date | None = None) -> Milestone:
    """Say that a milestone is reached, today or on an earlier day."""
    with changing(milestone.phase.campaign, by=by):
        milestone.refresh_from_db()
        if milestone.done_on is not None:
            raise ActionRefusedError(_("“%(name)s” is done already.") % {"name": milestone.name})
        today = timezone.localdate()
        if on is not None and on > today:
            raise ActionRefusedError(_("It cannot have been done after today."))
        facts = {"done_on": on or today, "done_by": by}
        changed("campaign.mark_done", milestone, facts, by=by)
    return milestone


def mark_undone(milestone: Milestone, *, by: Person) -> Milestone:
    """Take back that a milestone is reached; the trail keeps both."""
    with changing(milestone.phase.campaign, by=by):
        milestone.refresh_from_db()
        if milestone.done_on is None:
            raise ActionRefusedError(_("“%(name)s” is not done yet.") % {"name": milestone.name})
        changed("campaign.mark_undone", milestone, {"done_on": None, "done_by": None}, by=by)
    return milestone
