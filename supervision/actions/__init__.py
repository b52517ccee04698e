"""Every write about exposure, as verbs of the trade."""

from supervision.actions.candidates import leave_out, propose, take_in, take_in_item
from supervision.actions.cases import add_good_example, remove_good_example, revise_case
from supervision.actions.criticisms import (
    accept_criticism,
    draft_criticism,
    link_pledge,
    return_criticism,
    submit_criticism,
)
from supervision.actions.handlings import (
    approve_naming,
    conclude_handling,
    record_handling,
    withdraw_naming,
)
from supervision.actions.meetings import (
    Paper,
    acknowledge,
    approve_report,
    cancel_meeting,
    distribute,
    hold_meeting,
    plan_meeting,
    report_as_read,
    return_report,
    revise_meeting,
    submit_report,
    withdraw_report,
)

__all__ = [
    "Paper",
    "accept_criticism",
    "acknowledge",
    "add_good_example",
    "approve_naming",
    "approve_report",
    "cancel_meeting",
    "conclude_handling",
    "distribute",
    "draft_criticism",
    "hold_meeting",
    "leave_out",
    "link_pledge",
    "plan_meeting",
    "propose",
    "record_handling",
    "remove_good_example",
    "report_as_read",
    "return_criticism",
    "return_report",
    "revise_case",
    "revise_meeting",
    "submit_criticism",
    "submit_report",
    "take_in",
    "take_in_item",
    "withdraw_naming",
    "withdraw_report",
]
