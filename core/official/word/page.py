"""Page, grid and default type of the file, and what stands in its margins."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.official import grid
from core.official.letter import SECOND_RULE_TOP
from core.official.paper import DRAFT_WORDS
from core.official.word.double_rule import draw_double_rule
from core.official.word.setting import LINE, add_run, name_font, new_element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import Section, _Footer, _Header

    from core.official.paper import OfficialPaper

LANGUAGE = "zh-CN"
# Word's measure of what is added to each character: 1/4096 of a point.
CHARACTER_SPACE = round(grid.SPACING * 4096)
FOOTER_FROM_BOTTOM = Mm(25.5)
PROPERTIES = "/docProps/core.xml"


def prepare(document: WordDocument, paper: OfficialPaper) -> None:
    """Page, grid, default type, properties, and what stands on every page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(grid.PAGE_WIDTH), Mm(grid.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(grid.TOP), Mm(grid.BOTTOM)
    section.left_margin, section.right_margin = Mm(grid.LEFT), Mm(grid.RIGHT)
    section.footer_distance = FOOTER_FROM_BOTTOM
    properties = document.element.body.sectPr
    for former in properties.findall(qn("w:docGrid")):
        properties.remove(former)
    properties.append(
        new_element(
            "w:docGrid", type="linesAndChars", linePitch=LINE.twips, charSpace=CHARACTER_SPACE
        )
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
    if paper.is_letter:
        _letter_margins(section, paper)
    _properties(document, paper)


def _letter_margins(section: Section, paper: OfficialPaper) -> None:
    """The first page has no number; under a mark, the second double rule instead (10.1)."""
    section.different_first_page_header_footer = True
    footer = section.first_page_footer
    footer.is_linked_to_previous = False
    if paper.mark:
        draw_double_rule(footer.paragraphs[0], from_top=SECOND_RULE_TOP, is_thick_first=False)
        footer.add_paragraph()
    if paper.is_draft:
        _draft_words(section.first_page_header)


def _default_type(document: WordDocument) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(grid.SIZE_3)
    name_font(normal.element.get_or_add_rPr(), "fang")
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


def _page_number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — in size 4, one character in from the outer edge (7.5)."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    paragraph.paragraph_format.line_spacing = Pt(grid.SIZE_4)
    indent = "left_indent" if side == WD_ALIGN_PARAGRAPH.LEFT else "right_indent"
    setattr(paragraph.paragraph_format, indent, Pt(grid.SIZE_4))
    add_run(paragraph, "— ", "song", grid.SIZE_4)
    number = add_run(paragraph, "", "song", grid.SIZE_4)
    for part in _page_field():
        number.font.element.append(part)
    add_run(paragraph, " —", "song", grid.SIZE_4)


def _page_field() -> Iterator[BaseOxmlElement]:
    yield new_element("w:fldChar", fldCharType="begin")
    instruction = new_element("w:instrText")
    instruction.text = "PAGE"
    yield instruction
    yield new_element("w:fldChar", fldCharType="end")


def _draft_words(header: _Header) -> None:
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    add_run(paragraph, DRAFT_WORDS, "hei")
