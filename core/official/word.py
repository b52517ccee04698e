"""The same paper as docx, for the office that takes it into its own system.

The fonts are called by the names they have on office computers; the grid is Word's own
(``w:docGrid``), so that text typed into the file later keeps to it.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips

from core.official import grid
from core.official.flow import passages
from core.official.lines import text_width
from core.official.paper import COPIES_LABEL, DRAFT_WORDS, NOTE_LABEL, Table, numbered
from core.official.placing import MARK_TOP, mark_size, signed_at
from core.official.titles import title_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import _Footer, _Header
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run as WordRun

    from core.official.paper import Block, OfficialPaper

FONTS = {
    "fang": "仿宋_GB2312",
    "kai": "楷体_GB2312",
    "hei": "黑体",
    "biaosong": "方正小标宋简体",
    "song": "宋体",
}
LANGUAGE = "zh-CN"
RED = RGBColor(0xFF, 0, 0)
# 225 mm hold 22 lines of 579 twentieths of a point; a 580th would push the last one out.
LINE = Twips(579)
# Word's measure of what is added to each character: 1/4096 of a point.
CHARACTER_SPACE = round(grid.SPACING * 4096)
# Word counts its rules in eighths of a point: 0.7 mm; 0.35 mm and 0.25 mm.
HEAD_RULE = 16
IMPRINT_RULES = {"top": 8, "bottom": 8, "insideH": 6}
# The rule hangs under the line of the number, which is higher than its type.
RULE_SPACE = 5
# What the order of elements in a Word file asks to come later.
AFTER_BORDERS = ("w:tblLayout", "w:tblCellMar", "w:tblLook")
AFTER_RULES = ("w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
FOOTER_FROM_BOTTOM = Mm(25.5)
TABLE_SIZE = 12
PROPERTIES = "/docProps/core.xml"
EARLIEST_IN_ZIP = (1980, 1, 1, 0, 0, 0)


def write_docx(paper: OfficialPaper) -> bytes:
    """The paper as a Word file: the same text in the same order; the same paper, the same bytes."""
    document = Document()
    _prepare(document, paper)
    _head(document, paper)
    _blocks(document, paper.body)
    _attachment_notes(document, paper)
    _signature(document, paper)
    for label, one in paper.labelled_attachments:
        first = _paragraph(document, label, role="hei")
        first.paragraph_format.page_break_before = True
        _title(document, one.title, before=1)
        _blank(document)
        _blocks(document, one.body)
    if paper.has_imprint:
        _imprint(document, paper)
    return _saved(document)


def _prepare(document: WordDocument, paper: OfficialPaper) -> None:
    """Page, grid, default type, properties, and what stands on every page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(grid.TOP), Mm(grid.BOTTOM)
    section.left_margin, section.right_margin = Mm(grid.LEFT), Mm(grid.RIGHT)
    section.footer_distance = FOOTER_FROM_BOTTOM
    properties = document.element.body.sectPr
    for former in properties.findall(qn("w:docGrid")):
        properties.remove(former)
    properties.append(
        _element("w:docGrid", type="linesAndChars", linePitch=LINE.twips, charSpace=CHARACTER_SPACE)
    )
    _default_type(document)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        _page_number(footer, side)
    if paper.is_draft:
        for header in (section.header, section.even_page_header):
            _draft_words(header)
    _properties(document, paper)


def _default_type(document: WordDocument) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(grid.SIZE_3)
    _name_font(normal.element.get_or_add_rPr(), "fang")
    spacing = normal.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    spacing.line_spacing = LINE
    spacing.widow_control = False
    languages = document.styles.element.xpath("w:docDefaults//w:lang")
    for language in languages:
        for script in ("w:val", "w:eastAsia"):
            language.set(qn(script), LANGUAGE)


def _properties(document: WordDocument, paper: OfficialPaper) -> None:
    facts = document.core_properties
    facts.title, facts.subject, facts.language = paper.title, paper.subject, LANGUAGE
    facts.author = facts.last_modified_by = paper.author or paper.signature
    facts.comments = ""
    if paper.date:
        day = datetime.datetime.combine(paper.date, datetime.time(), tzinfo=datetime.UTC)
        facts.created = facts.modified = day
        return
    [part] = [one for one in document.part.package.iter_parts() if one.partname == PROPERTIES]
    for name in ("dcterms:created", "dcterms:modified"):
        for stamp in part.element.findall(qn(name)):
            part.element.remove(stamp)


