"""An official paper as its parts, before anybody chose ink or a file format."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from core.official.forms import Facts, Signatures

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from core.documents import Column, Row

__all__ = [
    "Attachment",
    "Block",
    "Heading",
    "Layout",
    "Number",
    "OfficialPaper",
    "Paragraph",
    "RunIn",
    "Table",
    "numbered",
]

NUMERALS = "〇一二三四五六七八九"
LEVELS = 4
DRAFT_WORDS = "代拟稿"
COPIES_LABEL = "抄送："
NOTE_LABEL = "附件："
APPROVER_LABEL = "签发人："


class Layout(enum.Enum):
    """The ordinary form, or that of a letter (信函格式, 10.1)."""

    ORDINARY = "ordinary"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Number:
    """The document number: the organ's code, the year in six-corner brackets, a bare serial.

    GB/T 9704-2012, 7.2.5: four digits of the year, no leading zero, no 第. A draft has the code
    only; the blanks for the rest are printed.
    """

    code: str
    year: int | None = None
    serial: int | None = None

    @property
    def is_complete(self) -> bool:
        return self.year is not None and self.serial is not None

    def __str__(self) -> str:
        if not self.is_complete:
            return f"{self.code}〔　　〕　号"
        return f"{self.code}〔{self.year}〕{self.serial}号"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text, indented by two characters unless it is flush.

    ``field`` is what an error about a character calls the place, in the user's language.
    """

    text: str
    field: str = ""
    is_flush: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading on a line of its own, numbered by the paper: 一、 （一） 1. （1） (7.3.3)."""

    level: int
    text: str
    field: str = ""

    def __post_init__(self) -> None:
        _require_level(self.level)


@dataclass(frozen=True, slots=True)
class RunIn:
    """A numbered heading that its text follows on the same line."""

    level: int
    text: str
    body: str
    field: str = ""

    def __post_init__(self) -> None:
        _require_level(self.level)


@dataclass(frozen=True, slots=True)
class Table:
    """A simple table over the whole type area; its widths are shares of one another."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    caption: str = ""

    @property
    def shares(self) -> list[int]:
        """The columns' shares of the type area in whole hundredths."""
        whole = sum(column.width for column in self.columns) or 1
        edges = [
            round(100 * sum(column.width for column in self.columns[:upto]) / whole)
            for upto in range(len(self.columns) + 1)
        ]
        return [right - left for left, right in pairwise(edges)]

    @property
    def shaped_rows(self) -> list[tuple[str, list[tuple[str, bool]]]]:
        """The rows by name, each cell with whether it is short."""
        short = [column.is_short for column in self.columns]
        return [(row.name, list(zip(row.cells, short, strict=True))) for row in self.rows]


Block = Paragraph | Heading | RunIn | Table | Facts | Signatures


