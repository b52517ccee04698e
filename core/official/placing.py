"""How large the mark is, and where organ and date of a signature begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.official.grid import AREA_WIDTH, CHARACTERS, POINT
from core.official.lines import text_width

if TYPE_CHECKING:
    from core.official.paper import OfficialPaper

# The mark's highest ink lies this far under the top of the type area (7.2.4), in millimetres.
MARK_TOP = 35
# A mark fills the type area at most, and is never larger than this, in points.
LARGEST_MARK = 48
DATE_FROM_RIGHT, ORGAN_FROM_RIGHT, DATE_AFTER_ORGAN = 4, 2, 2


def mark_size(mark: str) -> float:
    """The size of the mark in points: one line whatever the hospital is called."""
    return min(LARGEST_MARK, AREA_WIDTH / POINT / len(mark))


def signed_at(paper: OfficialPaper) -> tuple[float, float]:
    """Where organ and date begin, in characters from the left (7.3.5.1 and 7.3.5.2).

    With a seal the date ends four characters from the right and the organ is centred over it.
    Without one the organ ends two from the right and the date begins two after it; a date that is
    longer ends two from the right, and the organ begins two before it.
    """
    organ, day = text_width("fang", paper.signature), text_width("fang", paper.dated)
    if paper.has_seal or not paper.signature:
        day_from = CHARACTERS - DATE_FROM_RIGHT - day
        organ_from = day_from + (day - organ) / 2
        if organ_from + organ > CHARACTERS:  # longer than its place: the date goes with it
            organ_from = CHARACTERS - organ
            day_from = organ_from + (organ - day) / 2
    elif day > organ:
        day_from = CHARACTERS - ORGAN_FROM_RIGHT - day
        organ_from = day_from - DATE_AFTER_ORGAN
    else:
        organ_from = CHARACTERS - ORGAN_FROM_RIGHT - organ
        day_from = organ_from + DATE_AFTER_ORGAN
    return max(organ_from, 0), max(day_from, 0)
