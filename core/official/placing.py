"""How large the mark is, and where organ, date and lines to sign on begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.official.grid import AREA_WIDTH, CHARACTERS, POINT
from core.official.letter import RULE_WIDTH
from core.official.lines import text_width

if TYPE_CHECKING:
    from core.official.forms import Signatures
    from core.official.paper import OfficialPaper

# The mark's highest ink lies this far under the top of the type area (7.2.4), in millimetres.
MARK_TOP = 35
# A mark fills its measure at most, and is never larger than this, in points.
LARGEST_MARK = 48
DATE_FROM_RIGHT, ORGAN_FROM_RIGHT, DATE_AFTER_ORGAN = 4, 2, 2
# Lines to sign on, in characters: the indent of the label, the white behind it, before the date and
# at the right edge, and what a name needs at least.
SIGNING_INDENT, AFTER_LABEL, BEFORE_DATE, SIGNING_RIGHT, SHORTEST_RULE = 2, 0.5, 1, 1, 6


def mark_size(paper: OfficialPaper) -> float:
    """The size of the mark in points: one line whatever the hospital is called."""
    measure = RULE_WIDTH if paper.is_letter else AREA_WIDTH
    return min(LARGEST_MARK, measure / POINT / len(paper.mark))


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


@dataclass(frozen=True, slots=True)
class SigningPlaces:
    """Where the lines to sign on begin and end and the dates begin, in characters from the left.

    A label in ``apart`` is too long to stand before its line: it stands over it.
    """

    begin: float
    end: float
    day: float
    apart: frozenset[str]


def signing_places(signatures: Signatures) -> SigningPlaces:
    """All lines begin under one another behind the longest label, and so do the dates."""
    edge = CHARACTERS - SIGNING_RIGHT
    day = edge - max(text_width("fang", line.dated) for line in signatures.lines)
    end = day - BEFORE_DATE if day < edge else edge
    widths = {
        line.called: text_width("fang", line.called) + AFTER_LABEL for line in signatures.lines
    }
    longest = end - SHORTEST_RULE - SIGNING_INDENT
    apart = frozenset(label for label, wide in widths.items() if wide > longest)
    before = max((wide for label, wide in widths.items() if label not in apart), default=0)
    return SigningPlaces(SIGNING_INDENT + before, end, day, apart)
