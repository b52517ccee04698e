"""Pages of exposure: meetings, candidates, cases, the report, its way to departments, handlings."""

from supervision.views.approval import approve, return_report
from supervision.views.candidates import candidates, leave_out, propose, take_in_item
from supervision.views.cases import add_good_example, case, remove_good_example
from supervision.views.criticisms import (
    accept_criticism,
    criticism,
    link_pledge,
    return_criticism,
)
from supervision.views.distribution import acknowledge, distribution
from supervision.views.handlings import add_handling, handling_step, handlings, letterhead
from supervision.views.meetings import edit, meeting, meeting_list, plan, take_step, waiting
from supervision.views.report import draft, paper, report, statistics, texts

__all__ = [
    "accept_criticism",
    "acknowledge",
    "add_good_example",
    "add_handling",
    "approve",
    "candidates",
    "case",
    "criticism",
    "distribution",
    "draft",
    "edit",
    "handling_step",
    "handlings",
    "leave_out",
    "letterhead",
    "link_pledge",
    "meeting",
    "meeting_list",
    "paper",
    "plan",
    "propose",
    "remove_good_example",
    "report",
    "return_criticism",
    "return_report",
    "statistics",
    "take_in_item",
    "take_step",
    "texts",
    "waiting",
]
