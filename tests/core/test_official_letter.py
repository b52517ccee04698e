"""The letter format (GB/T 9704-2012, 10.1), measured on what was printed."""

import pytest

from core.documents import MissingGlyphError
from core.official import Attachment, Number, Paragraph, render_official
from tests.core.official import (
    BOTTOM,
    CELL,
    LEFT,
    PITCH,
    PLAIN_TEXT,
    POINT,
    RIGHT,
    SENTENCE,
    TABLE,
    TOP,
    ink,
    letter,
    line_with,
    lines,
    opened,
    paper,
    strokes,
    text_lines,
)

NEAR = 0.5
ORGAN = "某某市人民医院"
CLOSE = 7 / 8 * 16 * POINT  # 7/8 of a character of size 3
LONG = "某某医科大学附属第一医院（某某省临床医学研究院）纪律检查委员会"
NOT_IN_ANY_FONT = "\U000323b0"


def near(expected, tolerance=NEAR):
    return pytest.approx(expected, abs=tolerance)


def long_letter(**facts):
    return letter(body=[Paragraph(SENTENCE * 2)] * 12, **facts)


@pytest.fixture(scope="module")
def whole():
    return render_official(long_letter(copies_to=["院党委"]))


@pytest.fixture(scope="module")
def pages(whole):
    return opened(whole)


def rules(pdf, page):
    """The strokes that lie left of the type area, where no text is."""
    return strokes(pdf, page, 45, 296, at=LEFT - 3)


def test_the_mark_is_red_and_its_upper_edge_30_mm_under_that_of_the_page(whole, pages):
    mark = line_with(pages[0], ORGAN)

    left, top, right, _bottom = ink(whole, 0, 0, 20, 210, mark.em_bottom)
    assert top == near(30)
    assert (left + right) / 2 == near(105, 1)
    assert {char["non_stroking_color"] for char in mark.chars} == {(1, 0, 0)}


@pytest.mark.parametrize("organ", ["医院", LONG])
def test_a_mark_of_any_length_is_one_line_no_longer_than_its_rule(organ):
    pdf = render_official(letter(mark=organ))

    mark = line_with(opened(pdf)[0], organ)
    left, top, right, _bottom = ink(pdf, 0, 0, 20, 210, mark.em_bottom)
    assert top == near(30)
    assert 20 - NEAR <= left < right <= 190 + NEAR
    [(rule, _bottom), *_others] = strokes(pdf, 0, mark.em_bottom, 296, at=LEFT - 3)
    assert rule - mark.em_bottom == near(4)


def test_the_first_double_rule_lies_4_mm_under_the_mark_the_thick_stroke_above(whole, pages):
    mark = line_with(pages[0], ORGAN)

    upper, lower = rules(whole, 0)[:2]
    assert upper[0] - mark.em_bottom == near(4)
    assert upper[1] - upper[0] > 1.5 * (lower[1] - lower[0])
    assert lower[0] - upper[1] == near(0.5, 0.1)


def test_the_second_double_rule_ends_20_mm_over_the_bottom_the_thick_stroke_below(whole):
    upper, lower = rules(whole, 0)[2:]

    assert lower[1] == near(297 - 20)
    assert lower[1] - lower[0] > 1.5 * (upper[1] - upper[0])
    assert lower[0] - upper[1] == near(0.5, 0.1)


def test_both_double_rules_are_170_mm_long_red_and_in_the_middle_of_the_page(whole, pages):
    for top, bottom in rules(whole, 0):
        left, _top, right, _bottom = ink(whole, 0, 0, top, 210, bottom)
        assert (left, right) == (near(20), near(190))
    assert {rect["non_stroking_color"] for rect in pages[0].rects} == {(1, 0, 0)}


def test_only_the_first_page_has_rules(whole, pages):
    counts = [len(rules(whole, at)) for at in range(len(pages))]

    assert len(pages) > 2
    assert counts == [4] + [0] * (len(pages) - 1)


