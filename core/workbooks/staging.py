"""A row before it is taken in: what it reads, what it means, and what a person should look at.

Pure: the rows wait in tables elsewhere, as JSON; mending a cell is new text, and the row is checked
again as if it had been written so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from core import text as text_of
from core.findings import Finding, Level
from core.workbooks import values
from core.workbooks.columns import EXTRA, JOINT, Columns, Kind
from core.workbooks.names import Names
from core.workbooks.values import Directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.workbooks.columns import Column
    from core.workbooks.reading import Book

Cells = dict[str, dict[str, str]]

_UNITS = {Kind.UNIT, Kind.UNITS}
_SPLITS = re.compile(r"[/／\n]")
_NOT_TEXT = {
    "error": gettext_noop("The cell holds the error %(text)s instead of a value."),
    "formula": gettext_noop(
        "The cell holds a formula whose result was not saved. Open the file, save it and upload it again, or type the value."
    ),
}
_MISSING = gettext_noop("“%(column_label)s” is missing.")
_NOT_SPLIT = gettext_noop(
    "The heading asks for two things here; all of it was read as “%(column_label)s”, and “%(other_label)s” is empty."
)
_SHARED = gettext_noop(
    "The text is that of row %(row)s (merged cells); this row becomes one of its own."
)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row as it stands now, with what was mended."""

    written: dict[str, str]
    texts: dict[str, str]
    values: dict[str, Any]
    extra: dict[str, str]
    findings: tuple[Finding, ...] = ()

    @property
    def has_faults(self) -> bool:
        return any(finding.level is Level.FAULT for finding in self.findings)

    def findings_json(self) -> list[dict[str, Any]]:
        return [finding.as_json() for finding in self.findings]

    def with_findings(self, more: Iterable[Finding]) -> CheckedRow:
        return replace(self, findings=(*self.findings, *more))


@dataclass(frozen=True, slots=True)
class StagedRecord:
    """A row of a workbook, ready to be put aside."""

    sheet: str
    number: int
    cells: Cells
    checked: CheckedRow

    @property
    def values(self) -> dict[str, Any]:
        return self.checked.values

    @property
    def texts(self) -> dict[str, str]:
        return self.checked.texts

    @property
    def has_faults(self) -> bool:
        return self.checked.has_faults

    def findings_json(self) -> list[dict[str, Any]]:
        return self.checked.findings_json()


@dataclass(slots=True)
class _Part:
    """What stands in one column of a row: its text now, its cell, and what the cell was."""

    text: str = ""
    written: str = ""
    cell: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    other: tuple[str, str] | None = None
    """Of a cell for two that was not split: this column and the one that stays empty."""

    def not_split(self, *, is_clear: bool) -> Iterator[Finding]:
        """Worth a note where all of it is understood, a doubt where a sign stands that may split it."""
        if self.other:
            is_clear = is_clear and not _SPLITS.search(self.text)
            level = Level.NOTE if is_clear else Level.DOUBT
            params = dict(zip(("column_label", "other_label"), self.other, strict=True))
            yield Finding("cell.not_split", _NOT_SPLIT, params, level)


