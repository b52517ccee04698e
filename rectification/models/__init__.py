"""The rectification ledger: items, what was done about them, and how they were signed off."""

from rectification.models.evidence import Evidence, EvidenceOpening
from rectification.models.item import LedgerItem, LedgerItemQuerySet
from rectification.models.ladder import LadderStep
from rectification.models.sign_off import (
    NO_LET_GO,
    RETURN_REASONS,
    Attempt,
    Finding,
    NoticeObjection,
    Outcome,
    Stage,
)
from rectification.models.work import DeadlineEntry, Measure, ProgressUpdate

__all__ = [
    "NO_LET_GO",
    "RETURN_REASONS",
    "Attempt",
    "DeadlineEntry",
    "Evidence",
    "EvidenceOpening",
    "Finding",
    "LadderStep",
    "LedgerItem",
    "LedgerItemQuerySet",
    "Measure",
    "NoticeObjection",
    "Outcome",
    "ProgressUpdate",
    "Stage",
]
