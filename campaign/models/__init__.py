"""Campaigns, and what each person is in them."""

from campaign.models.campaign import Campaign, Scope, scope_of
from campaign.models.letterhead import DocumentNumber, Letterhead
from campaign.models.parts import (
    Appointment,
    AppointmentRole,
    Category,
    Milestone,
    Phase,
    PhaseMethod,
)

__all__ = [
    "Appointment",
    "AppointmentRole",
    "Campaign",
    "Category",
    "DocumentNumber",
    "Letterhead",
    "Milestone",
    "Phase",
    "PhaseMethod",
    "Scope",
    "scope_of",
]
