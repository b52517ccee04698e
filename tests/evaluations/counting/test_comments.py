"""Comments are shown when enough might have written them, and by which words one is known."""

import itertools
import json
import re
from dataclasses import replace

import pytest

from evaluations.counting.comments import PATTERNS, Trace, identifying, may_publish, table
from evaluations.counting.rules import GradingRules
from tests.browser import browser  # noqa: F401 -- a fixture

RULES = GradingRules()


@pytest.mark.parametrize(
    ("eligible", "count", "may"),
    [(8, 3, True), (7, 3, False), (8, 2, False), (100, 0, False), (7, 7, False)],
)
def test_comments_need_eight_who_may_write_and_three_who_did(eligible, count, may):
    assert may_publish(eligible, count, RULES) is may


def test_a_round_may_ask_for_more():
    stricter = replace(RULES, comment_eligible=12, comment_minimum=4)

    assert not may_publish(11, 4, stricter)
    assert not may_publish(12, 3, stricter)
    assert may_publish(12, 4, stricter)


GIVEN_AWAY = [
    ("上次我跟您说过排班的事", {Trace.MEETING: "上次我跟您"}),
    ("主任当面批评我", {Trace.MEETING: "主任当面批评我"}),
    ("3月5日夜班没有人接电话", {Trace.DATE: "3月5日", Trace.SHIFT: "夜班"}),
    ("上周三开会迟到", {Trace.DATE: "上周三"}),
    ("二〇二六年也好，2026-03-05也好", {Trace.DATE: "2026-03-05"}),
    ("国庆值班安排不公", {Trace.DATE: "国庆", Trace.SHIFT: "值班"}),
    ("白班人手不够", {Trace.SHIFT: "白班"}),
    ("下午三点半还没人", {Trace.TIME: "下午三点"}),
    ("15:30才到岗", {Trace.TIME: "15:30"}),
    ("工号A10234态度差", {Trace.NUMBER: "工号A10234"}),
    ("十二床家属投诉", {Trace.NUMBER: "十二床"}),
    ("请打13812345678", {Trace.PHONE: "13812345678"}),
    ("电话0571-87654321", {Trace.PHONE: "0571-87654321"}),
    ("我科缺人", {Trace.SELF: "我科"}),
    ("我是新来的", {Trace.SELF: "我是"}),
    ("作为党支部书记应带头", {Trace.SELF: "作为党支部书记应带头"}),
    ("来院十年没有涨过", {Trace.SELF: "来院十年"}),
    ("小王很辛苦", {Trace.NAME: "小王"}),
    ("张护士态度好", {Trace.NAME: "张护士"}),
]
PLAIN = [
    "态度和蔼，办事公道。",
    "一点小建议：排班再公平一些",
    "希望多听取一线意见",
    "工作扎实，就是有时候急躁",
    "第一点是服务意识，第二点是效率",
    "对患者耐心，老带新做得好",
    "",
]


@pytest.mark.parametrize(("written", "traces"), GIVEN_AWAY)
def test_words_that_give_the_writer_away_are_pointed_out(written, traces):
    hints = identifying(written)

    assert {hint.trace: hint.words for hint in hints} == traces
    assert all(written[hint.start : hint.end] == hint.words for hint in hints)


@pytest.mark.parametrize("written", PLAIN)
def test_plain_praise_and_blame_is_left_alone(written):
    assert identifying(written) == []


def test_no_words_are_pointed_out_twice():
    hints = identifying("昨天夜班15:30我跟主任说过，2026-03-05又说，电话13812345678")
    spans = [(hint.start, hint.end) for hint in hints]

    assert spans == sorted(spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))


def test_every_trace_has_a_pattern_and_an_advice():
    assert [row["code"] for row in table()] == [trace.value for trace, _ in PATTERNS]
    assert {trace for trace, _ in PATTERNS} == set(Trace)
    assert all(row["sentence"].endswith(".") for row in table())


def test_the_table_is_plain_data_without_what_old_browsers_cannot_read():
    stored = json.loads(json.dumps(table()))

    assert not [row for row in stored if re.search(r"\(\?<|\(\?[aiLmsux]", row["pattern"])]


def test_a_browser_finds_the_same_words(browser):  # noqa: F811
    texts = [written for written, _ in GIVEN_AWAY] + PLAIN
    page = browser.new_page()

    found = page.evaluate(
        """([table, texts]) => texts.map(text => table.map(row =>
        [...text.matchAll(new RegExp(row.pattern, "g"))].map(found => found[0])))""",
        [table(), texts],
    )

    assert found == [
        [[hit[0] for hit in re.finditer(pattern, text)] for _, pattern in PATTERNS]
        for text in texts
    ]
