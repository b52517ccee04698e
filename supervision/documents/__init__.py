"""The papers of an exposure meeting: drafts on demand, and what is issued, drawn once and kept."""

from supervision.documents.issuing import DRAFT_JOB, draft, issue, submit
from supervision.documents.meeting import agenda_paper, statistics_paper
from supervision.documents.report import report_paper

__all__ = [
    "DRAFT_JOB",
    "agenda_paper",
    "draft",
    "issue",
    "report_paper",
    "statistics_paper",
    "submit",
]
