"""What is waiting for whom, the figures of a ledger, and what one item's page needs."""

from rectification.queries.attempts import (
    Prompt,
    in_words,
    prompts_for_verifier,
    reasons_to_answer,
    unopened_evidence,
)
from rectification.queries.figures import Figures, Tally, figures, tally
from rectification.queries.notices import Notice, notices
from rectification.queries.page import ItemPage, Stop, item_page, stops
from rectification.queries.turn import Turn, turn
from rectification.queries.waiting import VERBS, Verb, waiting, waiting_counts

__all__ = [
    "VERBS",
    "Figures",
    "ItemPage",
    "Notice",
    "Prompt",
    "Stop",
    "Tally",
    "Turn",
    "Verb",
    "figures",
    "in_words",
    "item_page",
    "notices",
    "prompts_for_verifier",
    "reasons_to_answer",
    "stops",
    "tally",
    "turn",
    "unopened_evidence",
    "waiting",
    "waiting_counts",
]
