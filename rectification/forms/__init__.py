"""What is asked at each step of an item, in its plan, and with evidence."""

from rectification.forms.plan import ApprovePlansForm, MeasureRows, PlanForm
from rectification.forms.steps import FORMS, STEPS, StepForm
from rectification.forms.work import (
    DecideObjectionForm,
    EvidenceForm,
    MeasureDoneForm,
    NoticeObjectionForm,
    ProgressForm,
    WithdrawEvidenceForm,
)

__all__ = [
    "FORMS",
    "STEPS",
    "ApprovePlansForm",
    "DecideObjectionForm",
    "EvidenceForm",
    "MeasureDoneForm",
    "MeasureRows",
    "NoticeObjectionForm",
    "PlanForm",
    "ProgressForm",
    "StepForm",
    "WithdrawEvidenceForm",
]
