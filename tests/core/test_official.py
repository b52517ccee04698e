"""The geometry of GB/T 9704-2012, measured on what was printed.

The margins may be 1 mm off (5.2.1); everything else is held to half a millimetre, which is less
than the 2 mm that 6.3 grants the press. 28 characters fill a line, 22 lines a page.
"""

import datetime
import math
from itertools import pairwise

import pytest

from core.official import Attachment, Number, Paragraph, Table, render_official
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
    draft,
    full_paper,
    ink,
    line_with,
    lines,
    opened,
    paper,
    strokes,
    text_lines,
)

NEAR = 0.5
MIDDLE = (LEFT + RIGHT) / 2
CLOSING = "，。、；：？！）》”"


def near(expected, tolerance=NEAR):
    return pytest.approx(expected, abs=tolerance)


@pytest.fixture(scope="module")
def whole():
    return render_official(full_paper())


@pytest.fixture(scope="module")
def pages(whole):
    return opened(whole)


@pytest.fixture(scope="module")
def text_page(pages):
    """The second page: text from edge to edge."""
    return pages[1]


def test_every_page_is_a4(pages):
    assert [(page.width * POINT, page.height * POINT) for page in pages] == [
        (near(210, 0.1), near(297, 0.1))
    ] * len(pages)


def test_a_page_of_text_fills_the_type_area_with_22_lines(text_page):
    found = text_lines(text_page)

    assert len(found) == 22
    assert found[0].box_top == near(TOP)
    assert found[-1].box_bottom == near(BOTTOM)
    steps = [after.baseline - before.baseline for before, after in pairwise(found)]
    assert steps == [near(PITCH, 0.05)] * 21


def test_a_line_holds_28_characters_at_an_even_distance(text_page):
    [line, *_others] = [line for line in text_lines(text_page) if len(set(line.text)) > 20][1:]

    assert len(line.text) == 28
    assert (line.left, line.right) == (near(LEFT), near(RIGHT))
    steps = [(b["x0"] - a["x0"]) * POINT for a, b in pairwise(line.chars)]
    assert steps == [near(CELL, 0.05)] * 27
    assert line.size == near(16, 0.01)


def test_text_begins_two_characters_in_and_goes_on_flush():
    [page] = opened(render_official(paper(body=[Paragraph(PLAIN_TEXT)])))

    first, second = (line_with(page, part) for part in (PLAIN_TEXT[:20], PLAIN_TEXT[-8:]))
    assert (first.left, len(first.text)) == (near(LEFT + 2 * CELL), 26)
    assert second.left == near(LEFT)


def test_punctuation_neither_begins_a_line_nor_leaves_a_gap_at_its_end(pages):
    texts = [line for page in pages[:4] for line in text_lines(page) if line.size < 17]
    full = [line for line in texts if line.left == near(LEFT) and line.right > RIGHT - CELL]

    assert len(full) > 40
    assert [line.text for line in texts if line.text[0] in CLOSING] == []
    assert [line.text for line in texts if line.text[-1] in "（《“"] == []
    ends = [(line.text, line.right) for line in full if line.text[-1] not in CLOSING]
    assert ends == [(text, near(RIGHT)) for text, _right in ends]


def test_a_stop_at_the_end_of_a_line_stands_within_the_type_area():
    text = PLAIN_TEXT[:26] + PLAIN_TEXT[:28] + "。" + PLAIN_TEXT

    pdf = render_official(paper(body=[Paragraph(text)]))

    line = line_with(opened(pdf)[0], PLAIN_TEXT[:28] + "。")
    inked = ink(pdf, 0, LEFT - 5, line.box_top, RIGHT + 10, line.box_bottom)
    assert len(line.text) == 29
    assert inked[2] <= RIGHT + NEAR


def test_a_number_goes_to_the_next_line_as_a_whole():
    text = PLAIN_TEXT[:23] + "病案号20260815，超期"

    [page] = opened(render_official(paper(body=[Paragraph(text)])))

    assert line_with(page, "20260815").text == "20260815，超期"


def test_a_word_longer_than_a_line_fills_it_and_goes_on():
    [page] = opened(render_official(paper(body=[Paragraph("网址" + "0123456789" * 8)])))

    first, second = [line for line in text_lines(page) if "0123" in line.text]
    assert first.text + second.text == "网址" + "0123456789" * 8
    assert first.right == near(RIGHT)


