"""The blocks of a paper as passages of type: what the PDF and the docx have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.official.paper import Heading, Paragraph, RunIn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# 一、 in 黑体, （一） in 楷体, 1. and （1） in 仿宋 (7.3.3).
ROLES = {1: "hei", 2: "kai", 3: "fang", 4: "fang"}


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours of one role: ``fang``, ``kai``, ``hei``, ``biaosong`` or ``song``."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph on paper; ``level`` is a heading's, 0 for text."""

    runs: Sequence[Run]
    indent: int = 2
    level: int = 0

    @property
    def kind(self) -> str:
        if self.level:
            return "heading"
        return "text" if self.indent else "flush"


def passages(block: Paragraph | Heading | RunIn, number: str) -> Iterator[Passage]:
    """The block in paragraphs: each line that its writer ended is one of its own."""
    if isinstance(block, Heading):
        yield Passage([Run(ROLES[block.level], number + block.text)], level=block.level)
        return
    if isinstance(block, RunIn):
        indent, text = 2, block.body
        before = [Run(ROLES[block.level], number + block.text)]
    else:
        indent, text, before = (0 if block.is_flush else 2), block.text, []
    for line in text.splitlines() or [""]:
        if line.strip() or before:
            yield Passage([*before, Run("fang", line.strip())], indent)
        before = []
