"""Deadlines as offices write them: read where the text says when, flagged where it does not."""

import re
import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deadlines import Day, Kind, parse
from core.findings import Level


def codes(deadline):
    return {finding.code.removeprefix("deadline.") for finding in deadline.findings}


def offers(deadline):
    return {offer.value for finding in deadline.findings for offer in finding.suggestions}


@pytest.mark.parametrize(
    ("written", "due_on"),
    [
        ("2023年6月底前", date(2023, 6, 30)),
        ("2018年9月底前", date(2018, 9, 30)),
        ("2022年6月30日", date(2022, 6, 30)),
        ("2022年6月30日前完成整改", date(2022, 6, 30)),
        ("2022年6月30日24时", date(2022, 6, 30)),
        ("２０２２年７月１５日", date(2022, 7, 15)),
        ("二〇二二年六月三十日", date(2022, 6, 30)),
        ("2022年十一月底", date(2022, 11, 30)),
        ("2024年2月底", date(2024, 2, 29)),
        ("2026-06-30", date(2026, 6, 30)),
        ("2026/6/30", date(2026, 6, 30)),
        ("2026.6.30", date(2026, 6, 30)),
        ("2026-06-30 17:00", date(2026, 6, 30)),
        ("20260630", date(2026, 6, 30)),
        ("2022年年底前", date(2022, 12, 31)),
        ("2022年底", date(2022, 12, 31)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 17, 0), date(2026, 6, 30)),  # noqa: DTZ001 -- as a cell has it
    ],
)
def test_a_day_that_is_named_is_read(written, due_on):
    deadline = parse(written)

    assert (deadline.kind, deadline.due_on, deadline.findings) == (Kind.DATE, due_on, ())


@pytest.mark.parametrize(
    ("written", "start_on", "due_on"),
    [
        ("2011年3~4月", date(2011, 3, 1), date(2011, 4, 30)),
        ("2022年7月中旬至8月下旬", date(2022, 7, 11), date(2022, 8, 31)),
        ("2022年8月2日—4日", date(2022, 8, 2), date(2022, 8, 4)),
        ("2022年8月2-4日", date(2022, 8, 2), date(2022, 8, 4)),
        ("2022年3月1日—11月30日", date(2022, 3, 1), date(2022, 11, 30)),
        ("2022年10月至2023年3月", date(2022, 10, 1), date(2023, 3, 31)),
        ("2022.6", date(2022, 6, 1), date(2022, 6, 30)),
        ("2022年6月上旬", date(2022, 6, 1), date(2022, 6, 10)),
        ("2022年第二季度", date(2022, 4, 1), date(2022, 6, 30)),
        ("2022年上半年", date(2022, 1, 1), date(2022, 6, 30)),
        ("2022-2023年", date(2022, 1, 1), date(2023, 12, 31)),
    ],
)
def test_a_period_that_is_named_is_read(written, start_on, due_on):
    deadline = parse(written)

    assert deadline.kind is Kind.PERIOD
    assert (deadline.start_on, deadline.due_on, deadline.findings) == (start_on, due_on, ())


@pytest.mark.parametrize(
    "written",
    ["立行立改", "立即整改", "即知即改", "即时整改", "邊查邊改", "馬上整改", "立 行 立 改"],
)
def test_at_once_has_no_date_and_no_doubt(written):
    deadline = parse(written)

    assert (deadline.kind, deadline.due_on, deadline.findings) == (Kind.AT_ONCE, None, ())


@pytest.mark.parametrize("written", ["长期坚持", "長期堅持", "持续推进", "常态化", "常抓不懈"])
def test_a_standing_duty_has_no_date_and_no_doubt(written):
    deadline = parse(written)

    assert (deadline.kind, deadline.is_standing, deadline.findings) == (Kind.STANDING, True, ())


@pytest.mark.parametrize("written", ["2018年12月底前並長期堅持", "2018年12月底前并长期坚持"])
def test_a_date_may_go_on_for_good(written):
    deadline = parse(written)

    assert (deadline.due_on, deadline.is_standing) == (date(2018, 12, 31), True)
    assert deadline.findings == ()


