"""Every write about evaluations, as verbs of the trade."""

from evaluations.actions.issuing import TicketTakenError, add_voter, give_slip, issue_tickets
from evaluations.actions.preparing import (
    add_group,
    begin_seal,
    next_number,
    plan_round,
    remove_group,
    revise_group,
    revise_round,
    seal,
    set_commission,
    set_subjects,
)

__all__ = [
    "TicketTakenError",
    "add_group",
    "add_voter",
    "begin_seal",
    "give_slip",
    "issue_tickets",
    "next_number",
    "plan_round",
    "remove_group",
    "revise_group",
    "revise_round",
    "seal",
    "set_commission",
    "set_subjects",
]
