"""Where the heading of a sheet is, and which column each heading names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import text
from core.workbooks.columns import EXTRA, JOINT, REMARKS
from core.workbooks.survey import address, letters

if TYPE_CHECKING:
    from core.workbooks.columns import Columns
    from core.workbooks.sheets import Grid

LOOKED_AT = 25
"""Titles, units and dates stand above a table, never a page of them."""
FEWEST = 2
"""One word that we know may stand in a title; two in one row are a heading."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the sheet; without ``columns`` it is one that we do not know."""

    index: int
    cell: str
    text: str
    columns: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the cells below are kept under."""
        return JOINT.join(self.columns) or f"{EXTRA}{self.text or letters(self.index)}"

    def as_json(self) -> dict[str, object]:
        return {
            "cell": self.cell,
            "heading": self.text,
            "columns": list(self.columns),
            "key": self.key,
        }


@dataclass(frozen=True, slots=True)
class HeadingRow:
    row: int
    headings: tuple[Heading, ...]

    @property
    def known(self) -> frozenset[str]:
        return frozenset(name for heading in self.headings for name in heading.columns)

    @property
    def unknown(self) -> tuple[Heading, ...]:
        return tuple(heading for heading in self.headings if not heading.columns)


def find(grid: Grid, columns: Columns) -> HeadingRow | None:
    """The row among the first that names most of our columns, the upper one of equals."""
    best: HeadingRow | None = None
    for row in range(min(LOOKED_AT, len(grid.rows))):
        candidate = _read(grid, row, columns)
        if len(candidate.known) >= FEWEST and len(candidate.known) > len(
            best.known if best else ()
        ):
            best = candidate
    return best


def _read(grid: Grid, row: int, columns: Columns) -> HeadingRow:
    headings: list[Heading] = []
    taken: set[str] = set()
    used: Counter[str] = Counter()
    for index in range(grid.survey.last_column + 1):
        heading, names = _one(grid, row, index, columns)
        if not heading or text.key(heading) in REMARKS.keys:
            continue
        if taken.intersection(names):
            names = ()
        taken.update(names)
        used[heading] += 1
        if not names and used[heading] > 1:
            heading = f"{heading} ({letters(index)})"
        headings.append(Heading(index, address(row, index), heading, names))
    return HeadingRow(row, tuple(headings))


def _one(grid: Grid, row: int, index: int, columns: Columns) -> tuple[str, tuple[str, ...]]:
    """A heading of one row, or of two: a group over it, or a cell that spans both rows."""
    own = text.clean(grid.cell(row, index).text)
    above = text.clean(grid.shown(row - 1, index).text) if row else ""
    if own:
        grouped = columns.named(f"{above}{own}") if above else ()
        return own, grouped or columns.named(own)
    if above and (row, index) in grid.origins and grid.origins[row, index][0] == row - 1:
        return above, columns.named(above)
    if above and columns.named(above) and (row, index) not in grid.origins:
        return above, columns.named(above)
    return "", ()