def test_the_mark_is_red_and_its_upper_edge_35_mm_under_that_of_the_type_area(whole, pages):
    mark = line_with(pages[0], "某某市人民医院文件")

    left, top, right, _bottom = ink(whole, 0, LEFT, TOP, RIGHT, mark.em_bottom)
    assert top == near(TOP + 35)
    assert (left + right) / 2 == near(MIDDLE, 1)
    assert {char["non_stroking_color"] for char in mark.chars} == {(1, 0, 0)}


@pytest.mark.parametrize("organ", ["医院", "某某医科大学附属第一医院（某某省临床医学研究院）"])
def test_a_mark_of_any_length_is_one_line_within_the_type_area(organ):
    pdf = render_official(paper(mark=organ))

    mark = line_with(opened(pdf)[0], organ)
    left, top, right, _bottom = ink(pdf, 0, LEFT - 10, TOP, RIGHT + 10, mark.em_bottom)
    assert top == near(TOP + 35)
    assert LEFT - NEAR <= left < right <= RIGHT + NEAR


def test_the_number_stands_two_lines_under_the_mark_in_the_middle(pages):
    mark, number = lines(pages[0])[:2]

    assert number.text == "市医整发〔2026〕12号"
    assert number.box_top - mark.em_bottom == near(2 * PITCH)
    assert number.middle == near(MIDDLE)
    assert number.size == near(16, 0.01)


def test_the_red_rule_lies_4_mm_under_the_number_over_the_whole_type_area(whole, pages):
    number = lines(pages[0])[1]

    [(top, bottom)] = strokes(whole, 0, TOP, 140)
    assert top - number.em_bottom == near(4)
    assert bottom - top == near(0.7, 0.1)
    left, _top, right, _bottom = ink(whole, 0, 0, top, 210, bottom)
    assert (left, right) == (near(LEFT), near(RIGHT))
    assert {rect["non_stroking_color"] for rect in pages[0].rects} == {(1, 0, 0)}


def test_the_title_stands_two_lines_under_the_rule_and_the_recipient_one_under_the_title(
    whole, pages
):
    [(_top, rule)] = strokes(whole, 0, TOP, 140)
    first, second, recipient = lines(pages[0])[2:5]

    assert [first.text, second.text] == ["关于作风建设集中整顿第三期", "典型问题曝光情况的通报"]
    assert [first.size, second.size] == [near(22, 0.01)] * 2
    assert [first.middle, second.middle] == [near(MIDDLE)] * 2
    assert {first.font, second.font} == {"Paper-Biaosong-Heavy"}
    assert first.box_top - rule == near(2 * PITCH)
    assert second.baseline - first.baseline == near(PITCH, 0.05)
    assert recipient.text == "各科室、各党支部："
    assert recipient.left == near(LEFT)
    assert recipient.box_top - second.box_bottom == near(PITCH)


def test_page_numbers_stand_7_mm_under_the_type_area_odd_ones_right_even_ones_left(whole, pages):
    one = 14 * POINT
    for at, page in enumerate(pages, 1):
        number = lines(page)[-1]

        assert number.text == f"— {at} —"
        assert number.size == near(14, 0.01)
        assert number.font.startswith("Paper-Song")
        if at % 2:
            assert number.right == near(RIGHT - one)
        else:
            assert number.left == near(LEFT + one)
        dash = ink(whole, at - 1, number.left, BOTTOM + 1, number.left + 3, BOTTOM + 15)
        assert (dash[1] + dash[3]) / 2 == near(BOTTOM + 7)


def test_the_imprint_ends_the_type_area_of_the_last_page_and_of_no_other(whole, pages):
    bounds = strokes(whole, len(pages) - 1, TOP + 2 * PITCH, BOTTOM + 3)

    assert [bottom - top for top, bottom in bounds] == [
        near(0.35, 0.06),
        near(0.25, 0.06),
        near(0.35, 0.06),
    ]
    assert bounds[-1][1] == near(BOTTOM)
    for top, bottom in bounds:
        left, _top, right, _bottom = ink(whole, len(pages) - 1, 0, top, 210, bottom)
        assert (left, right) == (near(LEFT), near(RIGHT))
    assert [n for n, page in enumerate(pages) if "印发" in page.extract_text()] == [len(pages) - 1]


def test_the_imprint_is_of_size_4_one_character_in_on_both_sides(pages):
    copies, office = text_lines(pages[-1])[-2:]

    assert copies.text == "抄送：市卫生健康委员会，纪检监察室。"
    assert office.text == "某某市人民医院办公室2026年11月6日印发"
    assert [copies.size, office.size] == [near(14, 0.01)] * 2
    assert [copies.left, office.left] == [near(LEFT + 14 * POINT)] * 2
    assert office.right == near(RIGHT - 14 * POINT)


