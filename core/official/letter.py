"""The figures of the letter format (信函格式, 10.1), in millimetres: what PDF and docx share."""

from __future__ import annotations

from core.official.grid import LEFT, PAGE_HEIGHT, PAGE_WIDTH, PITCH, POINT, RIGHT, SIZE_3

# From the top of the page to the mark, from the mark to the first double rule, from the second one
# to the bottom of the page; both are as long and lie in the middle of the page.
MARK_TOP, RULE_GAP, RULE_BOTTOM, RULE_WIDTH = 30, 4, 20, 170
# Next to a rule the text keeps 7/8 of a character.
TEXT_GAP = SIZE_3 * POINT * 7 / 8
# Both strokes of a rule and the white between them.
THICK, WHITE, THIN = 0.9, 0.5, 0.4
# Where a rule begins and ends, from the edges of the type area.
RULE_FROM = (PAGE_WIDTH - RULE_WIDTH) / 2 - LEFT
RULE_TO = (PAGE_WIDTH - RULE_WIDTH) / 2 - RIGHT
# A line of the grid keeps this much white over and under its characters.
LEADING = (PITCH - SIZE_3 * POINT) / 2
SECOND_RULE_TOP = PAGE_HEIGHT - RULE_BOTTOM - (THICK + WHITE + THIN)
# The first page holds text down to the second rule.
FIRST_PAGE_END = SECOND_RULE_TOP - TEXT_GAP + LEADING
# The type area of the first page begins here, so that the mark stands in it.
FIRST_PAGE_TOP = 25


def letter_places(mark: str, above: float, under: float) -> dict[str, str]:
    """The mark with its double rule, and the other one, which the first page alone has at its foot.

    ``mark`` are the rules for its type; its line reaches so far above its ink and under its em.
    """
    # The box at the foot is centred on the type area, and the rule on the page.
    foot = (
        f"width: {RULE_WIDTH}mm; margin-right: {RULE_TO - RULE_FROM:.3f}mm;"
        f" margin-top: {SECOND_RULE_TOP - FIRST_PAGE_END:.3f}mm; {_double_rule(THIN, THICK)}"
    )
    return {
        ".mark": f"{mark} margin: {MARK_TOP - FIRST_PAGE_TOP - above:.3f}mm"
        f" {RULE_TO}mm 0 {RULE_FROM}mm;",
        ".headed-letter .mark::after": f"margin-top: {RULE_GAP + under:.3f}mm;"
        f" {_double_rule(THICK, THIN)}",
        ".headed-letter .number": f"margin-top: {TEXT_GAP - LEADING:.3f}mm;",
        "@page headed-letter:first": f"margin-top: {FIRST_PAGE_TOP}mm;"
        f" margin-bottom: {PAGE_HEIGHT - FIRST_PAGE_END:.3f}mm;"
        f" @bottom-center {{ {foot} }}",
    }


def _double_rule(upper: float, lower: float) -> str:
    return f"height: {WHITE}mm; border-top-width: {upper}mm; border-bottom-width: {lower}mm;"
