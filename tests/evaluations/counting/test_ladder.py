"""Reminder letter, admonition talk, transfer or removal: counted over confirmed poors in a row."""

import pytest

from evaluations.counting.ladder import RoundOutcome, Rung, consecutive, proposed
from evaluations.counting.rules import Grade

POOR = RoundOutcome(Grade.POOR, is_confirmed=True)
NOT_UPHELD = RoundOutcome(Grade.POOR, is_confirmed=False)
UNDECIDED = RoundOutcome(Grade.POOR)
FAIR = RoundOutcome(Grade.FAIR)
AVERAGE = RoundOutcome(Grade.AVERAGE)
NOT_HELD = RoundOutcome(None)


@pytest.mark.parametrize(
    ("history", "count"),
    [
        ([], 0),
        ([FAIR], 0),
        ([POOR], 1),
        ([POOR, POOR], 2),
        ([POOR, POOR, POOR], 3),
        ([POOR, POOR, POOR, POOR], 4),
        ([POOR, FAIR, POOR], 1),
        ([POOR, POOR, AVERAGE], 0),
        ([POOR, NOT_HELD, POOR], 2),
        ([NOT_HELD, POOR, NOT_HELD], 1),
        ([POOR, NOT_UPHELD, POOR], 1),
        ([POOR, NOT_UPHELD], 0),
        ([POOR, UNDECIDED], 1),
        ([UNDECIDED], 0),
        ([POOR, UNDECIDED, POOR], 2),
    ],
)
def test_confirmed_poors_in_a_row_are_counted(history, count):
    assert consecutive(history) == count


@pytest.mark.parametrize(
    ("history", "count"),
    [
        ([POOR, NOT_HELD, POOR], 1),
        ([POOR, NOT_HELD], 0),
        ([POOR, POOR], 2),
        ([POOR, UNDECIDED, POOR], 2),
    ],
)
def test_by_the_stricter_setting_a_round_that_was_not_held_breaks_the_row(history, count):
    assert consecutive(history, skips_break=True) == count


@pytest.mark.parametrize(
    ("count", "rung"),
    [
        (0, Rung.NONE),
        (1, Rung.REMINDER_LETTER),
        (2, Rung.ADMONITION_TALK),
        (3, Rung.TRANSFER_OR_REMOVAL),
        (4, Rung.TRANSFER_OR_REMOVAL),
        (9, Rung.TRANSFER_OR_REMOVAL),
    ],
)
def test_each_count_has_its_rung(count, rung):
    assert proposed(count) == rung
