"""Paper: read back what was printed."""

import io
import logging

import pytest
from django.contrib.staticfiles import finders
from pypdf import PdfReader

from core import fonts
from core.documents import Column, Ledger, MissingGlyphError, Row, render_ledger, render_pdf
from core.glyphs import missing_glyphs
from core.pdf import ForbiddenResourceError, write

COLUMNS = [Column("序号", 5, is_short=True), Column("问题", 30), Column("责任领导", 10)]


def ledger(rows=3, leader="李敏", paper="A4", **facts):
    return Ledger(
        heading="作风建设问题整改台账",
        columns=COLUMNS,
        rows=[
            Row(f"ZG-{number:03}", [str(number), "门诊收费窗口排队时间过长", leader])
            for number in range(1, rows + 1)
        ],
        paper=paper,
        **facts,
    )


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def plain(page):
    return "".join(page.extract_text().split())


def fonts_in(reader):
    return {
        font["/BaseFont"].partition("+")[2]
        for page in reader.pages
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values())
    }


def test_a_ledger_states_unit_reviewer_date_filter_and_count():
    pdf = render_ledger(
        ledger(unit="市人民医院", reviewer="王强", date="2026年5月6日", filters="责任科室 = 外科"),
        language="en",
    )

    text = plain(read(pdf).pages[0])
    for piece in ("市人民医院", "王强", "2026年5月6日", "责任科室=外科", "3inall", "Page1of1"):
        assert piece in text


def test_the_columns_fill_the_paper_exactly():
    widths = [4, 7, 22, 14, 22, 8, 10, 8, 7]

    shares = [
        share
        for _, share in Ledger(
            heading="x", columns=[Column("x", width) for width in widths], rows=[]
        ).shaped_columns
    ]

    assert sum(shares) == 100
    assert min(shares) > 0


def test_every_page_has_the_header_and_its_number_and_no_row_is_split():
    pages = read(render_ledger(ledger(rows=90), language="en")).pages

    assert len(pages) > 2
    texts = [plain(page) for page in pages]
    assert all("责任领导" in text and "序号" in text for text in texts)
    assert [f"Page{n}of{len(pages)}" in text for n, text in enumerate(texts, 1)] == [True] * len(
        pages
    )
    assert sum(text.count("门诊收费窗口排队时间过长") for text in texts) == 90


@pytest.mark.parametrize(("paper", "width"), [("A4", 842), ("A3", 1191)])
def test_a_ledger_lies_on_its_side(paper, width):
    [page] = read(render_ledger(ledger(paper=paper))).pages

    assert round(page.mediabox.width) == width
    assert page.mediabox.width > page.mediabox.height


def test_only_our_fonts_are_used_and_rare_names_print():
    reader = read(render_ledger(ledger(leader="珺玥喆昇垚翀𬱟")))

    assert {name.split("-")[0] for name in fonts_in(reader)} == {"Paper"}
    assert "珺玥喆昇垚翀𬱟" in plain(reader.pages[0])


def test_a_document_is_tagged_has_a_title_and_a_language():
    reader = read(render_ledger(ledger(), language="zh-hans"))

    assert reader.metadata.title == "作风建设问题整改台账"
    assert reader.trailer["/Root"]["/Lang"] == "zh-hans"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_same_content_gives_the_same_bytes():
    assert render_ledger(ledger()) == render_ledger(ledger())


def test_our_styles_are_understood_to_the_last_line(caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        render_ledger(ledger())

    assert [record.getMessage() for record in caplog.records if record.name == "weasyprint"] == []


def test_a_missing_character_is_named_with_its_code_its_column_and_its_row():
    with pytest.raises(MissingGlyphError) as refusal:
        render_ledger(ledger(rows=2, leader="李\U000323b0敏"))

    assert [(one.character, one.field, one.row) for one in refusal.value.missing] == [
        ("\U000323b0", "责任领导", "ZG-001"),
        ("\U000323b0", "责任领导", "ZG-002"),
    ]
    assert "(U+323B0)" in str(refusal.value)
    assert "row ZG-001" in str(refusal.value)


@pytest.mark.parametrize(
    ("html", "field", "row", "excerpt"),
    [
        ("<p>很好👍</p>", "", "", "很好👍"),
        ('<p>甲</p><p data-field="heading">👍</p>', "heading", "", "👍"),
        ('<div data-field="reason">甲<p>乙</p><b>👍</b></div>', "reason", "", "👍"),
        (
            """<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>
            <tr><td>1</td><td>2</td></tr><tr><td>1</td><td>👍</td></tr></tbody></table>""",
            "B",
            "2",
            "👍",
        ),
    ],
)
def test_where_a_missing_character_stands(html, field, row, excerpt):
    [missing] = missing_glyphs(html)

    assert (missing.character, missing.field, missing.row, missing.excerpt) == (
        "👍",
        field,
        row,
        excerpt,
    )


def test_spaces_controls_and_variation_selectors_need_no_glyph():
    assert missing_glyphs("<p>葛\U000e0100 \u200b\u00a0\u2003\ufe0f\n</p><style>👍</style>") == []


@pytest.mark.parametrize(
    "address",
    ["https://example.org/x.png", "file:///etc/passwd", "static:../manage.py", "font:x.ttf"],
)
def test_a_document_may_load_nothing_but_static_files(address):
    with pytest.raises(ForbiddenResourceError):
        write(f'<p>x</p><img src="{address}" alt="">')


def test_a_hospitals_own_font_comes_first_and_ours_stand_in(tmp_path, settings):
    from fontTools.ttLib import TTFont

    font = TTFont(finders.find("fonts/wenkai/PaperKai.ttf"))
    for record in font["name"].names:
        if record.nameID in (1, 4):
            record.string = "仿宋_GB2312"
    font["name"].setName("FangSong_GB2312", 6, 3, 1, 0x409)
    font.save(tmp_path / "simfang.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    settings.FONT_DIR = str(tmp_path)

    assert fonts.licensed_roles() == {"fang"}
    reader = read(render_ledger(ledger(unit="市人民医院𬱟")))
    assert {"Paper-Song", "Paper-Fang"} & fonts_in(reader) == {"Paper-Song"}


def test_every_font_file_is_the_one_that_was_checked_in():
    import hashlib
    from pathlib import Path

    folder = Path(finders.find("fonts/SHA256SUMS")).parent
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_the_language_of_the_document_is_not_the_readers_when_it_is_given():
    assert "Page" in plain(read(render_ledger(ledger(), language="en")).pages[0])


def test_a_template_of_an_app_extends_the_paper(tmp_path, settings):
    (tmp_path / "note.html").write_text(
        '{% extends "core/documents/paper.html" %}{% block body %}<h1>{{ words }}</h1>{% endblock %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, "templates"]}]

    reader = read(render_pdf("note.html", {"words": "通知"}, title="通知"))

    assert "通知" in plain(reader.pages[0])
