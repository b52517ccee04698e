"""Campaigns, and what each person is in them."""

from campaign.models.campaign import RUNNING_FIRST, Campaign
from campaign.models.letterhead import DocumentNumber, Letterhead
from campaign.models.own_scope import scope_of
from campaign.models.parts import (
    Appointment,
    AppointmentRole,
    Category,
    Milestone,
    Phase,
    PhaseMethod,
)
from campaign.models.reminders import ReminderRules, rules_of_all
from campaign.models.scope import Scope

__all__ = [
    "RUNNING_FIRST",
    "Appointment",
    "AppointmentRole",
    "Campaign",
    "Category",
    "DocumentNumber",
    "Letterhead",
    "Milestone",
    "Phase",
    "PhaseMethod",
    "ReminderRules",
    "Scope",
    "rules_of_all",
    "scope_of",
]
