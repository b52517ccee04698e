"""Paragraphs, runs and elements of a Word file: what all its parts are set with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph as WordParagraph

from core.official import grid

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.run import Run as WordRun

FONTS = {
    "fang": "仿宋_GB2312",
    "kai": "楷体_GB2312",
    "hei": "黑体",
    "biaosong": "方正小标宋简体",
    "song": "宋体",
}
RED = RGBColor(0xFF, 0, 0)
# 225 mm hold 22 lines of 579 twentieths of a point; a 580th would push the last one out.
LINE = Twips(579)
# What the order of elements in a Word file asks to come after the rules of a paragraph.
AFTER_RULES = ("w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")


def add_blank(document: WordDocument) -> WordParagraph:
    return add_paragraph(document, "")


def add_paragraph(
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
        add_run(paragraph, text, role, size)
    if indent:
        paragraph.paragraph_format.first_line_indent = Mm(indent * grid.CELL)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_centred else WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def add_run(paragraph: WordParagraph, text: str, role: str, size: float = grid.SIZE_3) -> WordRun:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    name_font(run.font.element.get_or_add_rPr(), role)
    return run


def keep_last_with_next(document: WordDocument) -> None:
    """What was written last, a paragraph or the last row of a table, shares the page of the next."""
    [*_others, last] = document.iter_inner_content()
    if isinstance(last, WordParagraph):
        written = [last]
    else:
        written = [one for cell in last.rows[-1].cells for one in cell.paragraphs]
    for paragraph in written:
        paragraph.paragraph_format.keep_with_next = True


def name_font(properties: BaseOxmlElement, role: str) -> None:
    """One name for every script: Word asks for each of them apart."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = new_element("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONTS[role])


def outline(paragraph: WordParagraph, level: int) -> None:
    """The heading in Word's own navigation, counted from 0."""
    properties = paragraph.paragraph_format.element.get_or_add_pPr()
    properties.append(new_element("w:outlineLvl", val=level))


def add_rules(paragraph: WordParagraph, *, color: RGBColor = RED, **rules: tuple[int, int]) -> None:
    """Rules over and under the paragraph: how thick, in eighths of a point, and how far, in points."""
    drawn = new_element("w:pBdr")
    for side, (eighths, space) in rules.items():
        drawn.append(
            new_element(f"w:{side}", val="single", sz=eighths, space=space, color=str(color))
        )
    properties = paragraph.paragraph_format.element.get_or_add_pPr()
    properties.insert_element_before(drawn, *AFTER_RULES)


def new_element(name: str, **facts: object) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in facts.items():
        element.set(qn(f"w:{key}"), str(value))
    return element