def _head(document: WordDocument, paper: OfficialPaper) -> None:
    """Mark, number over its red rule, title, main recipient."""
    if paper.mark:
        size = mark_size(paper.mark)
        mark = _paragraph(document, paper.mark, role="biaosong", size=size, is_centred=True)
        mark.runs[0].font.color.rgb = RED
        mark.paragraph_format.space_before = Mm(MARK_TOP)
        mark.paragraph_format.line_spacing = Pt(size)
        number = _paragraph(document, paper.numbered_as, is_centred=True)
        number.paragraph_format.space_before = Twips(2 * LINE.twips)
        _rule_under(number)
    _title(document, paper.title, before=2 if paper.mark else 0)
    if paper.number and not paper.mark:
        _paragraph(document, paper.numbered_as, is_centred=True)
    _blank(document)
    if paper.recipient:
        _paragraph(document, paper.addressed)


def _title(document: WordDocument, title: str, *, before: int) -> None:
    lines = title_lines(title)
    paragraph = _paragraph(document, "", is_centred=True)
    paragraph.paragraph_format.space_before = Twips(before * LINE.twips)
    paragraph.paragraph_format.keep_with_next = True
    _outline(paragraph, 0)
    for at, line in enumerate(lines):
        run = _run(paragraph, line, "biaosong", grid.SIZE_2)
        if at < len(lines) - 1:
            run.add_break(WD_BREAK.LINE)


def _blocks(document: WordDocument, blocks: Sequence[Block]) -> None:
    for block, number in numbered(blocks):
        if isinstance(block, Table):
            _table(document, block)
            continue
        for passage in passages(block, number):
            paragraph = _paragraph(document, "", indent=passage.indent)
            for run in passage.runs:
                _run(paragraph, run.text, run.role)
            if passage.level:
                paragraph.paragraph_format.keep_with_next = True
                _outline(paragraph, passage.level)


def _table(document: WordDocument, table: Table) -> None:
    if table.caption:
        caption = _paragraph(document, table.caption, role="hei", size=grid.SIZE_4, is_centred=True)
        caption.paragraph_format.keep_with_next = True
    drawn = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    drawn.autofit = False
    widths = [Mm(grid.AREA_WIDTH * share / 100) for share in table.shares]
    [*_, element] = document.element.body.tbl_lst
    element.tr_lst[0].get_or_add_trPr().append(_element("w:tblHeader"))
    for cell, column, width in zip(drawn.rows[0].cells, table.columns, widths, strict=True):
        cell.width = width
        _write_cell(cell, column.label, role="hei", is_centred=True)
    for _name, cells in table.shaped_rows:
        row = drawn.add_row()
        element.tr_lst[-1].get_or_add_trPr().append(_element("w:cantSplit"))
        for cell, (text, is_short), width in zip(row.cells, cells, widths, strict=True):
            cell.width = width
            _write_cell(cell, text, is_centred=is_short)


def _write_cell(cell: _Cell, text: str, *, role: str = "fang", is_centred: bool = False) -> None:
    for at, line in enumerate(text.splitlines() or [""]):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        if is_centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, line, role, TABLE_SIZE)


def _attachment_notes(document: WordDocument, paper: OfficialPaper) -> None:
    if paper.attachments:
        _blank(document)
    for at, (label, title) in enumerate(paper.attachment_notes):
        begin = 2 + (text_width("fang", NOTE_LABEL) if at else 0)
        hang = begin + text_width("fang", label)
        paragraph = _paragraph(document, label + title)
        paragraph.paragraph_format.left_indent = Mm(hang * grid.CELL)
        paragraph.paragraph_format.first_line_indent = Mm((begin - hang) * grid.CELL)


