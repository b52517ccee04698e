"""Finds the tables in an upload: heading, rows, and what around them is not a row of the list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import text
from core.findings import Finding, Level
from core.workbooks import headings as headings_in
from core.workbooks import safety
from core.workbooks.columns import REMARKS, Columns, Kind
from core.workbooks.headings import Heading, HeadingRow
from core.workbooks.safety import WorkbookRefusedError
from core.workbooks.sheets import Cell, Grid, open_sheets
from core.workbooks.survey import address

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOOTER = re.compile(
    r"(?:填报|填表|制表|审核|审批|复核|经办|联系|负责|报送|签发|主管|分管|主要|单位)(?:人|单位|部门|日期|时间|领导|电话|负责人)+[:(]"
    r"|(?:联系电话|电话|日期|时间|单位|签字|签名|盖章|公章)[:(]"
    r"|(?:备注|附注|填表说明|填报说明|说明|注)\d?[:.]"
    r"|(?:合计|总计|小计|共计)"
)
_NOTES = {
    "sheet_hidden": gettext_noop("Sheet “%(sheet)s” is hidden and was left out."),
    "sheet_without_heading": gettext_noop(
        "Sheet “%(sheet)s” has no heading that we know and was left out."
    ),
    "footer": gettext_noop("Row %(row)s is a line below the table and was left out: “%(text)s”"),
    "line": gettext_noop("Row %(row)s is a line across the table and was left out: “%(text)s”"),
    "heading_again": gettext_noop("Row %(row)s repeats the heading and was left out."),
    "only_numbers": gettext_noop(
        "%(count)s rows hold nothing but a serial number and were left out, the first of them row %(row)s."
    ),
    "hidden_rows": gettext_noop(
        "%(count)s rows are hidden in the sheet and were read like the others, the first of them row %(row)s."
    ),
    "unknown_column": gettext_noop(
        "Column “%(heading)s” is not known here; its texts are kept with the rows."
    ),
    "two_in_one": gettext_noop("“%(heading)s” asks for two things in one cell."),
}
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a list: its number in the sheet, and its cells by column."""

    sheet: str
    number: int
    cells: dict[str, dict[str, str]]


@dataclass
class Table:
    """The list in one sheet."""

    grid: Grid
    heading: HeadingRow
    rows: list[int] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        return self.grid.name

    @property
    def headings(self) -> tuple[Heading, ...]:
        return self.heading.headings

    def records(self) -> Iterator[Record]:
        for row in self.rows:
            yield Record(self.sheet, row + 1, dict(self._cells(row)))

    def _cells(self, row: int) -> Iterator[tuple[str, dict[str, str]]]:
        for heading in self.headings:
            cell = self.grid.cell(row, heading.index)
            facts = {"text": cell.text, "cell": address(row, heading.index)}
            if cell.kind:
                facts["kind"] = cell.kind
                if cell.kind == "number" and self.grid.uses_1904:
                    facts["epoch"] = "1904"
            elif not cell.text:
                facts |= self._from_above(row, heading.index)
            if heading.columns or facts["text"]:
                yield heading.key, facts

    def _from_above(self, row: int, column: int) -> dict[str, str]:
        """A cell merged over several rows speaks for each of them."""
        origin = self.grid.origins.get((row, column))
        if origin is None or origin[1] != column or origin[0] <= self.heading.row:
            return {}
        return {"text": self.grid.cell(*origin).text, "from": address(*origin)}


@dataclass(frozen=True, slots=True)
class Book:
    """All lists of a workbook, and what is to be said about the rest of it."""

    tables: tuple[Table, ...]
    notes: tuple[Finding, ...]

    @property
    def number_of_rows(self) -> int:
        return sum(len(table.rows) for table in self.tables)

    def records(self) -> Iterator[Record]:
        for table in self.tables:
            yield from table.records()

    def columns_json(self) -> dict[str, list[dict[str, object]]]:
        return {
            table.sheet: [heading.as_json() for heading in table.headings] for table in self.tables
        }

    def notes_json(self) -> list[dict[str, Any]]:
        return [note.as_json() for note in self.notes]


def read(file: IO[bytes] | bytes, name: str, columns: Columns) -> Book:
    """Every row of every visible list in the workbook, or a refusal that says what to do."""
    sheets = open_sheets(safety.unpack(file, name))
    notes = [_note("sheet_hidden", sheet=sheet) for sheet in sheets.hidden]
    tables: list[Table] = []
    for grid in sheets.visible:
        heading = headings_in.find(grid, columns)
        if heading and all(column.name in heading.known for column in columns.required):
            tables.append(_table(grid, heading, columns))
        elif grid.rows:
            notes.append(_note("sheet_without_heading", sheet=grid.name))
    if not tables:
        raise WorkbookRefusedError(_no_heading(sheets.visible, columns))
    book = Book(tuple(tables), (*notes, *(note for table in tables for note in table.notes)))
    _judge_number(book)
    return book


