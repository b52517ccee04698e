"""Letters and records as docx, read back with python-docx."""

import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from core.official import (
    Fact,
    Facts,
    OfficialPaper,
    Paragraph,
    Signatures,
    SigningLine,
    render_official,
    write_docx,
)
from tests.core.official import SENTENCE, letter, lines, opened, paper, record
from tests.core.test_official_docx import everything, paragraph_with, read, run_fonts

FANG, KAI = "仿宋_GB2312", "楷体_GB2312"


def rules_of(paragraph):
    """The rules over and under a paragraph in millimetres."""
    return {
        one.tag.partition("}")[2]: int(one.get(qn("w:sz"))) / 8 * 25.4 / 72
        for one in paragraph._p.pPr.find(qn("w:pBdr"))
    }


def frame_of(paragraph):
    frame = paragraph._p.pPr.find(qn("w:framePr"))
    return {one.partition("}")[2]: value for one, value in frame.attrib.items()}


def test_the_mark_of_a_letter_stands_30_mm_from_the_edge_of_the_page():
    mark = read(letter()).paragraphs[0]

    frame = frame_of(mark)
    assert (frame["vAnchor"], frame["hAnchor"], frame["xAlign"]) == ("page", "page", "center")
    assert (int(frame["y"]), int(frame["w"])) == (Mm(30).twips, Mm(170).twips)
    assert str(mark.runs[0].font.color.rgb) == "FF0000"


def test_the_first_double_rule_lies_4_mm_under_the_mark_in_its_frame_the_thick_one_above():
    mark, rule = read(letter()).paragraphs[:2]

    strokes = rules_of(rule)
    assert frame_of(rule) == frame_of(mark)
    assert rule.paragraph_format.space_before.mm == pytest.approx(4, abs=0.05)
    assert strokes["top"] > 1.5 * strokes["bottom"]
    assert {one.get(qn("w:color")) for one in rule._p.pPr.find(qn("w:pBdr"))} == {"FF0000"}


def test_the_second_double_rule_is_in_the_footer_of_the_first_page_alone():
    [section] = read(letter()).sections

    rule = section.first_page_footer.paragraphs[0]
    strokes = rules_of(rule)
    assert section.different_first_page_header_footer
    assert strokes["bottom"] > 1.5 * strokes["top"]
    end = int(frame_of(rule)["y"]) / 1440 * 25.4 + sum(strokes.values()) + 0.5
    assert end == pytest.approx(297 - 20, abs=0.5)
    for footer in (section.footer, section.even_page_footer):
        assert [one._p.pPr.find(qn("w:pBdr")) for one in footer.paragraphs] == [None]


def test_the_first_page_of_a_letter_has_no_number_and_the_others_have_theirs():
    [section] = read(letter()).sections

    texts = ["".join(one.text for one in section.first_page_footer.paragraphs)]
    texts += [one.paragraphs[0].text for one in (section.footer, section.even_page_footer)]
    assert texts == ["", "—  —", "—  —"]


def test_an_ordinary_paper_has_a_first_page_like_the_others():
    [section] = read(paper()).sections

    assert not section.different_first_page_header_footer


def test_the_number_of_a_letter_stands_right_and_the_title_two_lines_under_it():
    document = read(letter())

    number, title = (paragraph_with(document, text) for text in ("市医函", "关于民主"))
    assert number.alignment == 2
    assert number._p.pPr.find(qn("w:pBdr")) is None
    assert title.paragraph_format.space_before.twips == 2 * 579


def test_without_a_mark_a_letter_has_no_rules():
    document = read(letter(mark=""))
    [section] = document.sections

    assert list(document.element.body.iter(qn("w:pBdr"), qn("w:framePr"))) == []
    assert list(section.first_page_footer._element.iter(qn("w:pBdr"))) == []
    assert document.paragraphs[0].text == "市医函〔2026〕7号"


