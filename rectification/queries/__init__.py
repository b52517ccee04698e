"""What is waiting for whom, the figures of a ledger, and what one item's page needs."""

from rectification.queries.attempts import (
    prompts_for_verifier,
    reasons_to_answer,
    unopened_evidence,
)
from rectification.queries.figures import Figures, figures
from rectification.queries.waiting import VERBS, Verb, waiting, waiting_counts

__all__ = [
    "VERBS",
    "Figures",
    "Verb",
    "figures",
    "prompts_for_verifier",
    "reasons_to_answer",
    "unopened_evidence",
    "waiting",
    "waiting_counts",
]
