"""The vectors of the 13710 clock, and what must hold for every day."""
# ruff: noqa: DTZ001 -- a moment without a zone is one of this place

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organisation import clock
from organisation.clock import Basis, Stage, WorkingCalendar

YEAR_2026 = WorkingCalendar(
    working=frozenset(
        dt.date(2026, month, day)
        for month, day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
    ),
    resting=frozenset(
        dt.date(2026, month, day)
        for month, day in [
            *[(1, 1), (1, 2), (4, 6), (5, 1), (5, 4), (5, 5), (6, 19), (9, 25)],
            *[(2, day) for day in (16, 17, 18, 19, 20, 23)],
            *[(10, day) for day in (1, 2, 5, 6, 7)],
        ]
    ),
    versions={2026: 1},
    reasons={dt.date(2026, 9, 25): "中秋节"},
)
on_a_busy_machine = settings(deadline=None)
NOON = dt.time(12, 0)
DATES = st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31))


def dues(accepted, basis, time=NOON):
    moment = dt.datetime.combine(dt.date.fromisoformat(accepted), time)
    return {
        stage.value: deadline.due_on.isoformat()
        for stage, deadline in clock.stages(moment, basis=basis, calendar=YEAR_2026).items()
    }


@pytest.mark.parametrize(
    ("accepted", "basis", "expected"),
    [
        ("2026-09-18", "rolling", ["2026-09-18", "2026-09-21", "2026-09-28", "2026-10-19"]),
        ("2026-09-18", "working", ["2026-09-18", "2026-09-22", "2026-09-29", None]),
        ("2026-09-23", "rolling", ["2026-09-23", "2026-09-28", "2026-09-30", "2026-10-23"]),
        ("2026-09-23", "working", ["2026-09-23", "2026-09-29", "2026-10-10", None]),
        ("2026-01-31", "rolling", ["2026-02-02", "2026-02-03", "2026-02-09", "2026-02-28"]),
        ("2026-02-13", "rolling", ["2026-02-13", "2026-02-24", "2026-02-24", "2026-03-13"]),
        ("2026-02-13", "working", ["2026-02-13", "2026-02-25", "2026-03-02", None]),
        ("2026-12-10", "rolling", ["2026-12-10", "2026-12-14", "2026-12-17", "2027-01-11"]),
    ],
)
def test_the_vectors_of_the_regulations(accepted, basis, expected):
    found = dues(accepted, basis)

    assert {stage: found[stage] for stage, due in zip(Stage, expected, strict=True) if due} == {
        stage: due for stage, due in zip(Stage, expected, strict=True) if due
    }


def test_a_month_that_ends_in_a_year_without_holidays_is_provisional_and_nothing_else_is():
    moment = dt.datetime(2026, 12, 10, 9, 0)

    found = clock.stages(moment, basis="rolling", calendar=YEAR_2026)

    assert {stage.value: d.is_provisional for stage, d in found.items()} == {
        "1": False,
        "3": False,
        "7": False,
        "month": True,
    }
    assert "provisional" in found[Stage.ONE_MONTH].words


def test_there_is_no_ten_day_stage():
    assert [stage.value for stage in Stage] == ["1", "3", "7", "month"]


@pytest.mark.parametrize(
    ("time", "due"),
    [
        (dt.time(16, 59, 59), "2026-09-24"),
        (dt.time(17, 0), "2026-09-28"),
        (dt.time(23, 59), "2026-09-28"),
    ],
)
def test_what_is_accepted_from_the_cut_off_on_is_due_the_next_working_day(time, due):
    """24 September 2026 is a Thursday; the Friday after it is Mid-Autumn."""
    assert dues("2026-09-24", "rolling", time)["1"] == due


def test_a_moment_is_judged_by_the_day_it_is_here():
    late_in_greenwich = dt.datetime(2026, 9, 17, 23, 0, tzinfo=dt.UTC)

    found = clock.stages(late_in_greenwich, basis="rolling", calendar=YEAR_2026)

    assert found[Stage.SAME_DAY].due_on == dt.date(2026, 9, 18)


def test_without_rolling_a_deadline_may_fall_on_a_holiday_and_asks_no_calendar():
    deadline = clock.due_after(dt.date(2026, 9, 18), 7, basis="natural", calendar=YEAR_2026)
    far = clock.due_after(dt.date(2030, 1, 1), 4, basis="natural", calendar=YEAR_2026)

    assert (deadline.due_on, far.is_provisional) == (dt.date(2026, 9, 25), False)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-03-15", 12, "2027-03-15"),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(day, months, expected):
    assert clock.months_after(dt.date.fromisoformat(day), months).isoformat() == expected


def test_the_arithmetic_is_said_in_words():
    deadline = clock.due_after(dt.date(2026, 9, 18), 7, basis="rolling", calendar=YEAR_2026)

    assert deadline.words == (
        "Accepted 2026-09-18 Fri; within 7 days: 2026-09-25 Fri (中秋节);"
        " moved on to 2026-09-28 Mon;"
        " counted in natural days, last day rolls to the next working day; calendar 2026.1"
    )
    assert [day.isoformat() for day, _reason in deadline.skipped] == [
        "2026-09-25",
        "2026-09-26",
        "2026-09-27",
    ]


@on_a_busy_machine
@given(DATES, st.integers(1, 60))
def test_a_rolling_deadline_is_the_first_working_day_from_the_counted_one(start, count):
    deadline = clock.due_after(start, count, basis=Basis.ROLLING, calendar=YEAR_2026)

    assert deadline.due_on >= deadline.counted_on == start + dt.timedelta(days=count)
    assert YEAR_2026.is_working(deadline.due_on)
    assert not any(
        YEAR_2026.is_working(day)
        for day in clock.days(deadline.counted_on, deadline.due_on - dt.timedelta(days=1))
    )


@on_a_busy_machine
@given(DATES, st.integers(1, 60))
def test_working_days_counted_back_are_as_many_as_were_counted_on(start, count):
    deadline = clock.due_after(start, count, basis=Basis.WORKING, calendar=YEAR_2026)

    assert YEAR_2026.is_working(deadline.due_on)
    assert YEAR_2026.working_days(start, deadline.due_on) == count


@on_a_busy_machine
@given(st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2028, 12, 31)), st.sampled_from(Basis))
def test_stages_never_raise_and_never_run_backwards(moment, basis):
    found = clock.stages(moment, basis=basis, calendar=YEAR_2026)

    assert found[Stage.THREE_DAYS].due_on <= found[Stage.SEVEN_DAYS].due_on
    assert all(deadline.due_on >= moment.date() for deadline in found.values())
    assert all(deadline.words for deadline in found.values())


@on_a_busy_machine
@given(DATES, st.integers(1, 40), st.sampled_from([Basis.ROLLING, Basis.WORKING]))
def test_a_deadline_outside_the_calendar_is_provisional(start, count, basis):
    deadline = clock.due_after(start, count, basis=basis, calendar=YEAR_2026)

    if deadline.due_on.year != 2026:
        assert deadline.is_provisional
    if start.year == deadline.due_on.year == 2026:
        assert not deadline.is_provisional