def test_the_first_page_has_no_number_and_the_others_have_theirs(pages):
    numbers = [[line.text for line in lines(page) if "—" in line.text] for page in pages]

    assert numbers == [[]] + [[f"— {at} —"] for at in range(2, len(pages) + 1)]
    assert [lines(page)[-1].left for page in pages[1:2]] == [near(LEFT + 14 * POINT)]


def test_the_document_number_ends_the_line_at_7_8_of_a_character_under_the_rule(whole, pages):
    number = line_with(pages[0], "市医函")

    assert number.text == "市医函〔2026〕7号"
    assert number.right == near(RIGHT)
    assert number.em_top - rules(whole, 0)[1][1] == near(CLOSE)


def test_the_title_stands_two_lines_under_the_number(pages):
    number, title = (line_with(pages[0], text) for text in ("市医函", "提醒函"))

    assert title.box_top - number.box_bottom == near(2 * PITCH)
    assert title.middle == near((LEFT + RIGHT) / 2)


def test_without_a_number_the_title_stands_two_lines_under_the_rule():
    pdf = render_official(letter(number=None))

    title = line_with(opened(pdf)[0], "提醒函")
    assert title.box_top - rules(pdf, 0)[1][1] == near(2 * PITCH)


def test_the_recipient_stands_one_line_under_a_title_of_any_length():
    title = "关于2026年第三轮科室主任民主评议“服务效能”“工作作风”两个维度评议结果为差的提醒函"
    page = opened(render_official(letter(title=title)))[0]

    found = [line for line in lines(page) if line.size == near(22, 0.01)]
    recipient = line_with(page, "李某某同志")
    assert "".join(line.text for line in found) == title
    assert len(found) == 3
    assert recipient.box_top - found[-1].box_bottom == near(PITCH)
    assert recipient.left == near(LEFT)


def test_a_full_first_page_ends_within_a_line_of_7_8_of_a_character_over_the_rule(whole, pages):
    last = lines(pages[0])[-1]

    white = rules(whole, 0)[2][0] - last.em_bottom
    assert CLOSE - NEAR <= white < CLOSE + PITCH


def test_the_second_page_is_an_ordinary_one_of_22_lines(pages):
    found = text_lines(pages[1])

    assert len(found) == 22
    assert (found[0].box_top, found[-1].box_bottom) == (near(TOP), near(BOTTOM))


def test_the_imprint_names_the_copies_alone_and_has_no_rules(whole, pages):
    last = text_lines(pages[-1])[-1]

    assert last.text == "抄送：院党委。"
    assert last.size == near(14, 0.01)
    assert strokes(whole, len(pages) - 1, BOTTOM - 20, BOTTOM + 3, at=LEFT + 2) == []
    assert last.baseline == near(BOTTOM, 5)


def test_a_letter_of_one_page_keeps_the_copies_off_the_second_rule():
    pdf = render_official(letter(copies_to=["院党委"]))

    [page] = opened(pdf)
    assert lines(page)[-1].text == "抄送：院党委。"
    assert rules(pdf, 0)[2][0] - lines(page)[-1].em_bottom == near(CLOSE)


@pytest.mark.parametrize(
    "facts",
    [{"printed_by": "医院办公室"}, {"printed_on": paper().date}],
)
def test_a_letter_refuses_a_printing_office(facts):
    with pytest.raises(ValueError, match="imprint of a letter"):
        letter(**facts)


def test_organ_and_date_stand_as_in_an_ordinary_paper():
    for has_seal in (False, True):
        places = [
            [
                (line.text, round(line.left, 2))
                for line in text_lines(opened(render_official(kind(has_seal=has_seal)))[-1])
                if line.text in {ORGAN, "2026年11月5日"} and line.size < 17
            ]
            for kind in (letter, lambda **facts: paper(mark="", number=None, **facts))
        ]
        assert len(places[0]) == 2
        assert places[0] == places[1]


