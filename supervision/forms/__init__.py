"""What is asked on the pages of exposure."""

from supervision.forms.cases import CaseForm, DecideForm, GoodExampleForm, TakeInForm
from supervision.forms.criticisms import CriticismForm, LinkPledgeForm, PledgeRows
from supervision.forms.handlings import FinalForm, HandlingForm, LetterheadForm, NamingForm
from supervision.forms.meetings import (
    ApproveForm,
    DistributeForm,
    HoldForm,
    MeetingForm,
    NothingForm,
    ReasonForm,
    ReportForm,
)

__all__ = [
    "ApproveForm",
    "CaseForm",
    "CriticismForm",
    "DecideForm",
    "DistributeForm",
    "FinalForm",
    "GoodExampleForm",
    "HandlingForm",
    "HoldForm",
    "LetterheadForm",
    "LinkPledgeForm",
    "MeetingForm",
    "NamingForm",
    "NothingForm",
    "PledgeRows",
    "ReasonForm",
    "ReportForm",
    "TakeInForm",
]
