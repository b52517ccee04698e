"""The double rules of a letter, in frames that stand where they are told to on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.shared import Mm, Pt

from core.official.letter import RULE_WIDTH, THICK, THIN, WHITE
from core.official.word.setting import AFTER_RULES, add_rules, new_element

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as WordParagraph

BEFORE_RULES = ("w:widowControl", "w:pBdr")


def draw_double_rule(
    paragraph: WordParagraph, *, from_top: float, is_thick_first: bool, white: float = 0
) -> None:
    """The paragraph becomes a thick and a thin rule with a little white between them."""
    thick, thin = ((round(Mm(stroke).pt * 8), 0) for stroke in (THICK, THIN))
    paragraph.paragraph_format.line_spacing = Pt(Mm(WHITE).pt)
    if is_thick_first:
        add_rules(paragraph, top=thick, bottom=thin)
    else:
        add_rules(paragraph, top=thin, bottom=thick)
    frame(paragraph, from_top=from_top, white=white)


def frame(paragraph: WordParagraph, *, from_top: float, white: float = 0) -> None:
    """Neighbours with the same figures share one frame; the text begins under it.

    ``from_top`` counts from the upper edge of the page, ``white`` to the text, in millimetres.
    """
    place = new_element(
        "w:framePr",
        w=Mm(RULE_WIDTH).twips,
        vSpace=Mm(white).twips,
        wrap="notBeside",
        vAnchor="page",
        hAnchor="page",
        xAlign="center",
        y=Mm(from_top).twips,
    )
    properties = paragraph.paragraph_format.element.get_or_add_pPr()
    properties.insert_element_before(place, *BEFORE_RULES, *AFTER_RULES)
