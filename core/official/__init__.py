"""Official papers to GB/T 9704-2012 (党政机关公文格式), as PDF and as docx, of one object."""

from core.official.forms import Fact, Facts, Signatures, SigningLine
from core.official.paper import (
    Attachment,
    Block,
    Heading,
    Layout,
    Number,
    OfficialPaper,
    Paragraph,
    RunIn,
    Table,
)
from core.official.printing import render_official
from core.official.titles import title_lines
from core.official.word import write_docx

__all__ = [
    "Attachment",
    "Block",
    "Fact",
    "Facts",
    "Heading",
    "Layout",
    "Number",
    "OfficialPaper",
    "Paragraph",
    "RunIn",
    "Signatures",
    "SigningLine",
    "Table",
    "render_official",
    "title_lines",
    "write_docx",
]
