"""Lists as workbooks that print well and come back in: the same registry that reads them."""

from __future__ import annotations

import datetime as dt
import io
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.numbers import FORMAT_DATE_YYYYMMDD2
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from core.findings import Finding, Level
from core.text import key, storable
from core.workbooks import safety
from core.workbooks.columns import REMARKS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from core.workbooks.columns import Column, Columns

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula by a spreadsheet program."""
LONGEST_CELL = 32_767
PAPERS = {"A4": 9, "A3": 8}
DATE_FORMAT = FORMAT_DATE_YYYYMMDD2
MOMENT_FORMAT = "yyyy-mm-dd hh:mm"

_LINE = Side(style="thin", color="B8C0CC")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADING_FILL = PatternFill("solid", fgColor="E8EDF4")
_TITLE = {"font": Font(size=16, bold=True), "alignment": Alignment(horizontal="center")}
_HEADING = {
    "font": Font(bold=True),
    "fill": _HEADING_FILL,
    "border": _BORDER,
    "alignment": Alignment(horizontal="center", vertical="center", wrap_text=True),
}
_CENTRED = {Kind.NUMBER, Kind.CHOICE, Kind.YES_NO, Kind.DATE}
_FILLS = {
    Level.FAULT: PatternFill("solid", fgColor="F8D7DA"),
    Level.DOUBT: PatternFill("solid", fgColor="FFF3CD"),
}


def write(
    file: IO[bytes],
    columns: Columns,
    rows: Iterable[Mapping[str, Any]],
    *,
    title: str = "",
    lines: Sequence[str] = (),
    sheet: str = "",
    paper: str = "A4",
) -> int:
    """Write the rows in constant memory and return how many they were.

    ``lines`` stand below the title and say what the list is: its filter, its date, who made it.
    """
    workbook = Workbook(write_only=True)
    worksheet: Any = workbook.create_sheet(_sheet_name(sheet or title))
    kinds = list(columns)
    heading_row = _set_up(worksheet, kinds, title, lines, paper)
    for line, style in [(title, _TITLE), *((line, {}) for line in lines)]:
        if line:
            worksheet.append([_styled(worksheet, line, **style)])
    worksheet.append([_styled(worksheet, str(column.label), **_HEADING) for column in kinds])
    as_cells = _Cells(worksheet, kinds)
    count = 0
    for row in rows:
        worksheet.append(as_cells(row))
        count += 1
    last = f"{get_column_letter(len(kinds))}{heading_row + count}"
    worksheet.auto_filter.ref = f"A{heading_row}:{last}"
    worksheet.print_area = f"A1:{last}"
    workbook.save(file)
    return count


def _set_up(
    worksheet: Any, columns: list[Column], title: str, lines: Sequence[str], paper: str
) -> int:
    """All that must be said before the first row; returns the row of the heading."""
    above = bool(title) + sum(bool(line) for line in lines)
    width = len(columns)
    for row in range(1, above + 1):
        if width > 1:
            worksheet.merged_cells.ranges.add(f"A{row}:{get_column_letter(width)}{row}")
    for number, column in enumerate(columns, 1):
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
    heading_row = above + 1
    worksheet.freeze_panes = f"A{heading_row + 1}"
    worksheet.print_title_rows = f"{heading_row}:{heading_row}"
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = PAPERS[paper]
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.page_margins.left = worksheet.page_margins.right = 0.4
    worksheet.print_options.horizontalCentered = True
    worksheet.oddFooter.center.text = _("Page %(page)s of %(pages)s") % {
        "page": "&P",
        "pages": "&N",
    }
    return heading_row


def _sheet_name(wanted: str) -> str:
    """At most 31 characters, none of those that a sheet's name may not have."""
    return "".join(sign for sign in wanted if sign not in "[]:*?/\\'")[:31].strip() or "Sheet1"


