"""Rate and score: two figures, exact, apart, and nothing given away by a total."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.counting.satisfaction import (
    Answer,
    Answers,
    Points,
    kept,
    one_decimal,
    together,
)

POINTS = Points()
NUMBERS = st.integers(0, 500)
ANSWERS = st.builds(Answers, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


def test_a_hundred_who_are_all_dissatisfied_are_no_satisfied_half():
    """A site called a weighted score the rate, and would have shown 50 % here."""
    answers = Answers(dissatisfied=100)

    assert answers.rate == 0
    assert answers.score(POINTS) == 0


def test_the_rate_is_a_share_of_people_and_the_score_a_mean_of_points():
    answers = Answers(satisfied=5, fairly=3, dissatisfied=2, unknown=10)

    assert (answers.valid, answers.judging) == (20, 10)
    assert answers.rate == 80
    assert answers.score(POINTS) == 71
    assert answers.score(Points(90, 60, 10)) == 65


def test_who_does_not_know_is_in_neither_figure():
    known = Answers(satisfied=7, fairly=2, dissatisfied=2)

    with_more = Answers(satisfied=7, fairly=2, dissatisfied=2, unknown=99)

    assert (with_more.rate, with_more.score(POINTS)) == (known.rate, known.score(POINTS))


def test_where_nobody_judged_there_is_no_figure():
    assert Answers(unknown=12).rate is None
    assert Answers(unknown=12).score(POINTS) is None


def test_both_are_exact():
    answers = Answers(satisfied=1, fairly=1, dissatisfied=1)

    assert answers.rate == Fraction(200, 3)
    assert answers.score(POINTS) == Fraction(170, 3)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(0), "0.0"),
        (Fraction(100), "100.0"),
        (Fraction(200, 3), "66.7"),
        (Fraction(6664, 100), "66.6"),
        (Fraction(6665, 100), "66.7"),
        (Fraction(6655, 100), "66.6"),
        (Fraction(9995, 100), "100.0"),
        (Fraction(1, 20), "0.1"),
        (Fraction(49, 1000), "0.0"),
    ],
)
def test_half_a_tenth_is_rounded_up(exact, shown):
    assert one_decimal(exact) == shown


@given(ANSWERS)
def test_the_figures_stay_within_their_bounds(answers):
    if answers.judging:
        assert 0 <= answers.rate <= 100
        assert 0 <= answers.score(POINTS) <= 100
        assert answers.score(POINTS) <= answers.rate


@pytest.mark.parametrize(("given_answers", "is_kept"), [(9, False), (10, True)])
def test_fewer_than_the_minimum_are_not_kept(given_answers, is_kept):
    answers = kept([Answer.SATISFIED] * given_answers, 10)

    assert answers == (Answers(satisfied=10) if is_kept else None)


def test_fewer_than_thirty_who_judge_are_few():
    assert Answers(satisfied=29, unknown=40).is_few
    assert not Answers(satisfied=30).is_few


def test_counts_are_kept_and_read_back():
    answers = Answers.of([*Answer, Answer.FAIRLY])

    assert answers.as_counts() == {"satisfied": 1, "fairly": 2, "dissatisfied": 1, "unknown": 1}
    assert Answers(**answers.as_counts()) == answers


@given(st.lists(st.one_of(st.none(), ANSWERS), max_size=6), ANSWERS)
def test_a_total_says_nothing_of_what_is_not_published(of_each, hidden):
    """Whatever was answered about a department that is not published, everything shown is the same."""
    published = [answers for answers in of_each if answers is not None]

    total = together([*of_each, None])

    if len(published) > 1:
        assert total == sum(published, Answers())
    else:
        assert total is None