def test_a_full_last_page_hands_the_imprint_to_one_of_its_own():
    pages = opened(render_official(paper(body=[Paragraph("短句。")] * 8, copies_to=["院" * 300])))

    assert "印发" not in pages[0].extract_text()
    assert "印发" in pages[1].extract_text()


def signature(pdf):
    """The page of the signature, the line before it, organ and date."""
    for page in opened(pdf):
        found = text_lines(page)
        for at, line in enumerate(found):
            if line.text.endswith("日") and "年" in line.text and at > 1 and len(line.text) < 12:
                return page, found[at - 2], found[at - 1], line
    raise AssertionError("no signature")


def test_without_a_seal_the_organ_ends_two_characters_from_the_right():
    _page, text, organ, date = signature(render_official(paper()))

    assert organ.text == "某某市人民医院"
    assert date.text == "2026年11月5日"
    assert organ.right == near(RIGHT - 2 * CELL)
    assert date.left - organ.left == near(2 * CELL)
    assert organ.box_top - text.box_bottom == near(PITCH)
    assert date.box_top == near(organ.box_bottom, 0.05)


def test_a_date_longer_than_the_organ_ends_two_characters_from_the_right():
    _page, _text, organ, date = signature(render_official(paper(signature="整治办")))

    assert date.right == near(RIGHT - 2 * CELL)
    assert date.left - organ.left == near(2 * CELL)


def test_with_a_seal_the_organ_is_centred_over_a_date_four_characters_from_the_right():
    _page, text, organ, date = signature(render_official(paper(has_seal=True)))

    assert date.right == near(RIGHT - 4 * CELL)
    assert organ.middle == near(date.middle)
    # The seal of 42 mm, centred a little over organ and date, begins within a line of the text.
    top = organ.box_bottom - 25
    assert 0 <= top - text.box_bottom <= PITCH
    for line in (organ, date):
        reach = max(abs(line.em_top - top - 21), abs(line.em_bottom - top - 21))
        assert reach < 21
        assert math.hypot(reach, (date.right - date.left) / 2) < 28


def test_nothing_is_printed_where_the_seal_goes():
    body = [Paragraph("短句。")] * 3
    pdf = render_official(paper(body=body, has_seal=True, note="此件公开发布"))
    page, _text, organ, date = signature(pdf)

    under = [line for line in text_lines(page) if line.box_top > date.box_top + 1]

    assert under[0].text == "（此件公开发布）"
    assert under[0].right < date.middle - 21
    assert under[1].box_top > organ.box_bottom - 25 + 42


@pytest.mark.parametrize("count", range(10, 15))
def test_the_seal_does_not_reach_the_imprint_on_a_full_page(count):
    body = [Paragraph("短句。")] * count
    page, _text, organ, _date = signature(
        render_official(paper(mark="", number=None, body=body, has_seal=True))
    )

    copies = [line for line in text_lines(page) if line.text.startswith("抄送")]
    assert [line.box_top > organ.box_bottom - 25 + 42 for line in copies] == [True] * len(copies)


def test_an_organ_longer_than_its_place_stays_within_the_type_area():
    long = "某某医科大学附属第一医院作风建设集中整顿工作领导小组"
    page, *_lines = signature(render_official(paper(signature=long, has_seal=True)))

    organ = next(line for line in text_lines(page) if line.text == long)
    assert LEFT - NEAR <= organ.left < organ.right <= RIGHT + NEAR


@pytest.mark.parametrize("count", range(5, 12))
@pytest.mark.parametrize("has_seal", [False, True])
def test_a_signature_never_stands_on_a_page_without_text(count, has_seal):
    pdf = render_official(paper(body=[Paragraph("短句。")] * count, has_seal=has_seal))

    page, text, _organ, _date = signature(pdf)
    assert text.text == "短句。"
    assert "2026年11月5日" in page.extract_text()


def test_an_attachment_begins_a_page_with_its_name_and_its_title_on_the_third_line(pages):
    [first, second] = [page for page in pages if text_lines(page)[0].text.startswith("附件")]

    label, title = text_lines(first)[:2]
    assert (label.text, label.font) == ("附件1", "Paper-Hei")
    assert (label.left, label.box_top) == (near(LEFT), near(TOP))
    assert title.text == "逾期事项统计表"
    assert (title.middle, title.box_top) == (near(MIDDLE), near(TOP + 2 * PITCH))
    assert text_lines(second)[0].text == "附件2"


