"""How often in a row somebody was found poor, and what the regulation proposes then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from evaluations.counting.rules import Grade

if TYPE_CHECKING:
    from collections.abc import Sequence


class Rung(TextChoices):
    NONE = "none", pgettext_lazy("ladder", "no measure")
    REMINDER_LETTER = "reminder_letter", pgettext_lazy("ladder", "reminder letter")
    ADMONITION_TALK = "admonition_talk", pgettext_lazy("ladder", "admonition talk")
    TRANSFER_OR_REMOVAL = "transfer_or_removal", pgettext_lazy("ladder", "transfer or removal")


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """How one round ended for one person in one post.

    ``grade`` is None where he was not evaluated or too few voted. ``is_confirmed`` is None until
    the Party committee has decided on a poor; votes alone are never one.
    """

    grade: Grade | None
    is_confirmed: bool | None = None


def consecutive(history: Sequence[RoundOutcome], *, skips_break: bool = False) -> int:
    """How many confirmed poors stand at the end of the history, oldest round first.

    A round without a grade neither adds nor breaks, unless ``skips_break``. A poor on which nobody
    has decided yet neither adds nor breaks in any case; one that was not upheld is no poor.
    """
    count = 0
    for outcome in history:
        if outcome.grade is None:
            count = 0 if skips_break else count
        elif outcome.grade != Grade.POOR or outcome.is_confirmed is False:
            count = 0
        elif outcome.is_confirmed:
            count += 1
    return count


def proposed(count: int) -> Rung:
    if count <= 0:
        return Rung.NONE
    rungs = {1: Rung.REMINDER_LETTER, 2: Rung.ADMONITION_TALK}
    return rungs.get(count, Rung.TRANSFER_OR_REMOVAL)
