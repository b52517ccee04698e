"""Lines of the grid: full, and never begun by what closes nor ended by what opens."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.official.flow import Run
from core.official.lines import CELL_POINTS, CLOSING, OPENING, set_lines, text_width
from core.official.measuring import standing_role, width

ALPHABET = "门诊收费窗口排队时间过长整改，。、；：“”《》（）0123456789abcXYZ "
texts = st.text(alphabet=ALPHABET, min_size=1, max_size=300)


def filled(line):
    """The line's width as printed, in characters."""
    points = sum(
        width(run.role, character) * 16 + line.spacing
        for run in line.runs
        for character in run.text
    )
    return points / CELL_POINTS


@given(texts)
@settings(max_examples=300, deadline=None)
def test_no_character_is_lost_but_blanks_at_the_ends_of_lines(text):
    lines = set_lines([Run("fang", text)])

    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")


@given(texts)
@settings(max_examples=300, deadline=None)
def test_every_line_but_the_last_fills_the_measure(text):
    lines = set_lines([Run("fang", text)])

    for at, line in enumerate(lines[:-1]):
        measure = 26 if at == 0 else 28
        half = 0.5 if line.text[-1] in CLOSING else 0
        assert measure - 0.05 <= filled(line) <= measure + half + 0.05


@given(st.text(alphabet="门诊收费窗口，。、”（《", min_size=1, max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_line_begins_with_a_stop_or_ends_with_an_opening_mark(text):
    """As long as the writer does not pile them up: three marks in a row and no more."""
    calm = "".join(
        one
        for at, one in enumerate(text)
        if not (set(text[max(at - 3, 0) : at + 1]) <= set("，。、”（《"))
    )

    lines = set_lines([Run("fang", "起" + calm + "止")])

    assert [line.text for line in lines if line.text[0] in CLOSING] == []
    assert [line.text for line in lines if line.text[-1] in OPENING] == []


def test_twenty_eight_characters_fill_a_line_and_a_stop_is_taken_along():
    [first, second, *_rest] = set_lines([Run("fang", "医" * 26 + "院" * 28 + "。" + "科" * 30)])

    assert (len(first.text), first.spacing) == (26, -0.207)
    assert second.text == "院" * 28 + "。"


def test_two_marks_too_many_take_a_character_with_them():
    [_first, second, third] = set_lines([Run("fang", "医" * 26 + "院" * 28 + "”。" + "科")])

    assert (second.text, third.text) == ("院" * 27, "院”。科")
    assert second.spacing > 0


def test_marks_of_western_width_are_set_in_a_font_that_has_the_chinese_ones():
    assert width("kai", "“") < 0.5
    assert standing_role("kai", "“") == "fang"
    assert standing_role("kai", "医") == "kai"
    assert width("fang", "“") == 1


def test_digits_are_half_as_wide_as_characters():
    assert round(text_width("fang", "医院"), 6) == 2
    assert 0.4 < text_width("fang", "2") < 0.6


def test_an_empty_text_has_no_lines():
    assert set_lines([Run("fang", "")]) == []
