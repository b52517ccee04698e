"""The blocks of the text: headings, paragraphs, tables, and what is filled in by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_LEADER
from docx.shared import Mm

from core.official import grid
from core.official.flow import passages
from core.official.forms import Facts, Signatures
from core.official.lines import text_width
from core.official.paper import NOTE_LABEL, Table, numbered
from core.official.placing import SIGNING_INDENT, signing_places
from core.official.word.setting import (
    LINE,
    add_blank,
    add_paragraph,
    add_run,
    keep_last_with_next,
    new_element,
    outline,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as WordDocument
    from docx.oxml.table import CT_Row
    from docx.table import Table as WordTable
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph

    from core.official.paper import Block, OfficialPaper
    from core.official.placing import SigningPlaces

TABLE_SIZE = 12


def write_blocks(document: WordDocument, blocks: Sequence[Block]) -> None:
    for block, number in numbered(blocks):
        if isinstance(block, Table):
            _table(document, block)
            continue
        if isinstance(block, Facts):
            _facts(document, block)
            continue
        if isinstance(block, Signatures):
            _signatures(document, block)
            continue
        for passage in passages(block, number):
            paragraph = add_paragraph(document, "", indent=passage.indent)
            for run in passage.runs:
                add_run(paragraph, run.text, run.role)
            if passage.level:
                paragraph.paragraph_format.keep_with_next = True
                outline(paragraph, passage.level)


def _table(document: WordDocument, table: Table) -> None:
    if table.caption:
        caption = add_paragraph(
            document, table.caption, role="hei", size=grid.SIZE_4, is_centred=True
        )
        caption.paragraph_format.keep_with_next = True
    drawn = _drawn(document, table.shares)
    head = drawn.add_row()
    _rows(document)[0].get_or_add_trPr().append(new_element("w:tblHeader"))
    for cell, column in zip(head.cells, table.columns, strict=True):
        _write_cell(cell, column.label, role="hei", is_centred=True)
    for _name, cells in table.shaped_rows:
        row = drawn.add_row()
        _keep_whole(_rows(document)[-1])
        for cell, (text, is_short) in zip(row.cells, cells, strict=True):
            _write_cell(cell, text, is_centred=is_short)


def _facts(document: WordDocument, facts: Facts) -> None:
    """Rows as high as the room asked for; one fact alone has the cells of two."""
    drawn = _drawn(document, facts.shares)
    for given in facts.rows:
        row = drawn.add_row()
        row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        row.height = max(fact.room for fact in given) * LINE
        if not any(fact.is_long for fact in given):
            _keep_whole(_rows(document)[-1])
        if len(given) * 2 < len(row.cells):
            row.cells[1].merge(row.cells[-1])
        for at, fact in enumerate(given):
            label, value = row.cells[2 * at : 2 * at + 2]
            _write_cell(label, fact.label, role="hei", size=grid.SIZE_4, is_centred=True)
            _write_cell(value, fact.value, size=grid.SIZE_4)
            for cell in (label, value):
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def _signatures(document: WordDocument, signatures: Signatures) -> None:
    """Tabs lead from label to blank to date; all of it stays with the text before it."""
    places = signing_places(signatures)
    keep_last_with_next(document)
    add_blank(document).paragraph_format.keep_with_next = True
    for at, line in enumerate(signatures.lines, 1):
        if line.called in places.apart:
            over = add_paragraph(document, line.called, indent=SIGNING_INDENT)
            over.paragraph_format.keep_with_next = True
        label = "" if line.called in places.apart else line.called
        to_blank = "\t" if places.begin > SIGNING_INDENT else ""
        to_date = f"\t{line.dated}" if line.dated else ""
        text = f"{label}{to_blank}\t{to_date}"
        signed = add_paragraph(document, text, indent=SIGNING_INDENT)
        _set_tabs(signed, places)
        signed.paragraph_format.keep_with_next = at < len(signatures.lines)


def _set_tabs(paragraph: WordParagraph, places: SigningPlaces) -> None:
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(places.begin * grid.CELL))
    stops.add_tab_stop(Mm(places.end * grid.CELL), leader=WD_TAB_LEADER.LINES)
    stops.add_tab_stop(Mm(places.day * grid.CELL))


def _drawn(document: WordDocument, shares: Sequence[int]) -> WordTable:
    """A table over the type area, without rows; those it gets have columns in these shares."""
    drawn = document.add_table(rows=0, cols=len(shares), style="Table Grid")
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    drawn.autofit = False
    for column, share in zip(drawn.columns, shares, strict=True):
        column.width = Mm(grid.AREA_WIDTH * share / 100)
    return drawn


def _rows(document: WordDocument) -> Sequence[CT_Row]:
    """The rows of the table drawn last."""
    [*_others, last] = document.element.body.tbl_lst
    return last.tr_lst


def _keep_whole(row: CT_Row) -> None:
    row.get_or_add_trPr().append(new_element("w:cantSplit"))


def _write_cell(
    cell: _Cell,
    text: str,
    *,
    role: str = "fang",
    size: float = TABLE_SIZE,
    is_centred: bool = False,
) -> None:
    for at, line in enumerate(text.splitlines() or [""]):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        if is_centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(paragraph, line, role, size)


def write_attachment_notes(document: WordDocument, paper: OfficialPaper) -> None:
    if paper.attachments:
        add_blank(document)
    for at, (label, title) in enumerate(paper.attachment_notes):
        begin = 2 + (text_width("fang", NOTE_LABEL) if at else 0)
        hang = begin + text_width("fang", label)
        paragraph = add_paragraph(document, label + title)
        paragraph.paragraph_format.left_indent = Mm(hang * grid.CELL)
        paragraph.paragraph_format.first_line_indent = Mm((begin - hang) * grid.CELL)