def _signature(document: WordDocument, paper: OfficialPaper) -> None:
    """Organ and date, kept on one page with the text before them; then the note."""
    if paper.signature or paper.dated:
        if document.paragraphs:
            document.paragraphs[-1].paragraph_format.keep_with_next = True
        for _line in range(2 if paper.has_seal else 1):
            _blank(document).paragraph_format.keep_with_next = True
        organ_from, day_from = signed_at(paper)
        if paper.signature:
            organ = _paragraph(document, paper.signature)
            organ.paragraph_format.left_indent = Mm(organ_from * grid.CELL)
            organ.paragraph_format.keep_with_next = True
        day = _paragraph(document, paper.dated)
        day.paragraph_format.left_indent = Mm(day_from * grid.CELL)
    if paper.noted:
        _paragraph(document, paper.noted, indent=2)


def _imprint(document: WordDocument, paper: OfficialPaper) -> None:
    """A table that floats to the bottom of the type area of the last page (7.4)."""
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
    [*_, element] = document.element.body.tbl_lst
    place = _element(
        "w:tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom"
    )
    element.tblPr.insert_element_before(place, "w:tblW", *AFTER_BORDERS)
    borders = _element("w:tblBorders")
    for side, eighths in IMPRINT_RULES.items():
        borders.append(_element(f"w:{side}", val="single", sz=eighths, space=0, color="000000"))
    element.tblPr.insert_element_before(borders, *AFTER_BORDERS)
    document.add_paragraph()


def _imprint_line(cell: _Cell, text: str) -> None:
    cell.width = Mm(grid.AREA_WIDTH)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.left_indent = Pt(grid.SIZE_4)
    paragraph.paragraph_format.right_indent = Pt(grid.SIZE_4)
    _run(paragraph, text, "fang", grid.SIZE_4)


def _page_number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — in size 4, one character in from the outer edge (7.5)."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    paragraph.paragraph_format.line_spacing = Pt(grid.SIZE_4)
    indent = "left_indent" if side == WD_ALIGN_PARAGRAPH.LEFT else "right_indent"
    setattr(paragraph.paragraph_format, indent, Pt(grid.SIZE_4))
    _run(paragraph, "— ", "song", grid.SIZE_4)
    number = _run(paragraph, "", "song", grid.SIZE_4)
    for part in _page_field():
        number.font.element.append(part)
    _run(paragraph, " —", "song", grid.SIZE_4)


def _page_field() -> Iterator[BaseOxmlElement]:
    yield _element("w:fldChar", fldCharType="begin")
    instruction = _element("w:instrText")
    instruction.text = "PAGE"
    yield instruction
    yield _element("w:fldChar", fldCharType="end")


def _draft_words(header: _Header) -> None:
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(paragraph, DRAFT_WORDS, "hei")


def _blank(document: WordDocument) -> WordParagraph:
    return _paragraph(document, "")


def _paragraph(
    document: WordDocument,
    text: str,
    *,
    role: str = "fang",
    size: float = grid.SIZE_3,
    indent: float = 0,
    is_centred: bool = False,
) -> WordParagraph:
    paragraph = document.add_paragraph()
    if text:
        _run(paragraph, text, role, size)
    if indent:
        paragraph.paragraph_format.first_line_indent = Mm(indent * grid.CELL)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_centred else WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def _run(paragraph: WordParagraph, text: str, role: str, size: float = grid.SIZE_3) -> WordRun:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _name_font(run.font.element.get_or_add_rPr(), role)
    return run


def _name_font(properties: BaseOxmlElement, role: str) -> None:
    """One name for every script: Word asks for each of them apart."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = _element("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONTS[role])


def _outline(paragraph: WordParagraph, level: int) -> None:
    """The heading in Word's own navigation, counted from 0."""
    properties = paragraph.paragraph_format.element.get_or_add_pPr()
    properties.append(_element("w:outlineLvl", val=level))


def _rule_under(paragraph: WordParagraph) -> None:
    """The red rule over the width of the type area (7.2.7)."""
    rules = _element("w:pBdr")
    rules.append(_element("w:bottom", val="single", sz=HEAD_RULE, space=RULE_SPACE, color=str(RED)))
    properties = paragraph.paragraph_format.element.get_or_add_pPr()
    properties.insert_element_before(rules, *AFTER_RULES)


def _element(name: str, **facts: object) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in facts.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def _saved(document: WordDocument) -> bytes:
    """The file without the moment of its writing."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for one in source.infolist():
            entry = zipfile.ZipInfo(one.filename, EARLIEST_IN_ZIP)
            target.writestr(entry, source.read(one), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
