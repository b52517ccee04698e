"""The report as others read it, drawn on a page from the same paper that is printed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from core.official import Heading, Paragraph
from core.official.paper import numbered
from core.privacy import SOMEBODY
from supervision import documents, queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.official import OfficialPaper
    from supervision.models import ExposureMeeting


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    is_masked: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading or a paragraph; ``was`` is what is written there, where others read less."""

    level: int
    number: str
    field: str
    parts: list[Part]
    was: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    paper: OfficialPaper
    title: list[Part]
    passages: list[Passage]

    @property
    def masked(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.was]


def parts(was: str, now: str) -> list[Part]:
    """The text in runs that are masked or not. A name keeps its length and its first sign, which
    belongs to what is masked.
    """
    if len(was) != len(now):
        return [Part(now, was != now)]
    hidden = [one != other for one, other in zip(was, now, strict=True)]
    for at in range(len(hidden) - 1):
        if (
            hidden[at + 1]
            and not hidden[at]
            and (at == 0 or not hidden[at - 1] or now[at] != SOMEBODY)
        ):
            hidden[at] = True
    runs = groupby(zip(now, hidden, strict=True), key=lambda pair: pair[1])
    return [Part("".join(sign for sign, _ in run), is_masked) for is_masked, run in runs]


def reading(meeting: ExposureMeeting, *, beside: bool) -> Reading:
    """``beside`` sets what is written beside what others read: only for those who may know it."""
    report = queries.report_of(meeting)
    written = queries.report_as_written(meeting) if beside else report
    paper, original = _paper(meeting, report), _paper(meeting, written)
    passages = [
        Passage(level, number, field, parts(was, now), was if was != now else "")
        for (level, number, field, now), (*_, was) in zip(
            _lines(paper), _lines(original), strict=True
        )
    ]
    return Reading(paper, parts(original.title, paper.title), passages)


def _lines(paper: OfficialPaper) -> Iterator[tuple[int, str, str, str]]:
    """Level, number, name of the place, text: each line that was typed is a paragraph of its own."""
    for block, number in numbered(paper.body):
        if isinstance(block, Heading):
            yield block.level, number, block.field, block.text
        elif isinstance(block, Paragraph):
            for line in block.text.splitlines():
                yield 0, "", block.field, line


def _paper(meeting: ExposureMeeting, report: queries.Report) -> OfficialPaper:
    given = meeting.document_number
    return documents.report_paper(
        meeting, report, number=given.number if given else None, issued_on=meeting.issued_on
    )
