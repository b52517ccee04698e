"""Pages of the list of problems: the list, reporting, one problem, its review."""

from issues.views.lists import batch, export, issue_list
from issues.views.reporting import register, registered, resubmit
from issues.views.reviewing import detail, review, review_next, take_step

__all__ = [
    "batch",
    "detail",
    "export",
    "issue_list",
    "register",
    "registered",
    "resubmit",
    "review",
    "review_next",
    "take_step",
]
