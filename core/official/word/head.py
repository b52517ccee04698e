"""What stands over the text: mark, number, red rules, title, main recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, Twips

from core.official import grid, letter
from core.official.placing import MARK_TOP, mark_size
from core.official.titles import title_lines
from core.official.word.double_rule import draw_double_rule, frame
from core.official.word.setting import (
    LINE,
    RED,
    add_blank,
    add_paragraph,
    add_rules,
    add_run,
    outline,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as WordParagraph

    from core.official.paper import OfficialPaper

# The red rule over the width of the type area (7.2.7): Word counts its rules in eighths of a point,
# 0.7 mm, and this one hangs under the line of the number, which is higher than its type.
HEAD_RULE = (16, 5)


def write_head(document: WordDocument, paper: OfficialPaper) -> None:
    """Mark, number over its red rule, title, main recipient."""
    if paper.is_letter:
        _letter_head(document, paper)
    elif paper.mark:
        _mark(document, paper).paragraph_format.space_before = Mm(MARK_TOP)
        number = _number(document, paper)
        number.paragraph_format.space_before = Twips(2 * LINE.twips)
        add_rules(number, bottom=HEAD_RULE)
    has_head = paper.mark or (paper.is_letter and paper.number)
    write_title(document, paper.title, before=2 if has_head else 0)
    if paper.number and not has_head:
        add_paragraph(document, paper.numbered_as, is_centred=True)
    add_blank(document)
    if paper.recipient:
        add_paragraph(document, paper.addressed)


def _letter_head(document: WordDocument, paper: OfficialPaper) -> None:
    """The mark over its double rule, and the number at the right edge (10.1)."""
    if paper.mark:
        white = letter.TEXT_GAP - letter.LEADING
        frame(_mark(document, paper), from_top=letter.MARK_TOP, white=white)
        rule = add_paragraph(document, "", is_centred=True)
        rule.paragraph_format.space_before = Mm(letter.RULE_GAP)
        draw_double_rule(rule, from_top=letter.MARK_TOP, is_thick_first=True, white=white)
    if paper.number:
        number = add_paragraph(document, paper.numbered_as)
        number.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _mark(document: WordDocument, paper: OfficialPaper) -> WordParagraph:
    size = mark_size(paper)
    mark = add_paragraph(document, paper.mark, role="biaosong", size=size, is_centred=True)
    mark.runs[0].font.color.rgb = RED
    mark.paragraph_format.line_spacing = Pt(size)
    return mark


def _number(document: WordDocument, paper: OfficialPaper) -> WordParagraph:
    """In the middle; with the approver beside it, one character in on the left (7.2.5, 7.2.6)."""
    number = add_paragraph(document, paper.numbered_as, is_centred=True)
    if paper.approver:
        number.alignment = WD_ALIGN_PARAGRAPH.LEFT
        number.paragraph_format.first_line_indent = Mm(grid.CELL)
        edge = Mm(grid.AREA_WIDTH - grid.CELL)
        number.paragraph_format.tab_stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT)
        add_run(number, f"\t{paper.approver_label}", "fang")
        add_run(number, paper.approver, "kai")
    return number


def write_title(document: WordDocument, title: str, *, before: int) -> None:
    lines = title_lines(title)
    paragraph = add_paragraph(document, "", is_centred=True)
    paragraph.paragraph_format.space_before = Twips(before * LINE.twips)
    paragraph.paragraph_format.keep_with_next = True
    outline(paragraph, 0)
    for at, line in enumerate(lines):
        run = add_run(paragraph, line, "biaosong", grid.SIZE_2)
        if at < len(lines) - 1:
            run.add_break(WD_BREAK.LINE)