class Checker:
    """Checks rows of one kind of list, against one directory of units and people."""

    def __init__(
        self,
        columns: Columns,
        *,
        units: Names | None = None,
        people: Names | None = None,
        year: int | None = None,
    ) -> None:
        self.columns = columns
        self.directory = Directory(units or Names(), people or Names(), year)

    def check_row(self, cells: Cells, mended: Mapping[str, str] | None = None) -> CheckedRow:
        """Read the row anew, with the mended texts in place of the written ones."""
        parts = self._parts(cells, mended or {})
        read: dict[str, Any] = {}
        findings: list[Finding] = []
        for column in self.columns:
            part = parts.get(column.name) or _Part()
            value, found = self._value(column, part)
            read[column.name] = value
            findings += (
                replace(finding, column=column.name, cell=part.cell)
                for finding in (*part.not_split(is_clear=not found), *found)
            )
        return CheckedRow(
            {name: part.written for name, part in parts.items()},
            {name: part.text for name, part in parts.items()},
            read,
            {name[1:]: facts["text"] for name, facts in cells.items() if name.startswith(EXTRA)},
            tuple(findings),
        )

    def _parts(self, cells: Cells, mended: Mapping[str, str]) -> dict[str, _Part]:
        """The columns of the row, cells that hold two of them taken apart."""
        parts: dict[str, _Part] = {}
        for name, facts in cells.items():
            if name.startswith(EXTRA):
                continue
            if JOINT in name:
                parts |= self._two(name, facts, mended)
            else:
                parts[name] = _Part(facts["text"], facts["text"], facts["cell"], facts)
        for name, new in mended.items():
            if name in self.columns:
                old = parts.get(name) or _Part()
                parts[name] = _Part(new, old.written, old.cell)
        return parts

    def _two(
        self, joined: str, facts: Mapping[str, str], mended: Mapping[str, str]
    ) -> dict[str, _Part]:
        first, second = joined.split(JOINT)[:2]
        whole = mended.get(joined, facts["text"])
        texts = self._taken_apart(self.columns[first], self.columns[second], whole)
        parts = {
            name: _Part(text, facts["text"], facts["cell"], facts)
            for name, text in zip((first, second), texts, strict=True)
        }
        named = [name for name, part in parts.items() if text_of.clean(part.text)]
        if len(named) == 1 and parts.keys().isdisjoint(mended):
            other = second if named == [first] else first
            parts[named[0]].other = (self.columns[named[0]].msgid, self.columns[other].msgid)
        return parts

    def _taken_apart(self, first: Column, second: Column, whole: str) -> tuple[str, str]:
        """Cut at the slash; at a line break only where the second line is not a unit as well."""
        for separator in (r"[/／]", r"\n"):
            pieces = [piece.strip() for piece in re.split(separator, whole.strip(), maxsplit=1)]
            if len(pieces) == 2 and not self._both_units(first, second, pieces):
                return pieces[0], pieces[1]
        if second.kind in _UNITS and first.kind not in _UNITS and self._is_unit(whole):
            return "", whole
        return whole, ""

    def _both_units(self, first: Column, second: Column, pieces: list[str]) -> bool:
        if (first.kind in _UNITS) == (second.kind in _UNITS):
            return False
        return all(self._is_unit(piece) for piece in pieces)

    def _is_unit(self, text: str) -> bool:
        """Whether the directory knows it, or, for one it does not know, whether it is called like one."""
        known = self.directory.units.match(text).found
        return bool(known) or (
            not self.directory.people.match(text).found
            and bool(_LIKE_A_UNIT.search(text_of.plain(text)))
        )

    def _value(self, column: Column, part: _Part) -> tuple[Any, list[Finding]]:
        if message := _NOT_TEXT.get(part.facts.get("kind", "")):
            level = Level.FAULT if column.required else Level.DOUBT
            said = Finding("cell.not_text", message, {"text": part.text}, level)
            return values.read(column, "", self.directory).value, [said]
        if column.required and not text_of.clean(part.text):
            missing = Finding("cell.missing", _MISSING, {"column_label": column.msgid}, Level.FAULT)
            return values.read(column, "", self.directory).value, [missing]
        epoch = int(part.facts.get("epoch", "1900"))
        value, found = values.read(column, part.text, self.directory, epoch)
        findings = list(found)
        if column.required and (origin := part.facts.get("from")):
            findings.append(Finding("cell.shared", _SHARED, {"row": re.sub(r"\D", "", origin)}))
        return value, findings


_LIKE_A_UNIT = re.compile(r"(?:科|室|部|处|办|办公室|中心|委|院|站|所|系统|机关|工会)$")


def rows(book: Book, checker: Checker) -> Iterator[StagedRecord]:
    """Every row of the workbook, read and checked, one at a time."""
    for record in book.records():
        yield StagedRecord(
            record.sheet, record.number, record.cells, checker.check_row(record.cells)
        )