@pytest.mark.parametrize("count", range(6, 14))
@pytest.mark.parametrize("has_seal", [False, True])
def test_a_signature_never_stands_on_a_page_without_text(count, has_seal):
    body = [Paragraph("短句。")] * count
    pages = opened(render_official(letter(body=body, copies_to=[], has_seal=has_seal)))

    texts = [line.text for line in lines(pages[-1])]
    assert texts[texts.index("2026年11月5日") - 2] == "短句。"


def test_without_a_mark_nothing_is_red_and_the_number_begins_the_type_area():
    pdf = render_official(long_letter(mark=""))

    pages = opened(pdf)
    number, title = text_lines(pages[0])[:2]
    assert [rules(pdf, at) for at in range(len(pages))] == [[]] * len(pages)
    colours = {char["non_stroking_color"] for page in pages for char in page.chars}
    assert colours == {(0, 0, 0)}
    assert (number.right, number.box_top) == (near(RIGHT), near(TOP))
    assert title.box_top - number.box_bottom == near(2 * PITCH)
    assert len([line for line in lines(pages[0]) if "—" in line.text]) == 0
    assert lines(pages[1])[-1].text == "— 2 —"


def test_a_draft_says_so_on_every_page_clear_of_the_mark():
    pages = opened(
        render_official(
            long_letter(number=Number("市医函"), date=None, is_draft=True),
        )
    )

    words = [line_with(page, "代拟稿") for page in pages]
    assert words[0].em_bottom < 30 - 5
    assert [line.right < RIGHT + NEAR for line in words] == [True] * len(pages)
    assert line_with(pages[0], "市医函").text == "市医函〔　　〕　号"


def test_an_attachment_of_a_letter_begins_an_ordinary_page():
    pdf = render_official(letter(attachments=[Attachment("名单", [TABLE])]))

    first, second = opened(pdf)
    assert text_lines(second)[0].box_top == near(TOP)
    assert lines(second)[-1].text == "— 2 —"
    assert [len(rules(pdf, at)) for at in (0, 1)] == [4, 0]
    assert "附件：名单" in first.extract_text()


@pytest.mark.parametrize(
    ("name", "field"),
    [("mark", "organ mark"), ("recipient", "main recipient"), ("title", "title")],
)
def test_a_missing_character_is_named_with_the_field_it_stands_in(name, field):
    with pytest.raises(MissingGlyphError) as refusal:
        render_official(letter(**{name: f"李{NOT_IN_ANY_FONT}敏"}))

    assert [(one.character, one.field) for one in refusal.value.missing] == [
        (NOT_IN_ANY_FONT, field)
    ]


def test_the_approver_stands_beside_the_number_each_one_character_in():
    pdf = render_official(paper(approver="张某某"))

    line = line_with(opened(pdf)[0], "市医整发")
    fonts = [char["fontname"].partition("+")[2] for char in line.chars[-3:]]
    assert line.text == "市医整发〔2026〕12号签发人：张某某"
    assert (line.left, line.right) == (near(LEFT + CELL), near(RIGHT - CELL))
    assert fonts == ["Paper-Kai"] * 3
    assert line.chars[-4]["fontname"].endswith("Paper-Fang")
    [(top, _bottom)] = strokes(pdf, 0, TOP, 140)
    assert top - line.em_bottom == near(4)


def test_a_letter_and_a_plain_paper_name_no_approver():
    for kind in (letter, lambda **facts: paper(mark="", **facts)):
        with pytest.raises(ValueError, match="who approved it"):
            kind(approver="张某某")


def test_the_same_letter_gives_the_same_bytes():
    assert render_official(long_letter()) == render_official(long_letter())


def test_text_fills_its_lines_as_ever():
    page = opened(render_official(letter(body=[Paragraph(PLAIN_TEXT * 2)])))[0]

    line = line_with(page, PLAIN_TEXT[26:40])
    assert (len(line.text), line.left, line.right) == (28, near(LEFT), near(RIGHT))
