"""Figures and texts of exposure."""

from supervision.queries.candidates import proposed
from supervision.queries.history import history
from supervision.queries.planning import first_draft, next_meeting
from supervision.queries.report import (
    CaseText,
    Report,
    case_as_read,
    report_as_written,
    report_of,
)
from supervision.queries.statistics import Figure, Statistics, statistics
from supervision.queries.turn import turn
from supervision.queries.upcoming import Upcoming, upcoming
from supervision.queries.waiting import DUTIES, Duty, duties_of, title_of

__all__ = [
    "DUTIES",
    "CaseText",
    "Duty",
    "Figure",
    "Report",
    "Statistics",
    "Upcoming",
    "case_as_read",
    "duties_of",
    "first_draft",
    "history",
    "next_meeting",
    "proposed",
    "report_as_written",
    "report_of",
    "statistics",
    "title_of",
    "turn",
    "upcoming",
]