@dataclass(frozen=True, slots=True)
class Attachment:
    """What follows on a page of its own, before the imprint (7.3.7)."""

    title: str
    body: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialPaper:
    """A paper to GB/T 9704-2012; with no ``mark``, the plain style without anything red.

    ``mark`` is the issuing organ's own red head (发文机关标志); that of a letter is the organ's name
    alone. ``approver`` signs off what goes to a superior (签发人, 7.2.6). A draft has neither a complete
    number nor a date, shows the blanks, and says 代拟稿 on every page; anything else has its date,
    and its number is complete where it has one. ``has_seal`` leaves room for a seal of 42 mm.
    ``printed_by`` and ``printed_on`` are the office and the day of the imprint; a letter has neither.
    """

    title: str
    body: Sequence[Block]
    layout: Layout = Layout.ORDINARY
    mark: str = ""
    number: Number | None = None
    approver: str = ""
    recipient: str = ""
    attachments: Sequence[Attachment] = ()
    signature: str = ""
    date: datetime.date | None = None
    has_seal: bool = False
    note: str = ""
    copies_to: Sequence[str] = ()
    printed_by: str = ""
    printed_on: datetime.date | None = None
    is_draft: bool = False
    author: str = ""
    subject: str = ""

    def __post_init__(self) -> None:
        is_numbered = self.number is not None and self.number.is_complete
        if self.is_draft and (is_numbered or self.date):
            raise ValueError("A draft has neither number nor date.")
        if not self.is_draft and self.number is not None and not is_numbered:
            raise ValueError("Only a draft has a number without year and serial.")
        if not self.is_draft and self.signature and not self.date:
            raise ValueError("Only a draft is signed without a date.")
        if self.is_letter and (self.printed_by or self.printed_on):
            raise ValueError("The imprint of a letter names neither office nor day of printing.")
        if self.approver and (self.is_letter or not self.mark):
            raise ValueError("Only a paper with a red head, and no letter, names who approved it.")

    @property
    def is_letter(self) -> bool:
        return self.layout is Layout.LETTER

    @property
    def draft_words(self) -> str:
        return DRAFT_WORDS

    @property
    def copies_label(self) -> str:
        return COPIES_LABEL

    @property
    def numbered_as(self) -> str:
        return str(self.number or "")

    @property
    def approver_label(self) -> str:
        return APPROVER_LABEL

    @property
    def addressed(self) -> str:
        """The main recipient with the full-width colon that ends it (7.3.2)."""
        return f"{self.recipient.rstrip('：:')}：" if self.recipient else ""

    @property
    def dated(self) -> str:
        """The date in Arabic digits without leading zeros (7.3.5.4); of a signed draft, its blanks."""
        if self.date is None:
            return "　　年　月　日" if self.is_draft and self.signature else ""
        return written_date(self.date)

    @property
    def noted(self) -> str:
        """The note in its round brackets (7.3.6)."""
        return f"（{self.note.strip('（）')}）" if self.note else ""

    @property
    def copied(self) -> str:
        """The organs that get a copy, ended by a full stop (7.4.2)."""
        return f"{'，'.join(self.copies_to)}。" if self.copies_to else ""

    @property
    def printed(self) -> str:
        """The day of printing with its two closing characters (7.4.3)."""
        if self.printed_on:
            return f"{written_date(self.printed_on)}印发"
        return "　　年　月　日印发" if self.is_draft else ""

    @property
    def has_imprint(self) -> bool:
        return bool(self.copies_to or self.printed_by)

    @property
    def labelled_attachments(self) -> list[tuple[str, Attachment]]:
        """附件 when there is one, 附件1, 附件2 … when there are several."""
        if len(self.attachments) == 1:
            return [("附件", self.attachments[0])]
        return [(f"附件{at}", one) for at, one in enumerate(self.attachments, 1)]

    @property
    def attachment_notes(self) -> list[tuple[str, str]]:
        """The lines under the text that name the attachments, label and title (7.3.4)."""
        if len(self.attachments) == 1:
            return [(NOTE_LABEL, self.attachments[0].title)]
        return [
            (f"{NOTE_LABEL if at == 1 else ''}{at}.", one.title)
            for at, one in enumerate(self.attachments, 1)
        ]


def written_date(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def numbered(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """The blocks with the number of each heading; a higher heading starts the lower ones anew."""
    counts = [0] * LEVELS
    for block in blocks:
        if not isinstance(block, Heading | RunIn):
            yield block, ""
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (LEVELS - block.level)
        yield block, heading_number(block.level, counts[block.level - 1])


def heading_number(level: int, count: int) -> str:
    """一、 （一） 1. （1）: the numbers of the four levels (7.3.3)."""
    return {
        1: f"{chinese(count)}、",
        2: f"（{chinese(count)}）",
        3: f"{count}.",
        4: f"（{count}）",
    }[level]


def chinese(count: int) -> str:
    """The number from 1 to 99 as it is said: 一, 十, 十二, 二十, 二十一."""
    tens, ones = divmod(count, 10)
    head = {0: "", 1: "十"}.get(tens, f"{NUMERALS[tens % 10]}十")
    return head + (NUMERALS[ones] if ones else "")


def _require_level(level: int) -> None:
    if not 1 <= level <= LEVELS:
        raise ValueError(f"A paper has headings of level 1 to {LEVELS}, not {level}.")