def _judge_number(book: Book) -> None:
    if not book.number_of_rows:
        raise WorkbookRefusedError(
            _("There are no rows below the heading in row %(row)s.")
            % {"row": book.tables[0].heading.row + 1}
        )
    if book.number_of_rows > safety.MOST_ROWS:
        raise WorkbookRefusedError(
            _(
                "The file has %(count)s rows; %(limit)s at most are taken. Split the list into several files."
            )
            % {"count": book.number_of_rows, "limit": safety.MOST_ROWS}
        )


def _no_heading(grids: list[Grid], columns: Columns) -> str:
    """Name what is missing, and beside it the heading that was found, if one was."""
    for grid in grids:
        if heading := headings_in.find(grid, columns):
            missing = [column for column in columns.required if column.name not in heading.known]
            return _(
                "The heading in row %(row)s of sheet “%(sheet)s” has no column “%(missing)s”. Found there: %(found)s."
            ) % {
                "row": heading.row + 1,
                "sheet": grid.name,
                "missing": _(", ").join(str(column.label) for column in missing),
                "found": _(", ").join(found.text for found in heading.headings),
            }
    return _(
        "No heading was found in the first %(rows)s rows. The list needs a row with headings such as: %(headings)s."
    ) % {
        "rows": headings_in.LOOKED_AT,
        "headings": _(", ").join(str(column.label) for column in list(columns)[:6]),
    }


def _note(code: str, cell: str = "", **params: str | int) -> Finding:
    return Finding(f"workbook.{code}", _NOTES[code], params, Level.NOTE, cell=cell)


def _table(grid: Grid, heading: HeadingRow, columns: Columns) -> Table:
    sorter = _Sorter(grid, heading, columns)
    for row in range(heading.row + 1, len(grid.rows)):
        sorter.take(row)
    return sorter.table()


class _Sorter:
    """Tells the rows of a list from the lines around them."""

    def __init__(self, grid: Grid, heading: HeadingRow, columns: Columns) -> None:
        self.grid = grid
        self.heading = heading
        self.headed = {found.index: text.key(found.text) for found in heading.headings}
        self.passed_over = {
            column
            for column, cell in grid.filled(heading.row)
            if text.key(cell.text) in REMARKS.keys
        }
        self.required = {
            found.index
            for found in heading.headings
            if any(columns[name].required for name in found.columns)
        }
        self.numbers = {
            found.index
            for found in heading.headings
            if found.columns and columns[found.columns[0]].kind is Kind.NUMBER
        }
        self.rows: list[int] = []
        self.only_numbers: list[int] = []
        self.without_heading: dict[int, Heading] = {}
        self.notes: list[Finding] = []

    def take(self, row: int) -> None:
        cells = self.grid.filled(row)
        filled = {column: cell for column, cell in cells if column not in self.passed_over}
        if not filled:
            return
        if filled.keys() <= self.numbers and not _is_words(filled):
            self.only_numbers.append(row)
        elif code := self._what_else(row, filled):
            first = " ".join(next(iter(filled.values())).text.split())
            self._say(code, address(row, next(iter(filled))), row=row + 1, text=first[:_SHOWN])
        else:
            self.rows.append(row)
            for column in filled.keys() - self.headed.keys() - self.without_heading.keys():
                self.without_heading[column] = Heading(
                    column, address(self.heading.row, column), ""
                )

    def _what_else(self, row: int, filled: dict[int, Cell]) -> str:
        """A line that belongs to the page and not to the list, if it is one."""
        headed = [column for column in filled if column in self.headed]
        again = sum(text.key(filled[column].text) == self.headed[column] for column in headed)
        if again > 1 and again * 2 > len(self.headed):
            return "heading_again"
        if not self.required.isdisjoint(filled) and len(filled) > 1:
            return ""
        first, cell = next(iter(filled.items()))
        if _FOOTER.match("".join(text.plain(cell.text).split())):
            return "footer"
        is_across = self.grid.origins.get((row, first + 1)) == (row, first)
        return "line" if len(filled) == 1 and is_across else ""

    def _say(self, code: str, cell: str, **params: str | int) -> None:
        self.notes.append(_note(code, cell, sheet=self.grid.name, **params))

    def table(self) -> Table:
        """The rows that are left, once it is known what was said about the others."""
        headings = (*self.heading.headings, *self.without_heading.values())
        heading = HeadingRow(
            self.heading.row, tuple(sorted(headings, key=lambda found: found.index))
        )
        for unknown in heading.unknown:
            self._say("unknown_column", unknown.cell, heading=unknown.key[1:])
        for found in heading.headings:
            if len(found.columns) > 1:
                self._say("two_in_one", found.cell, heading=found.text)
        self._say_rows("only_numbers", self.only_numbers)
        hidden = self.grid.survey.hidden_rows
        self._say_rows("hidden_rows", [row for row in self.rows if row in hidden])
        return Table(self.grid, heading, self.rows, self.notes)

    def _say_rows(self, code: str, rows: list[int]) -> None:
        if rows:
            self._say(code, count=len(rows), row=rows[0] + 1, cell="")


def _is_words(filled: dict[int, Cell]) -> bool:
    """Whether the column of numbers holds something else, such as the first words of a footer."""
    return any(
        not re.fullmatch(r"[\d.\-()、\s]+", text.plain(cell.text)) for cell in filled.values()
    )
