"""From a package to grids of typed cells: visible sheets only, merges known, nothing interpreted yet."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from core import text
from core.workbooks import safety
from core.workbooks.survey import Survey, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.workbooks.safety import Package
    from core.workbooks.survey import Place

Merge = tuple[tuple[int, int], tuple[int, int]]

_SPOKEN = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.")
_YEAR_AND_MONTH_FORMATS = {"17", "27", "36", "50", "52", "57"}
"""Built-in formats that show a year and a month but no day, in a Chinese spreadsheet program."""


class Cell(NamedTuple):
    """What a cell holds as text; ``kind`` where it is not plain text."""

    text: str
    kind: str = ""


EMPTY = Cell("")


@dataclass
class Grid:
    """One visible sheet."""

    name: str
    rows: list[list[Any]]
    merges: list[Merge]
    survey: Survey
    uses_1904: bool = False

    @cached_property
    def origins(self) -> dict[Place, Place]:
        """For each cell hidden under a merge, the cell whose value it shows."""
        origins: dict[Place, Place] = {}
        for (top, left), (bottom, right) in self.merges:
            for row in range(top, min(bottom, len(self.rows) - 1) + 1):
                if (row, left) in origins:
                    break
                for column in range(left, min(right, safety.MOST_COLUMNS) + 1):
                    if (row, column) != (top, left):
                        origins[row, column] = (top, left)
        return origins

    def cell(self, row: int, column: int) -> Cell:
        place = (row, column)
        if error := self.survey.errors.get(place):
            return Cell(error, "error")
        cells = self.rows[row] if row < len(self.rows) else []
        value = cells[column] if column < len(cells) else ""
        if isinstance(value, str):
            if not value and place in self.survey.formulas:
                return Cell("", "formula")
            return Cell(text.storable(value)) if value else EMPTY
        if isinstance(value, dt.date) and place in self.survey.styles:
            return Cell(f"{value.year}年{value.month}月", "date")
        return _typed(value)

    def shown(self, row: int, column: int) -> Cell:
        """What a reader sees there: the cell's own text or that of the merge it lies under."""
        own = self.cell(row, column)
        if not own.text and (origin := self.origins.get((row, column))):
            return self.cell(*origin)
        return own

    def filled(self, row: int) -> Iterator[tuple[int, Cell]]:
        """The cells of a row that hold something themselves."""
        for column in range(self.survey.last_column + 1):
            cell = self.cell(row, column)
            if cell.kind or cell.text.strip():
                yield column, cell


@dataclass(frozen=True, slots=True)
class Sheets:
    visible: list[Grid]
    hidden: list[str]


def _typed(value: object) -> Cell:
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", "number")
    if isinstance(value, int | float):
        return Cell(f"{value:.15g}", "number")
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return Cell(value.date().isoformat() if midnight else f"{value:%Y-%m-%d %H:%M}", "date")
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), "date")
    return Cell(str(value), "time")


def open_sheets(package: Package) -> Sheets:
    """Every visible sheet as a grid, each measured before the parser sees it."""
    try:
        return _open(package)
    except (CalamineError, ExpatError, ET.ParseError, KeyError, ValueError) as fault:
        raise safety.WorkbookRefusedError(
            _("The file is damaged. Open it in Excel or WPS, save it as .xlsx and upload it again.")
        ) from fault


def _open(package: Package) -> Sheets:
    parts = {name.lower(): content for name, content in package.parts.items()}
    where = _where(parts)
    styles = _styles_without_a_day(parts.get("xl/styles.xml", b""))
    uses_1904 = re.search(rb"date1904\s*=\s*[\"'](?:1|true)", parts["xl/workbook.xml"]) is not None
    visible: list[Grid] = []
    hidden: list[str] = []
    with CalamineWorkbook.from_filelike(package.repacked()) as workbook:
        for sheet in workbook.sheets_metadata:
            if "worksheets/" not in where.get(sheet.name, ""):
                continue
            if sheet.visible is not SheetVisibleEnum.Visible:
                hidden.append(sheet.name)
                continue
            xml = parts[where[sheet.name]]
            measured = survey(xml, styles)
            safety.judge_reach(measured)
            safety.judge_repetition(parts.get("xl/sharedstrings.xml", b""), xml)
            read = workbook.get_sheet_by_name(sheet.name)
            rows = list(read.iter_rows())
            visible.append(
                Grid(sheet.name, rows, read.merged_cell_ranges or [], measured, uses_1904)
            )
    return Sheets(visible, hidden)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: ET.Element, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _where(parts: dict[str, bytes]) -> dict[str, str]:
    """Which part holds which sheet."""
    relations = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314 -- unpack refuses definitions
    targets = {
        relation.get("Id", ""): _part_name(relation.get("Target", "")) for relation in relations
    }
    workbook = ET.fromstring(parts["xl/workbook.xml"])  # noqa: S314
    return {
        sheet.get("name", ""): targets.get(_attribute(sheet, "id"), "")
        for sheet in workbook.iter()
        if _local(sheet) == "sheet"
    }


def _part_name(target: str) -> str:
    return (target.lstrip("/") if target.startswith("/") else f"xl/{target}").lower()


def _styles_without_a_day(styles: bytes) -> frozenset[str]:
    """The cell styles that show a date as 2022年6月: its day is not something anybody wrote."""
    if not styles:
        return frozenset()
    root = ET.fromstring(styles)  # noqa: S314
    formats = set(_YEAR_AND_MONTH_FORMATS)
    for element in root.iter():
        if _local(element) == "numFmt":
            code = _SPOKEN.sub("", element.get("formatCode", "")).lower()
            if "y" in code and "m" in code and "d" not in code and "h" not in code:
                formats.add(element.get("numFmtId", ""))
    cell_formats = [xf for table in root if _local(table) == "cellXfs" for xf in table]
    return frozenset(
        str(number) for number, xf in enumerate(cell_formats) if xf.get("numFmtId") in formats
    )
