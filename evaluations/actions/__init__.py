"""Every write about evaluations, as verbs of the trade."""

from evaluations.actions.count import (
    cancel_round,
    count_round,
    forget_bundles,
    publish_round,
    unlock_boxes,
)
from evaluations.actions.freezing import freeze_round
from evaluations.actions.issuing import (
    TicketTakenError,
    add_voter,
    give_slip,
    issue_tickets,
    print_slips,
)
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
    take_ready_set,
)

__all__ = [
    "TicketTakenError",
    "add_group",
    "add_voter",
    "begin_seal",
    "cancel_round",
    "count_round",
    "forget_bundles",
    "freeze_round",
    "give_slip",
    "issue_tickets",
    "next_number",
    "plan_round",
    "print_slips",
    "publish_round",
    "remove_group",
    "revise_group",
    "revise_round",
    "seal",
    "set_commission",
    "set_subjects",
    "take_ready_set",
    "unlock_boxes",
]
