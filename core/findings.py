"""What was found in something read: a fault, a doubt or a note, as data that any language can word."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping


class Level(StrEnum):
    FAULT = "fault"
    """Must be mended before the row is taken in."""
    DOUBT = "doubt"
    """Is shown; the row may be taken in with the text as written."""
    NOTE = "note"
    """Says what was done with something, such as a hidden sheet that was left out."""


class Suggestion(NamedTuple):
    """A way to mend the cell: what the button says, and the whole new text of the cell."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about one cell.

    ``message`` is an English msgid (marked with ``gettext_noop`` where it is written) and not a
    finished sentence, so that a finding stored yesterday is read in the reader's own language.
    So is a parameter whose name ends in ``_label``, such as the name of a column.
    """

    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    level: Level = Level.DOUBT
    column: str = ""
    cell: str = ""
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def sentence(self) -> str:
        return gettext(self.message) % {
            name: gettext(value) if value and name.endswith("_label") else value
            for name, value in self.params.items()
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "params": dict(self.params),
            "level": self.level.value,
            "column": self.column,
            "cell": self.cell,
            "suggestions": [list(suggestion) for suggestion in self.suggestions],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Finding:
        return cls(
            code=stored["code"],
            message=stored["message"],
            params=stored["params"],
            level=Level(stored["level"]),
            column=stored["column"],
            cell=stored["cell"],
            suggestions=tuple(Suggestion(*pair) for pair in stored["suggestions"]),
        )
