"""What stands under the text: organ, date and note, and the imprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from core.official import grid
from core.official.paper import COPIES_LABEL
from core.official.placing import signed_at
from core.official.word.setting import (
    add_blank,
    add_paragraph,
    add_run,
    keep_last_with_next,
    new_element,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import _Cell

    from core.official.paper import OfficialPaper

# Word counts its rules in eighths of a point: 0.35 mm and 0.25 mm.
IMPRINT_RULES = {"top": 8, "bottom": 8, "insideH": 6}
# What the order of elements in a Word file asks to come after the borders of a table.
AFTER_BORDERS = ("w:tblLayout", "w:tblCellMar", "w:tblLook")


def write_signature(document: WordDocument, paper: OfficialPaper) -> None:
    """Organ and date, kept on one page with the text before them; then the note."""
    if paper.signature or paper.dated:
        keep_last_with_next(document)
        for _line in range(2 if paper.has_seal else 1):
            add_blank(document).paragraph_format.keep_with_next = True
        organ_from, day_from = signed_at(paper)
        if paper.signature:
            organ = add_paragraph(document, paper.signature)
            organ.paragraph_format.left_indent = Mm(organ_from * grid.CELL)
            organ.paragraph_format.keep_with_next = True
        day = add_paragraph(document, paper.dated)
        day.paragraph_format.left_indent = Mm(day_from * grid.CELL)
    if paper.noted:
        add_paragraph(document, paper.noted, indent=2)


def write_imprint(document: WordDocument, paper: OfficialPaper) -> None:
    """A table that floats to the bottom of the type area of the last page (7.4).

    That of a letter has no rules (10.1).
    """
    drawn = document.add_table(rows=0, cols=1)
    drawn.autofit = False
    if paper.copies_to:
        _imprint_line(drawn.add_row().cells[0], COPIES_LABEL + paper.copied)
    if paper.printed_by:
        cell = drawn.add_row().cells[0]
        _imprint_line(cell, f"{paper.printed_by}\t{paper.printed}")
        right = Mm(grid.AREA_WIDTH) - Pt(grid.SIZE_4)
        stops = cell.paragraphs[0].paragraph_format.tab_stops
        stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT)
    [*_, table] = document.element.body.tbl_lst
    place = new_element(
        "w:tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom"
    )
    table.tblPr.insert_element_before(place, "w:tblW", *AFTER_BORDERS)
    if not paper.is_letter:
        table.tblPr.insert_element_before(_imprint_rules(), *AFTER_BORDERS)
    document.add_paragraph()


def _imprint_rules() -> BaseOxmlElement:
    borders = new_element("w:tblBorders")
    for side, eighths in IMPRINT_RULES.items():
        rule = new_element(f"w:{side}", val="single", sz=eighths, space=0, color="000000")
        borders.append(rule)
    return borders


def _imprint_line(cell: _Cell, text: str) -> None:
    cell.width = Mm(grid.AREA_WIDTH)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.left_indent = Pt(grid.SIZE_4)
    paragraph.paragraph_format.right_indent = Pt(grid.SIZE_4)
    add_run(paragraph, text, "fang", grid.SIZE_4)
