"""Exposure meetings, their cases and papers, self-criticisms, and how people were dealt with."""

from supervision.models.candidate import Candidate, Ground, Verdict
from supervision.models.criticism import Pledge, SelfCriticism
from supervision.models.handling import Handling, HandlingForm
from supervision.models.meeting import (
    CaseKind,
    Distribution,
    ExposureCase,
    ExposureMeeting,
    IssuedPaper,
    PaperKind,
)

__all__ = [
    "Candidate",
    "CaseKind",
    "Distribution",
    "ExposureCase",
    "ExposureMeeting",
    "Ground",
    "Handling",
    "HandlingForm",
    "IssuedPaper",
    "PaperKind",
    "Pledge",
    "SelfCriticism",
    "Verdict",
]
