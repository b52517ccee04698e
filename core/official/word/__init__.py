"""The same paper as docx, for the office that takes it into its own system.

The fonts are called by the names they have on office computers; the grid is Word's own
(``w:docGrid``), so that text typed into the file later keeps to it.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from docx import Document

from core.official.word.body import write_attachment_notes, write_blocks
from core.official.word.foot import write_imprint, write_signature
from core.official.word.head import write_head, write_title
from core.official.word.page import prepare
from core.official.word.setting import add_blank, add_paragraph

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from core.official.paper import OfficialPaper

EARLIEST_IN_ZIP = (1980, 1, 1, 0, 0, 0)


def write_docx(paper: OfficialPaper) -> bytes:
    """The paper as a Word file: the same text in the same order; the same paper, the same bytes."""
    document = Document()
    prepare(document, paper)
    write_head(document, paper)
    write_blocks(document, paper.body)
    write_attachment_notes(document, paper)
    write_signature(document, paper)
    for label, one in paper.labelled_attachments:
        first = add_paragraph(document, label, role="hei")
        first.paragraph_format.page_break_before = True
        write_title(document, one.title, before=1)
        add_blank(document)
        write_blocks(document, one.body)
    if paper.has_imprint:
        write_imprint(document, paper)
    return _saved(document)


def _saved(document: WordDocument) -> bytes:
    """The file without the moment of its writing."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for one in source.infolist():
            entry = zipfile.ZipInfo(one.filename, EARLIEST_IN_ZIP)
            target.writestr(entry, source.read(one), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
