"""What a printed paper is as a file, and what it refuses to print."""

import io
import logging
import time

import pytest
from django.utils import translation
from pypdf import PdfReader

from core.documents import Column, MissingGlyphError, Row
from core.official import Attachment, Heading, Paragraph, RunIn, Table, render_official
from core.official.paper import chinese, numbered
from tests.core.official import SENTENCE, draft, full_paper, opened, paper

NOT_IN_ANY_FONT = "\U000323b0"


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def test_a_paper_is_tagged_and_says_its_language_title_author_and_subject():
    reader = read(render_official(paper(author="整治办", subject="作风建设集中整顿")))

    facts = reader.metadata
    assert facts.title == "关于作风建设集中整顿第三期典型问题曝光情况的通报"
    assert (facts.author, facts.subject) == ("整治办", "作风建设集中整顿")
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_author_is_the_signature_where_nobody_is_named():
    assert read(render_official(paper())).metadata.author == "某某市人民医院"


def test_the_language_of_the_page_changes_nothing_on_the_paper():
    with translation.override("en"):
        english = render_official(draft())
    with translation.override("zh-hans"):
        chinese_page = render_official(draft())

    assert [page.extract_text() for page in opened(english)] == [
        page.extract_text() for page in opened(chinese_page)
    ]


def test_the_same_paper_gives_the_same_bytes():
    assert render_official(full_paper()) == render_official(full_paper())


def test_only_our_fonts_print_it_and_rare_names_come_out():
    reader = read(render_official(full_paper(signature="珺玥喆昇垚翀𬱟医院")))

    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.split("-")[0] for name in fonts} == {"Paper"}
    text = "".join(page.extract_text() for page in reader.pages)
    assert "珺玥喆昇垚翀𬱟医院" in "".join(text.split())


def test_the_styles_are_understood_to_the_last_line(caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        render_official(full_paper())

    assert [one.getMessage() for one in caplog.records if one.name == "weasyprint"] == []


BROKEN = f"李{NOT_IN_ANY_FONT}敏"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": f"关于{BROKEN}同志的通报"}, "title"),
        ({"mark": f"{BROKEN}医院"}, "organ mark"),
        ({"recipient": BROKEN}, "main recipient"),
        ({"signature": BROKEN}, "signature"),
        ({"note": BROKEN}, "note"),
        ({"copies_to": [BROKEN]}, "copies to"),
        ({"printed_by": BROKEN}, "printing office"),
        ({"body": [Paragraph("无"), Paragraph(BROKEN)]}, "paragraph 2"),
        ({"body": [Heading(1, BROKEN)]}, "paragraph 1"),
        ({"body": [RunIn(2, "标题。", BROKEN, field="case 3, facts")]}, "case 3, facts"),
        ({"attachments": [Attachment(f"{BROKEN}名单", [])]}, "attachments"),
    ],
)
def test_a_missing_character_is_named_with_the_field_it_stands_in(facts, field):
    with pytest.raises(MissingGlyphError) as refusal:
        render_official(paper(**facts))

    assert {(one.character, one.field) for one in refusal.value.missing} >= {
        (NOT_IN_ANY_FONT, field)
    }
    assert "U+323B0" in str(refusal.value)
    assert f"“{field}”" in str(refusal.value)


def test_a_missing_character_in_a_table_is_named_with_column_and_row():
    table = Table([Column("姓名", 1)], [Row("第7行", [BROKEN])])

    with pytest.raises(MissingGlyphError) as refusal:
        render_official(paper(body=[table]))

    [missing] = refusal.value.missing
    assert (missing.field, missing.row) == ("姓名", "第7行")


def test_headings_are_numbered_and_a_higher_one_starts_the_lower_anew():
    levels = [1, 2, 2, 3, 4, 4, 3, 1, 2, 3]
    blocks = [Heading(level, "题") for level in levels]
    blocks.insert(3, Paragraph(SENTENCE))

    numbers = [number for block, number in numbered(blocks) if not isinstance(block, Paragraph)]

    assert numbers == [
        "一、",
        "（一）",
        "（二）",
        "1.",
        "（1）",
        "（2）",
        "2.",
        "二、",
        "（一）",
        "1.",
    ]


def test_a_number_is_written_as_it_is_said():
    assert [chinese(count) for count in (1, 9, 10, 11, 20, 21, 99)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]


def test_there_is_no_fifth_level():
    with pytest.raises(ValueError, match="level"):
        Heading(5, "题")


def test_a_long_paper_is_set_in_no_time():
    """The lines of ten pages cost less than a tenth of a second beside the printing."""
    from core.official.printing import composed

    long = paper(body=[Paragraph(SENTENCE * 2)] * 45)
    composed(long)

    started = time.process_time()
    composed(long)

    assert time.process_time() - started < 0.1
