"""What goes on paper: a template in, a PDF out, and no character lost on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from django.template.loader import render_to_string
from django.utils import translation

from core.glyphs import MissingGlyph, MissingGlyphError, missing_glyphs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Column",
    "Ledger",
    "MissingGlyph",
    "MissingGlyphError",
    "Row",
    "render_ledger",
    "render_pdf",
]


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    language: str = "",
    measures: str = "",
) -> bytes:
    """Render the template onto paper: tagged, with title and language, in our fonts.

    ``measures`` are rules that hold for this one document. The same content gives the same bytes.
    Takes about a second, and one more for every thirty rows of a table: long documents belong
    into a job.
    """
    from core import pdf  # noqa: PLC0415 -- slow import

    language = language or translation.get_language() or "zh-hans"
    with translation.override(language):
        html = render_to_string(
            template, {**context, "document_title": title, "document_language": language}
        )
        if missing := missing_glyphs(html):
            raise MissingGlyphError(missing)
    return pdf.write(html, measures)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ledger; ``width`` is its share, in the measure of the other columns."""

    label: str
    width: int
    is_short: bool = False  # numbers and dates: centred


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a ledger; its name is what an error about a character calls it."""

    name: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A table as offices file it: landscape, header on each page, who filled it in, what is in it."""

    heading: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    paper: Literal["A4", "A3"] = "A4"
    unit: str = ""
    reviewer: str = ""
    date: str = ""
    filters: str = ""
    notes: Sequence[str] = field(default=())

    @property
    def shaped_columns(self) -> list[tuple[Column, int]]:
        """The columns with their share of the paper in whole hundredths."""
        whole = sum(column.width for column in self.columns) or 1
        edges = [
            round(100 * sum(column.width for column in self.columns[:upto]) / whole)
            for upto in range(len(self.columns) + 1)
        ]
        return [
            (column, right - left)
            for column, (left, right) in zip(self.columns, pairwise(edges), strict=True)
        ]

    @property
    def shaped_rows(self) -> list[tuple[str, list[tuple[str, bool]]]]:
        short = [column.is_short for column in self.columns]
        return [(row.name, list(zip(row.cells, short, strict=True))) for row in self.rows]


def render_ledger(ledger: Ledger, *, language: str = "") -> bytes:
    return render_pdf(
        "core/documents/ledger.html",
        {"ledger": ledger, "total": len(ledger.rows)},
        title=ledger.heading,
        language=language,
    )
