"""One quick pass over a sheet's XML, before the parser: how far it reaches, and what the parser drops.

The parser reserves the whole rectangle up to the last filled cell, so the rectangle is measured
first. It returns error values and formulas without a stored result as empty cells, so these are
collected here and can be said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(slots=True)
class Survey:
    last_row: int = -1
    last_column: int = -1
    farthest: Place = (0, 0)
    """The first filled cell in the last column."""
    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
    """Formulas whose result is not a text; where the parser gives nothing, none was stored."""
    styles: dict[Place, int] = field(default_factory=dict)
    """The style of each cell whose style was asked about."""


def survey(sheet: bytes, styles: frozenset[str] = frozenset()) -> Survey:
    """Measure a worksheet. ``styles`` are the numbers of the cell styles to note down."""
    surveyor = _Surveyor(styles)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = surveyor.start
    surveyor.parser = parser
    parser.Parse(sheet, True)
    return surveyor.result


class _Surveyor:
    parser: expat.XMLParserType

    def __init__(self, styles: frozenset[str]) -> None:
        self.result = Survey()
        self.wanted_styles = styles
        self.row = self.column = -1
        self.attributes: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            address = attributes.get("r")
            self.column = column_of(address) if address else self.column + 1
            self.attributes = attributes
        elif local in {"v", "is"}:
            self._fill()
        elif local == "row":
            number = attributes.get("r")
            self.row = int(number) - 1 if number else self.row + 1
            self.column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self.result.hidden_rows.add(self.row)
        elif local == "f" and self.attributes.get("t") != "str":
            self.result.formulas.add((self.row, self.column))

    def _fill(self) -> None:
        result = self.result
        result.last_row = max(result.last_row, self.row)
        if self.column > result.last_column:
            result.last_column = self.column
            result.farthest = (self.row, self.column)
        if self.attributes.get("t") == "e":
            self.parser.CharacterDataHandler = self._error
            self.parser.EndElementHandler = self._end_of_error
        if self.wanted_styles and self.attributes.get("s") in self.wanted_styles:
            result.styles[self.row, self.column] = int(self.attributes["s"])

    def _error(self, text: str) -> None:
        self.result.errors[self.row, self.column] = text

    def _end_of_error(self, _name: str) -> None:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None


def column_of(address: str) -> int:
    """The column of an address such as G7, from 0."""
    number = 0
    for sign in address:
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign) - 64
    return number - 1


def letters(column: int) -> str:
    """The letters over a column that is counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"
