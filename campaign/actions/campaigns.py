"""Make, change, copy, start and finish a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from campaign import presets, states
from campaign.actions.categories import add_category_set
from campaign.actions.parts import changing
from campaign.actions.phases import add_phase_plan
from campaign.models import Appointment, Campaign, Category, Milestone, Phase
from core.errors import ActionRefusedError
from core.workflow import moving
from organisation.actions.writing import saved

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from organisation.models import Person, Unit

SETTINGS = (
    "day_basis",
    "cut_off",
    "warn_days",
    "immediate_days",
    "notice_rule",
    "notice_days",
    "onsite_for_external",
    "review_months",
    "upward_channel",
)


@transaction.atomic
def create(
    *,
    by: Person,
    host: Unit,
    units: Iterable[Unit] = (),
    category_set: str = "",
    phase_plan: str = "",
    **facts: Any,
) -> Campaign:
    """Draft a campaign of a unit, with ready categories and phases if such were chosen."""
    if not by.has_perm("campaign.add_campaign", host):
        raise PermissionDenied
    campaign = Campaign(host=host, **facts)
    saved(campaign)
    campaign.units.set(units)
    trail.record(
        "campaign.create",
        subject=campaign,
        by=by,
        after=trail.snapshot(campaign),
        detail={"units": [unit.name for unit in units]},
    )
    _forget_scope(by)
    if category_set:
        add_category_set(campaign, by=by, preset=presets.category_sets()[category_set])
    if phase_plan:
        add_phase_plan(campaign, by=by, preset=presets.phase_plans()[phase_plan])
    return campaign


def edit(
    campaign: Campaign, *, by: Person, units: Iterable[Unit] | None = None, **facts: Any
) -> Campaign:
    """Change what a campaign is or how it runs; its code stays once a number carries it."""
    with changing(campaign, by=by) as row:
        code = facts.get("code", row.code)
        if code != row.code and (row.issue_counter or row.ledger_counter):
            raise ActionRefusedError(
                _("The code “%(code)s” already stands in numbers that people quote; it stays.")
                % {"code": row.code}
            )
        before = trail.snapshot(row)
        detail = {}
        if units is not None:
            was, now = set(row.units.all()), set(units)
            row.units.set(now)
            detail = {
                "units added": sorted(unit.name for unit in now - was),
                "units removed": sorted(unit.name for unit in was - now),
            }
        for name, value in facts.items():
            setattr(row, name, value)
        saved(row)
        after = trail.snapshot(row)
        if after != before or any(detail.values()):
            trail.record(
                "campaign.edit", subject=row, by=by, before=before, after=after, detail=detail
            )
    return row


def start(campaign: Campaign, *, by: Person) -> Campaign:
    """Open the campaign to everybody in it: problems can be reported from now on."""
    with moving(campaign, states.START, by=by) as row:
        if not row.categories.exists():
            raise ActionRefusedError(_("First add at least one category of problems."))
        if not row.phases.exists():
            raise ActionRefusedError(_("First add at least one phase."))
    return row


def finish(campaign: Campaign, *, by: Person, reason: str) -> Campaign:
    """Close the campaign: it can be read from now on, and no longer be changed."""
    if not reason.strip():
        raise ActionRefusedError(_("Say in a sentence how the campaign ended."))
    with moving(campaign, states.FINISH, by=by, reason=reason.strip()) as row:
        pass
    return row


@transaction.atomic
def copy(
    campaign: Campaign,
    *,
    by: Person,
    name: str,
    code: str,
    starts_on: dt.date,
    with_appointments: bool = False,
) -> Campaign:
    """A new draft like this one; all dates move with the first day, and nothing is done yet."""
    shift = starts_on - campaign.starts_on
    _refuse_beyond_the_calendar(campaign, shift)
    facts: dict[str, Any] = {setting: getattr(campaign, setting) for setting in SETTINGS}
    made = create(
        by=by,
        host=campaign.host,
        units=list(campaign.units.all()),
        name=name,
        code=code,
        basis=campaign.basis,
        aim=campaign.aim,
        starts_on=starts_on,
        ends_on=campaign.ends_on + shift,
        **facts,
    )
    _copy_phases(campaign, made, shift)
    _copy_categories(campaign, made)
    if with_appointments:
        _copy_appointments(campaign, made)
    trail.record("campaign.copy", subject=made, by=by, detail={"from": campaign.name})
    return made


def _refuse_beyond_the_calendar(source: Campaign, shift: dt.timedelta) -> None:
    days = [source.starts_on, source.ends_on]
    for edge in ("starts_on", "ends_on"):
        days += source.phases.values_list(edge, flat=True)
    days += Milestone.objects.filter(phase__campaign=source).values_list("due_on", flat=True)
    try:
        _moved = [day + shift for day in days]
    except OverflowError as beyond:
        raise ActionRefusedError(_("There is no such day; choose an earlier one.")) from beyond


def _copy_phases(source: Campaign, made: Campaign, shift: dt.timedelta) -> None:
    for phase in source.phases.prefetch_related("milestones").order_by("position", "pk"):
        twin = Phase.objects.create(
            campaign=made,
            name=phase.name,
            method=phase.method,
            starts_on=phase.starts_on + shift,
            ends_on=phase.ends_on + shift,
            position=phase.position,
        )
        Milestone.objects.bulk_create(
            Milestone(phase=twin, name=one.name, due_on=one.due_on + shift)
            for one in phase.milestones.all()
        )


def _copy_categories(source: Campaign, made: Campaign) -> None:
    twins: dict[int | None, Category | None] = {None: None}
    for category in source.categories.families_first():
        twins[category.pk] = Category.objects.create(
            campaign=made,
            parent=twins[category.parent_id],
            name=category.name,
            position=category.position,
        )


def _copy_appointments(source: Campaign, made: Campaign) -> None:
    """Those who sit there now sit in the new one from its first day."""
    Appointment.objects.bulk_create(
        Appointment(
            campaign=made, person_id=person, role=role, since=made.starts_on, until=made.ends_on
        )
        for person, role in source.appointments.filter(until__isnull=True)
        .values_list("person_id", "role")
        .distinct()
    )


def _forget_scope(person: Person) -> None:
    """What he is in which campaign was worked out before this one existed."""
    person.__dict__.pop("_scope", None)
