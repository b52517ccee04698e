"""Characters that no font has: found before printing, with the place where they stand."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import fonts
from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

EXCERPT = 8
NOT_PRINTED = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
UNREAD = frozenset({"style", "script", "head", "title"})
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character that no font has, and where it stands."""

    character: str
    field: str
    row: str
    excerpt: str

    def __str__(self) -> str:
        facts = {
            "character": self.character,
            "code": f"U+{ord(self.character):04X}",
            "field": self.field,
            "row": self.row,
            "excerpt": self.excerpt,
        }
        if self.field and self.row:
            return (
                _("“%(character)s” (%(code)s) in “%(field)s”, row %(row)s: “%(excerpt)s”") % facts
            )
        if self.field:
            return _("“%(character)s” (%(code)s) in “%(field)s”: “%(excerpt)s”") % facts
        return _("“%(character)s” (%(code)s): “%(excerpt)s”") % facts


class MissingGlyphError(ActionRefusedError):
    """The document holds characters that would print as empty boxes."""

    def __init__(self, missing: list[MissingGlyph]) -> None:
        self.missing = missing
        places = _("; ").join(str(one) for one in missing[:EXCERPT])
        super().__init__(
            _(
                "These characters cannot be printed, no font has them: %(places)s. Replace them, or"
                " add a font that has them."
            )
            % {"places": places}
        )


def missing_glyphs(html: str) -> list[MissingGlyph]:
    """Every character that would not print, once per place."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return list(dict.fromkeys(reader.missing(fonts.coverage())))


@dataclass(slots=True)
class _Place:
    field: str
    row: str
    text: str


@dataclass(slots=True)
class _Table:
    """Where we are in a table: headings by column, and the body's row number."""

    headings: list[str] = field(default_factory=list)
    row: int = 0
    column: int = -1
    in_head: bool = False
    open_cell: bool = False


class _Reader(HTMLParser):
    """Collects the text with its place: ``data-field``, ``data-row``, or column heading and row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._texts: list[_Place] = []
        self._marks: list[tuple[str, str, str]] = []
        self._tables: list[_Table] = []
        self._unread = 0

    def missing(self, covered: frozenset[int]) -> Iterator[MissingGlyph]:
        for place in self._texts:
            if covered.issuperset(map(ord, place.text)):
                continue
            for at, character in enumerate(place.text):
                if ord(character) in covered or not _is_printed(character):
                    continue
                excerpt = place.text[max(at - EXCERPT, 0) : at + EXCERPT + 1].strip()
                yield MissingGlyph(character, place.field, place.row, excerpt)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        given = dict(attrs)
        mark, row = given.get("data-field"), given.get("data-row")
        if tag not in VOID and (mark or row):
            self._marks.append((tag, mark or "", row or ""))
        elif tag not in VOID and any(opened == tag for opened, _m, _r in self._marks):
            self._marks.append((tag, "", ""))
        if tag == "table":
            self._tables.append(_Table())
        elif self._tables:
            self._enter(tag)

    def _enter(self, tag: str) -> None:
        table = self._tables[-1]
        if tag == "thead":
            table.in_head = True
        elif tag == "tr":
            table.column = -1
            table.row += not table.in_head
        elif tag in {"td", "th"}:
            table.column += 1
            table.open_cell = True
            if table.in_head:
                table.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD
        if self._marks and self._marks[-1][0] == tag:
            self._marks.pop()
        if not self._tables:
            return
        if tag == "table":
            self._tables.pop()
        elif tag == "thead":
            self._tables[-1].in_head = False
        elif tag in {"td", "th"}:
            self._tables[-1].open_cell = False

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text or self._unread:
            return
        column, row = self._cell(text)
        mark = next((m for _t, m, _r in reversed(self._marks) if m), column)
        number = next((r for _t, _m, r in reversed(self._marks) if r), row)
        self._texts.append(_Place(mark, number, text))

    def _cell(self, text: str) -> tuple[str, str]:
        if not self._tables or not (table := self._tables[-1]).open_cell:
            return "", ""
        if table.in_head:
            table.headings[-1] += text
            return table.headings[-1], ""
        heading = table.headings[table.column] if table.column < len(table.headings) else ""
        return heading, str(table.row)


def _is_printed(character: str) -> bool:
    """Spaces, controls and variation selectors leave no mark on paper."""
    is_selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
    return not is_selector and unicodedata.category(character) not in NOT_PRINTED