def _styled(worksheet: Any, value: Any, **style: Any) -> Any:
    cell = WriteOnlyCell(worksheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    for name, kind in style.items():
        setattr(cell, name, kind)
    return cell


class _StyledCell(Cell):
    """A cell that is filled again and again: its style is looked up once, and its kind of value is
    known to whoever fills it.
    """

    __slots__ = ("_style_known",)
    has_style = True

    @property
    def style_id(self) -> int:
        try:
            return self._style_known
        except AttributeError:
            self._style_known: int = super().style_id
            return self._style_known

    def __repr__(self) -> str:
        """openpyxl puts it into an error for each styled cell, which it catches itself."""
        return type(self).__name__

    def hold(self, value: Any, kind: str) -> None:
        self._value, self.data_type = value, kind


class _Cells:
    """Turns a mapping into the cells of a row.

    Each column has three cells, for text, dates and moments, which are styled once and filled anew
    for every row: the sheet has written a row before it asks for the next.
    """

    def __init__(self, worksheet: Any, columns: list[Column]) -> None:
        self.names = [column.name for column in columns]
        self.texts = [self._cell_of(worksheet, column) for column in columns]
        self.dates = [self._cell_of(worksheet, column, DATE_FORMAT) for column in columns]
        self.moments = [self._cell_of(worksheet, column, MOMENT_FORMAT) for column in columns]

    def _cell_of(self, worksheet: Any, column: Column, number_format: str = "") -> Any:
        cell = _StyledCell(worksheet, 1, 1)
        cell.border = _BORDER
        cell.alignment = Alignment(
            horizontal="center" if column.kind in _CENTRED else None,
            vertical="center",
            wrap_text=True,
        )
        if number_format:
            cell.number_format = number_format
        return cell

    def __call__(self, row: Mapping[str, Any]) -> list[Any]:
        return [self._filled(place, row.get(name)) for place, name in enumerate(self.names)]

    def _filled(self, place: int, value: Any) -> Any:
        if isinstance(value, dt.datetime):
            cell, value, kind = self.moments[place], _local(value), "d"
        elif isinstance(value, dt.date):
            cell, kind = self.dates[place], "d"
        else:
            cell, value = self.texts[place], _plain(value)
            kind = "s" if isinstance(value, str) else "n"
        cell.hold(value, kind)
        return cell


def _plain(value: Any) -> str | float | None:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or isinstance(value, int | float):
        return value
    return storable(str(value))[:LONGEST_CELL]


def _local(moment: dt.datetime) -> dt.datetime:
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def annotated(
    original: bytes,
    rows: Iterable[tuple[str, int, Iterable[Finding]]],
    headings: Mapping[str, Sequence[Mapping[str, Any]]],
) -> bytes:
    """The uploaded file as it is, with a last column that says what is wrong in each row.

    ``headings`` is what reading said of the columns, by sheet.
    """
    workbook = load_workbook(io.BytesIO(safety.unpack(original).original))
    margins = {sheet: _Margin(workbook[sheet], found) for sheet, found in headings.items() if found}
    for sheet, number, findings in rows:
        margins[sheet].say(number, list(findings))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


class _Margin:
    """The column of remarks beside one sheet's list; one from an earlier time is written over."""

    def __init__(self, worksheet: Worksheet, headings: Sequence[Mapping[str, Any]]) -> None:
        self.worksheet = worksheet
        row, _column = coordinate_to_tuple(headings[0]["cell"])
        self.column = self._free_column(row)
        self.words = {Level.FAULT: _("Fault"), Level.DOUBT: _("Doubt"), Level.NOTE: _("Note")}
        head = worksheet.cell(row, self.column)
        head.value = str(REMARKS.label)
        head.font = Font(bold=True)
        head.alignment = Alignment(horizontal="center", vertical="center")
        worksheet.column_dimensions[get_column_letter(self.column)].width = 48

    def _free_column(self, heading_row: int) -> int:
        for cell in self.worksheet[heading_row]:
            if cell.column and cell.value is not None and key(str(cell.value)) in REMARKS.keys:
                return cell.column
        filled = (
            cell.column or 0
            for row in self.worksheet.iter_rows()
            for cell in row
            if cell.value is not None
        )
        merged = (merge.max_col for merge in self.worksheet.merged_cells.ranges)
        return min(max(chain(filled, merged)), safety.MOST_COLUMNS) + 1

    def say(self, number: int, findings: list[Finding]) -> None:
        cell = self.worksheet.cell(number, self.column)
        ranked = sorted(findings, key=lambda found: list(Level).index(found.level))
        remarks = (
            _("%(level)s %(cell)s: %(sentence)s")
            % {"level": self.words[one.level], "cell": one.cell, "sentence": one.sentence}
            for one in ranked
        )
        cell.value = storable("\n".join(remarks))[:LONGEST_CELL] or None
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        for found in reversed(ranked):
            if found.level in _FILLS:
                cell.fill = _FILLS[found.level]
                if found.cell:
                    self.worksheet[found.cell].fill = _FILLS[found.level]
