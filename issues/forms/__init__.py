"""What is asked when problems are reported and reviewed."""

from issues.forms.fields import personal_numbers
from issues.forms.reporting import ReportForm
from issues.forms.reviewing import (
    LEADER_POSTS,
    BatchForm,
    ConfirmForm,
    MergeForm,
    ReasonForm,
    leader_choices,
    leaders_of,
)

__all__ = [
    "LEADER_POSTS",
    "BatchForm",
    "ConfirmForm",
    "MergeForm",
    "ReasonForm",
    "ReportForm",
    "leader_choices",
    "leaders_of",
    "personal_numbers",
]