@pytest.mark.parametrize(
    ("written", "doubts", "offered"),
    [
        ("6月底前並長期堅持", {"no_year"}, {"2022年6月底前並長期堅持"}),
        ("7月中旬至8月下旬", {"no_year"}, {"2022年7月中旬至8月下旬"}),
        ("8月2日—4日", {"no_year"}, {"2022年8月2日—4日"}),
        ("6-9月", {"no_year"}, {"2022年6-9月"}),
        ("十二月底前", {"no_year"}, {"2022年十二月底前"}),
        ("年底前", {"no_year"}, {"2022年年底前"}),
        ("6.30", {"no_year"}, {"2022年6.30"}),
        ("今年6月底", {"no_year"}, {"2022年6月底"}),
        ("明年6月底前", {"no_year"}, {"2023年6月底前"}),
        ("22年6月底前", {"short_year"}, {"2022年6月底前"}),
        ("2022年6月前", {"before"}, {"2022年6月底前"}),
        ("2022年11月31日", {"impossible"}, {"2022年11月30日"}),
        ("2022-11-31", {"impossible"}, {"2022年11月30日"}),
        ("2023年2月29日", {"impossible"}, {"2023年2月28日"}),
        ("2022年13月", {"impossible"}, set()),
        ("2202年6月30日", {"impossible"}, set()),
        ("3月1日一11月31日", {"no_year", "impossible", "misread_dash"}, {"2022年3月1日—11月30日"}),
        ("44742", {"serial"}, {"2022-06-30"}),
        ("XX月10日", {"placeholder"}, set()),
        ("2022年×月×日", {"placeholder"}, set()),
        ("2018年    月    日", {"placeholder"}, set()),
        ("10日", {"no_month"}, set()),
        ("2022年6月初", {"vague"}, set()),
        ("一周内", {"relative"}, set()),
        ("3个工作日内", {"relative"}, set()),
        ("收到通知后7日内", {"relative"}, set()),
        ("季度末", {"relative"}, set()),
        ("本月底前", {"relative"}, set()),
        ("每月10日前", {"repeats"}, set()),
        ("随时", {"unread"}, set()),
        ("99999", {"unread"}, set()),
    ],
)
def test_what_is_not_certain_is_flagged_and_never_guessed(written, doubts, offered):
    deadline = parse(written, year=2022)

    assert deadline.due_on is None
    assert (codes(deadline), offers(deadline)) == (doubts, offered)
    assert deadline.text == written
    assert {finding.level for finding in deadline.findings} == {Level.DOUBT}


def test_of_an_impossible_end_the_beginning_is_still_read():
    deadline = parse("2022年3月1日—11月31日")

    assert (deadline.start_on, deadline.due_on) == (date(2022, 3, 1), None)
    assert deadline.end == Day(2022, 11, 31)


def test_a_one_between_two_days_is_read_as_the_dash_that_it_was_and_said():
    deadline = parse("2022年3月1日一11月30日")

    assert (deadline.start_on, deadline.due_on) == (date(2022, 3, 1), date(2022, 11, 30))
    assert codes(deadline) == {"misread_dash"}


def test_an_end_before_the_beginning_is_no_end():
    deadline = parse("2022年10月至3月")

    assert (deadline.start_on, deadline.due_on) == (date(2022, 10, 1), None)
    assert codes(deadline) == {"reversed"}


def test_a_beginning_alone_is_no_deadline():
    deadline = parse("2022年6月1日起")

    assert (deadline.start_on, deadline.due_on) == (date(2022, 6, 1), None)
    assert codes(deadline) == {"open_ended"}


def test_several_deadlines_are_offered_one_by_one():
    deadline = parse("2022年6月底前出方案,2022年12月底前完成")

    assert deadline.due_on is None
    assert "several" in codes(deadline)
    assert offers(deadline) == {"2022年6月底前出方案", "2022年12月底前完成"}


def test_words_that_were_not_read_are_named():
    deadline = parse("第一批2022年6月底前")

    assert deadline.due_on == date(2022, 6, 30)
    assert [finding.params["more"] for finding in deadline.findings] == ["第一批"]


def test_a_number_from_an_old_mac_file_counts_from_1904():
    assert offers(parse("43280", epoch=1904)) == {"2022-06-30"}


def test_without_a_year_to_suggest_nothing_is_suggested():
    assert offers(parse("6月底前")) == set()


def test_a_whole_page_is_no_deadline():
    assert codes(parse("2022年6月底前" + "1" * 100_000)) == {"unread"}


def test_an_empty_cell_is_no_deadline():
    assert [parse(empty).kind for empty in ("", "  ", None)] == [Kind.NONE] * 3


SIGNS = "0123456789年月日号至到—~-一二十底前内初中旬上下半季度XX×立行改长期坚持起每今明. /、,"
WORDS = ["2022", "2023年", "11月31日", "并长期坚持", "中旬", "44742", "工作日", "６月", "六月"]
PIECES = st.sampled_from([*SIGNS, *WORDS])
PHRASES = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30)


def digits_of(written):
    signs = {sign: str(number) for number, sign in enumerate("〇一二三四五六七八九")} | {
        "零": "0",
        "○": "0",
    }
    text = "".join(unicodedata.normalize("NFKC", written).split())
    return "".join(signs.get(sign, sign) for sign in text)


@given(PHRASES, st.none() | st.integers(2000, 2099))
def test_no_phrase_makes_it_fail_or_lose_the_text(written, year):
    deadline = parse(written, year=year)

    assert deadline.text == written.strip()
    assert all(finding.sentence for finding in deadline.findings)
    assert (deadline.kind is Kind.NONE) == (not written.strip())


@given(PHRASES, st.none() | st.integers(2000, 2099))
def test_a_date_never_has_a_year_that_the_text_does_not_name(written, year):
    deadline = parse(written, year=year)

    for day in (deadline.start_on, deadline.due_on):
        assert day is None or str(day.year) in digits_of(written)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(1, 40), st.integers(0, 13))
def test_a_written_day_is_that_day_or_none(day, number, month):
    for written in (f"{day.year}年{month}月{number}日", f"{day.year}-{month}-{number}"):
        due_on = parse(written).due_on
        assert due_on is None or (due_on.year, due_on.month, due_on.day) == (
            day.year,
            month,
            number,
        )


@given(PHRASES)
def test_whatever_is_suggested_reads_as_a_date(written):
    for value in offers(parse(written, year=2022)):
        assert re.search(r"\d", value)
        assert parse(value).due_on is not None
