"""What is asked when problems are reported and reviewed."""

from issues.forms.fields import personal_numbers
from issues.forms.reporting import ReportForm
from issues.forms.reviewing import BatchForm, ConfirmForm, MergeForm, ReasonForm, leaders_of

__all__ = [
    "BatchForm",
    "ConfirmForm",
    "MergeForm",
    "ReasonForm",
    "ReportForm",
    "leaders_of",
    "personal_numbers",
]