def test_the_imprint_of_a_letter_names_the_copies_and_has_no_rules():
    table = read(letter(copies_to=["院党委"])).tables[-1]

    assert [row.cells[0].text for row in table.rows] == ["抄送：院党委。"]
    assert table._tbl.tblPr.find(qn("w:tblBorders")) is None
    assert table.style.name == "Normal Table"


def test_a_draft_says_so_on_the_first_page_too():
    [section] = read(letter(number=None, date=None, is_draft=True)).sections

    headers = (section.first_page_header, section.header, section.even_page_header)
    assert [one.paragraphs[0].text for one in headers] == ["代拟稿"] * 3


def test_the_approver_stands_at_the_end_of_the_line_of_the_number():
    line = paragraph_with(read(paper(approver="张某某")), "市医整发")

    assert line.text == "市医整发〔2026〕12号\t签发人：张某某"
    assert [run_fonts(run) for run in line.runs] == [{FANG}, {FANG}, {KAI}]
    [stop] = line.paragraph_format.tab_stops
    assert stop.position.mm == pytest.approx(156 - 156 / 28, abs=0.1)


@pytest.mark.parametrize("given", [letter(copies_to=["院党委"]), record()])
def test_the_text_is_that_of_the_pdf_in_the_same_order(given):
    printed = "".join(
        line.text
        for page in opened(render_official(given))
        for line in lines(page)
        if "—" not in line.text
    )
    written = "".join(everything(read(given)))

    assert sorted("".join(written.split())) == sorted("".join(printed.split()))


def test_lines_to_sign_on_are_drawn_by_a_tab_and_stay_together():
    document = read(record())

    signed = [one for one in document.paragraphs if "签名：" in one.text]
    assert [one.text for one in signed] == [
        f"{label}签名：\t\t\t　　　年　　月　　日" for label in ("谈话人", "被谈话人", "记录人")
    ]
    for one in signed:
        assert [stop.leader for stop in one.paragraph_format.tab_stops] == [0, 3, 0]
    kept = [one.paragraph_format.keep_with_next for one in document.paragraphs[-5:]]
    assert kept == [True] * 4 + [False]


def test_signatures_after_a_table_keep_its_last_row():
    document = read(
        OfficialPaper(
            title="说明", body=[Facts([Fact("甲"), Fact("乙")]), Signatures([SigningLine("本人")])]
        )
    )

    rows = document.tables[0].rows
    kept = [
        {one.paragraph_format.keep_with_next for cell in row.cells for one in cell.paragraphs}
        for row in rows
    ]
    assert kept == [{None}, {True}]


def test_a_label_over_its_blank_leaves_no_tab_before_it():
    long = "被谈话人所在党支部书记或者其他负责人签名"
    document = read(OfficialPaper(title="说明", body=[Signatures([SigningLine(long)])]))

    over, signed = document.paragraphs[-2:]
    assert (over.text, signed.text) == (f"{long}：", "\t\t　　　年　　月　　日")
    assert signed.paragraph_format.tab_stops[0].position.mm == pytest.approx(2 * 156 / 28, abs=0.1)


def test_facts_have_their_room_and_a_wide_one_the_cells_of_two():
    [table] = read(record()).tables

    assert [cell.text for cell in table.rows[0].cells] == [
        "谈话对象",
        "李某某",
        "职务",
        "泌尿外科主任",
    ]
    assert [len(row._tr.tc_lst) for row in table.rows] == [4, 4, 2, 2]
    assert table.rows[-1].height.twips == 4 * 579
    widths = [tc.width.mm for tc in table.rows[0]._tr.tc_lst]
    assert widths == [pytest.approx(156 * share / 100, abs=0.1) for share in (18, 32, 18, 32)]


def test_only_a_long_row_may_be_broken():
    facts = Facts([Fact("甲", "短"), Fact("乙", SENTENCE * 10)])
    [table] = read(OfficialPaper(title="说明", body=[facts, Paragraph("无")])).tables

    kept = [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows]
    assert kept == [True, False]


def test_the_same_letter_gives_the_same_bytes():
    assert write_docx(letter()) == write_docx(letter())