def test_the_names_of_attachments_stand_a_line_under_the_text_one_under_the_other():
    long = "关于进一步规范门诊收费窗口管理和改进服务态度的若干规定（试行）"
    pdf = render_official(
        paper(mark="", number=None, attachments=[Attachment("名单", []), Attachment(long, [])])
    )

    found = text_lines(opened(pdf)[0])
    at = next(n for n, line in enumerate(found) if line.text.startswith("附件："))
    first, second, third = found[at : at + 3]
    assert first.text == "附件：1.名单"
    assert first.left == near(LEFT + 2 * CELL)
    assert first.box_top - found[at - 1].box_bottom == near(PITCH)
    assert second.left == near(LEFT + 5 * CELL)
    assert third.left == near(second.chars[2]["x0"] * POINT)
    assert second.text + third.text == f"2.{long}"


def test_a_single_attachment_has_no_number():
    one = paper(mark="", number=None, attachments=[Attachment("名单", [TABLE])])
    first, second = opened(render_official(one))

    assert "附件：名单" in first.extract_text()
    assert text_lines(second)[0].text == "附件"


def test_headings_have_the_type_of_their_level(pages):
    fonts = {
        line.text: line.font
        for page in pages
        for line in text_lines(page)
        if line.text in {"一、总体情况", "（一）门诊方面", "1.收费窗口", "（1）三号窗口"}
    }

    assert fonts == {
        "一、总体情况": "Paper-Hei",
        "（一）门诊方面": "Paper-Kai",
        "1.收费窗口": "Paper-Fang",
        "（1）三号窗口": "Paper-Fang",
    }


def test_a_run_in_heading_changes_its_type_where_the_text_begins(pages):
    line = next(line for page in pages for line in text_lines(page) if "归档超期。各" in line.text)

    fonts = [char["fontname"].partition("+")[2] for char in line.chars]
    assert fonts[:14] == ["Paper-Kai"] * 14
    assert set(fonts[15:]) == {"Paper-Fang"}


def test_without_a_mark_the_title_begins_the_type_area_and_nothing_is_red():
    pdf = render_official(paper(mark="", number=None))

    [page] = opened(pdf)
    assert text_lines(page)[0].box_top == near(TOP)
    colours = {char["non_stroking_color"] for char in page.chars}
    assert colours | {rect["non_stroking_color"] for rect in page.rects} == {(0, 0, 0)}


def test_without_a_mark_the_number_stands_once_under_the_title():
    [page] = opened(render_official(paper(mark="", copies_to=[], printed_by="")))

    found = text_lines(page)
    at = next(n for n, line in enumerate(found) if "市医整发" in line.text)
    assert page.extract_text().count("市医整发") == 1
    assert found[at - 1].text == "典型问题曝光情况的通报"
    assert found[at].middle == near(MIDDLE)


def test_every_page_of_a_draft_says_so_in_the_margin_and_shows_the_blanks():
    pages = opened(render_official(draft(body=[Paragraph(SENTENCE * 3)] * 5)))

    assert len(pages) > 2
    words = [next(line for line in lines(page) if line.text == "代拟稿") for page in pages]
    assert [line.em_bottom < TOP and line.right < RIGHT + NEAR for line in words] == [True] * len(
        pages
    )
    assert lines(pages[0])[2].text == "市医整发〔　　〕　号"
    assert [line.text for line in text_lines(pages[-1])][-3] == "　　年　月　日"


def test_a_numbered_paper_does_not_call_itself_a_draft(pages):
    assert [page.page_number for page in pages if "代拟稿" in page.extract_text()] == []


def test_a_table_keeps_to_the_type_area_and_repeats_its_head():
    rows = TABLE.rows * 20
    long = Table(TABLE.columns, rows, TABLE.caption)

    pages = opened(render_official(paper(mark="", number=None, body=[long])))

    assert [page.extract_text().count("序号") for page in pages] == [1] * len(pages)
    assert len(pages) > 1
    edges = [edge for page in pages for edge in page.edges]
    assert min(edge["x0"] for edge in edges) * POINT == near(LEFT)
    assert max(edge["x1"] for edge in edges) * POINT == near(RIGHT)


def test_a_paper_has_a_number_and_a_date_or_is_a_draft():
    for facts in (
        {"number": Number("市医整发")},
        {"date": None},
        {"is_draft": True},
        {"is_draft": True, "number": None},
        {"is_draft": True, "date": None},
    ):
        with pytest.raises(ValueError, match="draft"):
            paper(**facts)


def test_dates_and_numbers_have_no_leading_zeros():
    early = paper(number=Number("市医", 2026, 7), date=datetime.date(2026, 7, 5))

    assert (str(early.number), early.dated) == ("市医〔2026〕7号", "2026年7月5日")
