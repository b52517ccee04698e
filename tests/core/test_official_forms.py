"""Papers that are filled in and signed by hand, measured on what was printed."""

import pytest

from core.documents import MissingGlyphError
from core.official import (
    Fact,
    Facts,
    OfficialPaper,
    Paragraph,
    Signatures,
    SigningLine,
    render_official,
)
from tests.core.official import (
    BOTTOM,
    CELL,
    LEFT,
    PITCH,
    POINT,
    RIGHT,
    SENTENCE,
    TOP,
    line_with,
    opened,
    record,
    text_lines,
)

NEAR = 0.5
SIGNED = ["谈话人签名：", "被谈话人签名：", "记录人签名："]
DATED = "　　　年　　月　　日"
NOT_IN_ANY_FONT = "\U000323b0"


def near(expected, tolerance=NEAR):
    return pytest.approx(expected, abs=tolerance)


def form(*body):
    return OfficialPaper(title="说明", body=body)


def blanks(page):
    """The strokes to sign on: left, right and height of each, from top to bottom."""
    wide = [one for one in page.rects if one["width"] * POINT > CELL and one["height"] < 2]
    return sorted(
        ((one["x0"] * POINT, one["x1"] * POINT, one["top"] * POINT) for one in wide),
        key=lambda one: one[2],
    )


def signing_page(*lines):
    return opened(render_official(form(Paragraph(SENTENCE), Signatures(lines))))[0]


def test_labels_stand_under_one_another_on_the_grid_a_line_under_the_text():
    page = signing_page(*map(SigningLine, ["谈话人签名", "被谈话人签名：", "记录人签名"]))

    found = text_lines(page)
    text, *signed = found[-4:]
    assert [line.text for line in signed] == [label + DATED for label in SIGNED]
    assert [line.left for line in signed] == [near(LEFT + 2 * CELL)] * 3
    tops = [line.box_top for line in signed]
    start = text.box_bottom + PITCH
    assert tops == [near(start + at * PITCH, 0.05) for at in range(3)]


def test_the_blanks_begin_behind_the_longest_label_and_end_before_the_dates():
    page = signing_page(*map(SigningLine, ["谈话人签名", "被谈话人签名"]))

    signed = [line_with(page, label) for label in SIGNED[:2]]
    found = blanks(page)
    assert [(left, right) for left, right, _top in found] == [
        (near(LEFT + 9.5 * CELL), near(LEFT + 16 * CELL))
    ] * 2
    for line, (_left, _right, top) in zip(signed, found, strict=True):
        assert 0 < top - line.baseline < 2.5
        assert line.right == near(RIGHT - CELL)


def test_who_signs_without_a_date_has_the_blank_alone():
    page = signing_page(SigningLine("本人签名", is_dated=False))

    assert text_lines(page)[-1].text == "本人签名："
    [(left, right, _top)] = blanks(page)
    assert (left, right) == (near(LEFT + 7.5 * CELL), near(RIGHT - CELL))


def test_a_label_too_long_to_stand_before_its_blank_stands_over_it():
    long = "被谈话人所在党支部书记（或者所在科室的其他负责人，以及在场的全体人员）签名"
    page = signing_page(SigningLine(long), SigningLine("记录人"))

    found = text_lines(page)
    at = next(n for n, line in enumerate(found) if line.text.startswith("被谈话人"))
    over = "".join(line.text for line in found[at : at + 2])
    assert over == f"{long}："
    assert [line.text.strip("　") for line in found[at + 2 :]] == [
        DATED.strip("　"),
        f"记录人：{DATED}",
    ]
    assert max(line.right for line in found[at:]) < RIGHT + NEAR
    assert [left for left, _right, _top in blanks(page)] == [near(LEFT + 6.5 * CELL)] * 2


def test_nobody_to_sign_is_refused():
    with pytest.raises(ValueError, match="sign"):
        Signatures([])


