"""What a paper leaves to the pen: tables of facts with room to write, and lines to sign on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Fact", "Facts", "Signatures", "SigningLine"]

# A longer text may be broken at the end of a page; a shorter one goes to the next as a whole.
LONG = 300
# Room for four digits of the year and two of month and day, written by hand.
DATE_TO_WRITE = "　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is known; without it, ``room`` lines are left to be filled in by hand.

    ``is_wide`` gives it the row for itself.
    """

    label: str
    value: str = ""
    is_wide: bool = False
    room: int = 1

    @property
    def is_long(self) -> bool:
        return len(self.value) > LONG


@dataclass(frozen=True, slots=True)
class Facts:
    """A table without a head: one label and its value in a row, or two where ``is_paired``."""

    facts: Sequence[Fact]
    is_paired: bool = False

    @property
    def shares(self) -> list[int]:
        """The columns' shares of the type area in hundredths."""
        return [18, 32, 18, 32] if self.is_paired else [22, 78]

    @property
    def rows(self) -> Iterator[Sequence[Fact]]:
        """The facts by row: one that finds no neighbour has the row for itself."""
        waiting: Fact | None = None
        for fact in self.facts:
            is_alone = fact.is_wide or not self.is_paired
            if waiting and not is_alone:
                yield waiting, fact
                waiting = None
                continue
            if waiting:
                yield (waiting,)
                waiting = None
            if is_alone:
                yield (fact,)
            else:
                waiting = fact
        if waiting:
            yield (waiting,)


@dataclass(frozen=True, slots=True)
class SigningLine:
    """Who signs, without the colon; ``is_dated`` leaves the blanks of a date beside the name."""

    label: str
    is_dated: bool = True

    @property
    def called(self) -> str:
        return f"{self.label.rstrip('：:')}："

    @property
    def dated(self) -> str:
        return DATE_TO_WRITE if self.is_dated else ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, one under the other, on one page with each other and the text before."""

    lines: Sequence[SigningLine]

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("Somebody has to sign.")
