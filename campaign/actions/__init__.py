"""Every write to a campaign: what it is, how it runs, who works in it."""

from campaign.actions.appointments import appoint, end_appointment
from campaign.actions.campaigns import copy, create, edit, finish, start
from campaign.actions.categories import (
    add_category,
    add_category_set,
    arrange_categories,
    change_category,
    remove_category,
)
from campaign.actions.letterhead import give_number, next_number, set_letterhead
from campaign.actions.phases import (
    add_milestone,
    add_phase,
    add_phase_plan,
    arrange_milestones,
    arrange_phases,
    change_milestone,
    change_phase,
    mark_done,
    mark_undone,
    remove_milestone,
    remove_phase,
)
from campaign.actions.reminders import Radius, Receiver, blast_radius, change_reminders

__all__ = [
    "Radius",
    "Receiver",
    "add_category",
    "add_category_set",
    "add_milestone",
    "add_phase",
    "add_phase_plan",
    "appoint",
    "arrange_categories",
    "arrange_milestones",
    "arrange_phases",
    "blast_radius",
    "change_category",
    "change_milestone",
    "change_phase",
    "change_reminders",
    "copy",
    "create",
    "edit",
    "end_appointment",
    "finish",
    "give_number",
    "mark_done",
    "mark_undone",
    "next_number",
    "remove_category",
    "remove_milestone",
    "remove_phase",
    "set_letterhead",
    "start",
]
