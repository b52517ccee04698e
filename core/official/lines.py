"""Text set into lines of the grid.

The printer's own justification widens spaces only, and Chinese has none: a line that a comma may
not begin would end a character early. Here every line but the last of a paragraph fills the type
area, 28 characters as a rule, one more or one less where punctuation asks for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from core.official.flow import Run
from core.official.grid import CHARACTERS, SIZE_3, SPACING
from core.official.measuring import WIDE_SIGNS, standing_role, width, widths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLOSING = "，。、；：？！）》〉」』】〕”’…—％‰%!),.:;?]}·℃"
OPENING = "（《〈「『【〔“‘([{"
# Their ink stands in the left half: at the end of a line half of them may stand outside.
HALF_AT_END = frozenset("，。、；：）》〉」』】〕”’")
CLUSTER = re.compile(
    rf"[{re.escape(OPENING)}]*(?:——|……|[0-9A-Za-z@_/~+#&=.,:%\-]+|.)[{re.escape(CLOSING)}]*", re.S
)
CELL_POINTS = SIZE_3 + SPACING
# A gap wider than this is worse than a long word or number broken within.
WIDEST_GAP = 4 * CELL_POINTS
ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class Sign:
    """A character in the role it is set in, and its width in points."""

    character: str
    role: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line; ``spacing`` in points goes to each character, so that the line is full."""

    runs: tuple[Run, ...]
    spacing: float

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def set_lines(runs: Sequence[Run], *, indent: float = 2, hang: float = 0) -> list[Line]:
    """The paragraph in lines; the first is indented, the others hang, both in characters."""
    setter = _Setter(indent, hang)
    for cluster in _clusters(runs):
        setter.add(cluster)
    return setter.finish()


def text_width(role: str, text: str) -> float:
    """How wide the text is on the grid, in characters."""
    return sum(one.width + SPACING for one in _signs(Run(role, text))) / CELL_POINTS


@dataclass(slots=True)
class _Setter:
    """Fills line after line, and closes one when the next cluster would not fit."""

    indent: float
    hang: float
    lines: list[Line] = field(default_factory=list)
    open: list[Sign] = field(default_factory=list)

    @property
    def measure(self) -> float:
        return (CHARACTERS - (self.hang if self.lines else self.indent)) * CELL_POINTS

    def add(self, cluster: list[Sign]) -> None:
        if self._fits([*self.open, *cluster]):
            self.open += cluster
        elif self.measure - _natural(self.open) <= WIDEST_GAP and self.open:
            self._close()
            self.add(cluster)
        else:
            self._break(cluster)

    def _fits(self, signs: list[Sign]) -> bool:
        """A last stop may be half outside, and the line be closer by the other half of it."""
        return _natural(signs) <= self.measure + 2 * _outside(signs) + ROUNDING

    def _break(self, cluster: list[Sign]) -> None:
        """Fill the line with as much of the cluster as it holds; at least one character."""
        held = next(
            (n for n in range(len(cluster) - 1, 0, -1) if self._fits([*self.open, *cluster[:n]])),
            0 if self.open else 1,
        )
        self.open += cluster[:held]
        self._close()
        self.add(cluster[held:])

    def _close(self) -> None:
        signs = _stripped(self.open)
        over = max(_natural(signs) - self.measure, 0)
        wanted = self.measure + min(over, _outside(signs))
        spacing = (wanted - sum(one.width for one in signs)) / max(len(signs), 1)
        self.lines.append(_line(signs, spacing))
        self.open = []

    def finish(self) -> list[Line]:
        if signs := _stripped(self.open):
            if _natural(signs) > self.measure:
                self._close()
            else:
                self.lines.append(_line(signs, SPACING))
        return self.lines


def _clusters(runs: Sequence[Run]) -> Iterator[list[Sign]]:
    """The signs in the groups that no line end may part."""
    signs = [sign for run in runs for sign in _signs(run)]
    text = "".join(sign.character for sign in signs)
    for found in CLUSTER.finditer(text):
        yield signs[found.start() : found.end()]


def _signs(run: Run) -> Iterator[Sign]:
    own = widths(run.role)
    for character in run.text:
        role = run.role
        if character in WIDE_SIGNS:
            role = standing_role(role, character)
        wide = own[character] if role == run.role else width(role, character)
        yield Sign(character, role, wide * SIZE_3)


def _natural(signs: Sequence[Sign]) -> float:
    return sum(one.width + SPACING for one in signs)


def _outside(signs: Sequence[Sign]) -> float:
    return signs[-1].width / 2 if signs and signs[-1].character in HALF_AT_END else 0


def _stripped(signs: list[Sign]) -> list[Sign]:
    """Without the blanks at the ends, which part Western words in the middle of a line only."""
    while signs and signs[-1].character == " ":
        signs = signs[:-1]
    while signs and signs[0].character == " ":
        signs = signs[1:]
    return signs


def _line(signs: Sequence[Sign], spacing: float) -> Line:
    grouped = groupby(signs, key=lambda one: one.role)
    return Line(
        tuple(Run(role, "".join(one.character for one in group)) for role, group in grouped),
        round(spacing, 3),
    )
