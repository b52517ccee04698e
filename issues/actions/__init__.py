"""Every write to the list of problems."""

from issues.actions.entering import Draft, report, resubmit, take_in
from issues.actions.reviewing import (
    Outcome,
    confirm,
    hand_over,
    merge,
    reject,
    review_each,
    send_back,
)

__all__ = [
    "Draft",
    "Outcome",
    "confirm",
    "hand_over",
    "merge",
    "reject",
    "report",
    "resubmit",
    "review_each",
    "send_back",
    "take_in",
]
