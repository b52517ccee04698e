"""The docx: the same paper in Word's own terms, read back with python-docx."""

import io
import zipfile

import pytest
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from docx.table import Table as WordTable
from docx.table import _Cell

from core.official import Attachment, Heading, Paragraph, RunIn, render_official, write_docx
from tests.core.official import DAY, SENTENCE, TABLE, draft, full_paper, lines, opened, paper

FANG, KAI, HEI, BIAOSONG, SONG = (
    "仿宋_GB2312",
    "楷体_GB2312",
    "黑体",
    "方正小标宋简体",
    "宋体",
)


def read(given):
    return Document(io.BytesIO(write_docx(given)))


def everything(document):
    """Paragraphs and cells in the order of the paper."""
    for one in document.iter_inner_content():
        if isinstance(one, WordTable):
            yield from (_Cell(tc, one).text for row in one.rows for tc in row._tr.tc_lst)
        else:
            yield one.text


def run_fonts(run):
    fonts = run.font.element.rPr.find(qn("w:rFonts"))
    return {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")}


def paragraph_with(document, text):
    return next(one for one in document.paragraphs if one.text.startswith(text))


def test_the_page_has_the_margins_of_the_standard():
    [section] = read(full_paper()).sections

    measured = [
        round(one.mm, 1)
        for one in (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
    ]
    assert measured == [210, 297, 37, 35, 28, 26]


def test_the_grid_holds_22_lines_of_28_characters():
    [section] = read(full_paper()).sections
    [grid] = section._sectPr.findall(qn("w:docGrid"))

    line = int(grid.get(qn("w:linePitch")))
    character = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    area = Length(section.page_height - section.top_margin - section.bottom_margin)
    width = Length(section.page_width - section.left_margin - section.right_margin)
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert area.twips // line == 22
    assert round(width.pt / character, 2) == 28


def test_the_default_type_is_fang_of_size_3_in_exact_lines_of_the_grid():
    normal = read(paper()).styles["Normal"]

    assert normal.font.size.pt == 16
    assert normal.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == FANG
    assert normal.paragraph_format.line_spacing.twips == 579
    assert normal.paragraph_format.line_spacing_rule == 4  # exactly


@pytest.mark.parametrize(
    ("text", "font", "size"),
    [
        ("某某市人民医院文件", BIAOSONG, 48),
        ("市医整发〔2026〕12号", FANG, 16),
        ("关于作风建设", BIAOSONG, 22),
        ("各科室、各党支部：", FANG, 16),
        ("一、总体情况", HEI, 16),
        ("（一）门诊方面", KAI, 16),
        ("1.收费窗口", FANG, 16),
        ("（1）三号窗口", FANG, 16),
        ("（二）泌尿外科病历归档超期。", KAI, 16),
        ("附件1", HEI, 16),
    ],
)
def test_every_part_has_its_font_by_name_and_its_size(text, font, size):
    run = paragraph_with(read(full_paper()), text).runs[0]

    assert run_fonts(run) == {font}
    assert run.font.size.pt == size


def test_the_mark_is_red_35_mm_down_and_the_number_has_the_red_rule_under_it():
    document = read(paper())

    mark, number = document.paragraphs[:2]
    assert str(mark.runs[0].font.color.rgb) == "FF0000"
    assert mark.paragraph_format.space_before == Mm(35).twips * 635
    [rule] = number._p.pPr.iter(qn("w:bottom"))
    assert (rule.get(qn("w:color")), rule.get(qn("w:sz"))) == ("FF0000", "16")


def test_the_text_is_that_of_the_pdf_in_the_same_order():
    given = full_paper()

    printed = "".join(
        line.text
        for page in opened(render_official(given))
        for line in lines(page)
        if "—" not in line.text
    )
    written = "".join(everything(read(given)))

    assert "".join(written.split()) == "".join(printed.split())


def test_text_is_indented_by_two_characters_and_flush_text_is_not():
    document = read(paper(body=[Paragraph("有缩进"), Paragraph("没有", is_flush=True)]))

    indents = [
        paragraph_with(document, text).paragraph_format.first_line_indent
        for text in ("有缩进", "没有")
    ]
    assert indents[0].mm == pytest.approx(2 * 156 / 28, abs=0.1)
    assert indents[1] is None


def test_a_heading_stays_with_its_text_and_stands_in_the_navigation():
    document = read(paper(body=[Heading(1, "总体情况"), RunIn(2, "标题。", "正文")]))

    heading, run_in = (paragraph_with(document, text) for text in ("一、", "（一）"))
    assert heading.paragraph_format.keep_with_next
    assert heading._p.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == "1"
    assert run_in._p.pPr.find(qn("w:outlineLvl")) is None


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    document = read(paper())
    [section] = document.sections

    assert document.settings.odd_and_even_pages_header_footer
    footers = [section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]]
    assert [one.text for one in footers] == ["—  —", "—  —"]
    assert [one.alignment for one in footers] == [2, 0]
    for one in footers:
        assert [run.font.size.pt for run in one.runs] == [14] * 3
        assert run_fonts(one.runs[0]) == {SONG}
        assert [part.text for part in one._p.iter(qn("w:instrText"))] == ["PAGE"]


def test_a_draft_says_so_on_every_page_and_shows_the_blanks():
    document = read(draft())
    [section] = document.sections

    headers = [section.header.paragraphs[0].text, section.even_page_header.paragraphs[0].text]
    assert headers == ["代拟稿", "代拟稿"]
    texts = list(everything(document))
    assert "市医整发〔　　〕　号" in texts
    assert "　　年　月　日" in texts
    assert document.core_properties.created is None


def test_a_numbered_paper_has_no_header():
    [section] = read(paper()).sections

    assert [section.header.paragraphs[0].text, section.even_page_header.is_linked_to_previous] == [
        "",
        True,
    ]


def test_an_attachment_begins_a_page():
    document = read(paper(attachments=[Attachment("名单", [TABLE])]))

    assert paragraph_with(document, "附件").text == "附件：名单"
    label = next(one for one in document.paragraphs if one.text == "附件")
    assert label.paragraph_format.page_break_before
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["序号", "科室", "问题"]
    assert document.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_imprint_is_a_table_at_the_bottom_of_the_type_area():
    table = read(full_paper()).tables[-1]

    assert [row.cells[0].text for row in table.rows] == [
        "抄送：市卫生健康委员会，纪检监察室。",
        "某某市人民医院办公室\t2026年11月6日印发",
    ]
    place = table._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    borders = {
        one.tag.partition("}")[2]: int(one.get(qn("w:sz"))) / 8 * 25.4 / 72
        for one in table._tbl.tblPr.find(qn("w:tblBorders"))
    }
    assert borders == {
        "top": pytest.approx(0.35, abs=0.01),
        "bottom": pytest.approx(0.35, abs=0.01),
        "insideH": pytest.approx(0.25, abs=0.02),
    }
    sizes = {run.font.size.pt for row in table.rows for run in row.cells[0].paragraphs[0].runs}
    assert sizes == {14}


def test_organ_and_date_of_the_signature_stay_with_the_text():
    document = read(paper(body=[Paragraph(SENTENCE)], has_seal=True))
    texts = document.paragraphs
    at = next(n for n, one in enumerate(texts) if one.text == "2026年11月5日")

    assert [one.text for one in texts[at - 3 : at]] == ["", "", "某某市人民医院"]
    assert [one.paragraph_format.keep_with_next for one in texts[at - 4 : at]] == [True] * 4


def test_a_file_says_its_title_author_language_and_day():
    facts = read(paper(subject="作风建设")).core_properties

    assert facts.title == "关于作风建设集中整顿第三期典型问题曝光情况的通报"
    assert (facts.author, facts.subject, facts.language) == ("某某市人民医院", "作风建设", "zh-CN")
    assert facts.created.date() == DAY


def test_the_same_paper_gives_the_same_bytes_in_either_language():
    with translation.override("en"):
        english = write_docx(full_paper())
    with translation.override("zh-hans"):
        assert write_docx(full_paper()) == english

    with zipfile.ZipFile(io.BytesIO(english)) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
