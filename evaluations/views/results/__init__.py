"""Results for the leadership, what follows from them, and each head's own."""

from evaluations.views.results.deciding import (
    carry_out,
    confirm,
    decide,
    draft,
    follow_up,
    judge,
    paper,
    sheet,
    withdraw,
)
from evaluations.views.results.own import answer, appeal, mine, own, statement
from evaluations.views.results.reading import circular, head, round_list, rounds, waiting, workbook

__all__ = [
    "answer",
    "appeal",
    "carry_out",
    "circular",
    "confirm",
    "decide",
    "draft",
    "follow_up",
    "head",
    "judge",
    "mine",
    "own",
    "paper",
    "round_list",
    "rounds",
    "sheet",
    "statement",
    "waiting",
    "withdraw",
    "workbook",
]
