"""Who sits in the leading group and works in the office: compartments follow from this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from campaign.actions.parts import changing
from campaign.models import Appointment, AppointmentRole
from core.errors import ActionRefusedError
from organisation.actions.writing import added, changed

if TYPE_CHECKING:
    import datetime as dt

    from campaign.models import Campaign
    from organisation.models import Person


def appoint(
    campaign: Campaign, *, by: Person, person: Person, role: str, since: dt.date
) -> Appointment:
    """Give somebody a seat in the leading group or the office, from a day on."""
    with changing(campaign, by=by) as row:
        if not person.is_active:
            raise ActionRefusedError(
                _("%(name)s may not sign in; choose somebody who works here.")
                % {"name": person.name}
            )
        overlapping = row.appointments.filter(Q(until__isnull=True) | Q(until__gte=since))
        if overlapping.filter(person=person, role=role).exists():
            raise ActionRefusedError(
                _("%(name)s is already %(role)s.")
                % {"name": person.name, "role": AppointmentRole(role).label}
            )
        made = Appointment(campaign=row, person=person, role=role, since=since)
        added("campaign.appoint", made, by=by)
    return made


def end_appointment(appointment: Appointment, *, by: Person, until: dt.date) -> Appointment:
    """Say on which day somebody's seat ends; that day still counts."""
    with changing(appointment.campaign, by=by):
        appointment.refresh_from_db()
        if appointment.until is not None and appointment.until <= until:
            raise ActionRefusedError(_("This appointment has ended already."))
        changed("campaign.end_appointment", appointment, {"until": until}, by=by)
    return appointment