@pytest.mark.parametrize("count", range(13, 21))
def test_signatures_share_a_page_with_one_another_and_with_text(count):
    lines = map(SigningLine, ["谈话人签名", "被谈话人签名", "记录人签名"])

    pages = opened(render_official(form(*[Paragraph("短句。")] * count, Signatures(list(lines)))))

    texts = [line.text for line in text_lines(pages[-1])]
    assert texts[-4:] == ["短句。", *(label + DATED for label in SIGNED)]


def test_a_record_of_many_pages_loses_nothing_and_signs_on_the_last():
    paragraphs = [Paragraph(f"第{at}点：{SENTENCE * 2}") for at in range(1, 31)]

    pages = opened(render_official(record(*paragraphs)))

    text = "".join(line.text for page in pages for line in text_lines(page))
    assert len(pages) > 4
    assert [text.count(f"第{at}点") for at in range(1, 31)] == [1] * 30
    assert [n for n, page in enumerate(pages) if "记录人签名" in page.extract_text()] == [
        len(pages) - 1
    ]
    assert {len(text_lines(page)) for page in pages[1:-1]} == {22}
    for page in pages:
        inside = [
            line.box_top >= TOP - NEAR and line.box_bottom <= BOTTOM + NEAR
            for line in text_lines(page)
        ]
        assert inside == [True] * len(inside)


def test_facts_stand_in_pairs_and_a_wide_one_for_itself():
    paired = Facts(
        [Fact("甲"), Fact("乙"), Fact("丙"), Fact("丁", is_wide=True), Fact("戊")], is_paired=True
    )
    single = Facts([Fact("甲"), Fact("乙", is_wide=True)])

    assert [[fact.label for fact in row] for row in paired.rows] == [
        ["甲", "乙"],
        ["丙"],
        ["丁"],
        ["戊"],
    ]
    assert [[fact.label for fact in row] for row in single.rows] == [["甲"], ["乙"]]


def test_a_table_of_facts_fills_the_type_area_and_leaves_room_to_write():
    [page] = opened(render_official(record()))

    [table] = page.find_tables()
    assert (table.bbox[0] * POINT, table.bbox[2] * POINT) == (near(LEFT), near(RIGHT))
    heights = [(row.bbox[3] - row.bbox[1]) * POINT for row in table.rows]
    cells = [[cell for cell in row.cells if cell] for row in table.rows]
    assert [len(row) for row in cells] == [4, 4, 2, 2]
    assert min(heights) >= PITCH
    assert heights[-1] >= 4 * PITCH
    assert table.extract()[0] == ["谈话对象", "李某某", "职务", "泌尿外科主任"]


def test_a_row_goes_to_the_next_page_as_a_whole_unless_it_is_long():
    before = [Paragraph("短句。")] * 15
    room = Facts([Fact("意见", room=6)])
    long = Facts([Fact("内容", SENTENCE * 20)])

    whole, broken = (opened(render_official(form(*before, facts))) for facts in (room, long))

    assert ["意见" in page.extract_text() for page in whole] == [False, True]
    assert "内容" in "".join(page.extract_text() for page in broken)
    texts = ["".join(page.extract_text().split()) for page in broken]
    assert sum(text.count("严肃追责问责") for text in texts) == 20
    assert "一把手" in texts[0]


@pytest.mark.parametrize(
    ("block", "field"),
    [
        (Facts([Fact("谈话对象", f"李{NOT_IN_ANY_FONT}")]), "谈话对象"),
        (Signatures([SigningLine(f"李{NOT_IN_ANY_FONT}")]), f"李{NOT_IN_ANY_FONT}"),
    ],
)
def test_a_missing_character_is_named_with_the_fact_it_stands_in(block, field):
    with pytest.raises(MissingGlyphError) as refusal:
        render_official(form(block))

    assert {(one.character, one.field) for one in refusal.value.missing} == {
        (NOT_IN_ANY_FONT, field)
    }


def test_the_same_record_gives_the_same_bytes():
    assert render_official(record()) == render_official(record())
