"""Figures and texts of exposure."""

from supervision.queries.candidates import proposed
from supervision.queries.planning import first_draft, next_meeting
from supervision.queries.report import CaseText, Report, report_of
from supervision.queries.statistics import Figure, Statistics, statistics

__all__ = [
    "CaseText",
    "Figure",
    "Report",
    "Statistics",
    "first_draft",
    "next_meeting",
    "proposed",
    "report_of",
    "statistics",
]
