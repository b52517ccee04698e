"""A title is broken by sense, into lines that make a trapezoid or a diamond."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.official import title_lines

NEVER_FIRST = set("的、，。；：》”）")
PIECES = [
    "关于",
    "印发",
    "作风建设",
    "集中整顿",
    "典型问题",
    "曝光情况",
    "第3期",
    "2026年",
    "《实施方案》",
    "“慢作为、乱作为”",
    "泌尿外科",
    "某某市人民医院",
    "领导小组",
    "和",
    "及其",
    "通报",
    "通知",
    "检查",
    "（试行）",
    "HIS",
    "鼯鼠",
]
titles = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)
with_of = st.tuples(titles, titles).map("的".join)


def wide(text):
    return sum(1 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)


def is_hourglass(lines):
    widths = [wide(line) for line in lines]
    return any(
        max(widths[:at]) > widths[at] < max(widths[at + 1 :]) for at in range(1, len(widths) - 1)
    )


@given(st.one_of(titles, with_of))
@settings(max_examples=400, deadline=None)
def test_no_title_loses_a_character_overflows_or_is_broken_where_it_must_not_be(title):
    lines = title_lines(title)

    assert "".join(lines) == title
    assert [line for line in lines if wide(line) > 20] == []
    assert [line for line in lines if line[0] in NEVER_FIRST] == []
    assert [line for line in lines if line[-1] in "《“（"] == []
    assert not is_hourglass(lines)


@given(st.one_of(titles, with_of))
@settings(max_examples=200, deadline=None)
def test_no_word_number_or_quotation_is_parted(title):
    """Where a line ends, the text on both sides begins and ends with whole pieces."""
    lines = title_lines(title)
    ends = {sum(map(len, lines[:count])) for count in range(1, len(lines))}

    for piece in (
        "作风建设",
        "典型问题",
        "通报",
        "第3期",
        "2026年",
        "《实施方案》",
        "“慢作为、乱作为”",
    ):
        at = title.find(piece)
        while at >= 0:
            assert ends & set(range(at + 1, at + len(piece))) == set()
            at = title.find(piece, at + 1)


@given(st.text(alphabet="的地得《》“”、医院通报建设0123", min_size=1, max_size=70))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_fits_the_paper(title):
    lines = title_lines(title)

    assert "".join(lines) == title
    assert [line for line in lines if wide(line) > 20] == []


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("会议议程", ["会议议程"]),
        ("", []),
        (
            "关于作风建设集中整顿第3期典型问题的通报",
            ["关于作风建设集中整顿", "第3期典型问题的通报"],
        ),
        (
            "关于印发《某某市人民医院作风建设集中整顿实施方案》的通知",
            ["关于印发《某某市人民医院", "作风建设集中整顿实施方案》的通知"],
        ),
        (
            "关于2026年第三季度某某市人民医院泌尿外科、消化内科作风建设专项整治暗访检查情况及典型问题处理结果的通报",
            [
                "关于2026年第三季度某某市人民医院",
                "泌尿外科、消化内科作风建设专项整治",
                "暗访检查情况及典型问题处理结果的通报",
            ],
        ),
    ],
)
def test_a_title_is_broken_where_a_clerk_would_break_it(title, lines):
    assert title_lines(title) == lines
