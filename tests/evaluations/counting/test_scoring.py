"""Scores are exact, weights go to those who answered, and a better vote never does harm."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evaluations.counting.rules import Grade, GradingRules
from evaluations.counting.scoring import result, rounded
from tests.evaluations.counting.boxes_of import box, counted

RULES = GradingRules()
MARK = st.integers(0, 5)
BOX = st.lists(st.lists(MARK, min_size=2, max_size=2), min_size=1, max_size=6)
BOXES = st.lists(st.tuples(BOX, st.integers(1, 60)), min_size=1, max_size=4)
ORDER = [Grade.POOR, Grade.AVERAGE, Grade.FAIR, Grade.GOOD]


def electorates(drawn):
    return [
        counted("abcd"[n], cast, weight=weight, eligible=2 * len(cast))
        for n, (cast, weight) in enumerate(drawn)
    ]


def test_leaders_staff_and_assessors_weigh_twenty_forty_forty():
    """The leader in charge 20 %, the staff 40 %, the assessment group 40 %; 100/80/60/40."""
    found = result(
        [
            box("leaders", "2*g 2*f", weight=20),
            box("staff", "6*g 3*f 1*a", weight=40),
            box("assessors", "1*g 1*f 1*a 2*p", weight=40),
        ],
        RULES,
    )

    assert found.exact == Fraction(20 * 90 + 40 * 90 + 40 * 64, 100)
    assert (found.score, found.grade) == (80, Grade.FAIR)
    assert [(s.electorate, s.mean, s.weight) for s in found.steps] == [
        ("assessors", 64, Fraction(2, 5)),
        ("leaders", 90, Fraction(1, 5)),
        ("staff", 90, Fraction(2, 5)),
    ]


def test_the_score_is_the_mean_of_the_dimensions():
    found = result([box("a", "gp ga")], RULES)

    assert [dimension.score for dimension in found.dimensions] == [100, 50]
    assert found.exact == 75


def test_who_does_not_know_is_in_no_denominator():
    found = result([box("a", "2*g 1*a 5*? 3*-")], RULES)

    assert found.exact == Fraction(260, 3)
    assert (found.valid, found.accepted, found.dimensions[0].answers) == (3, 11, 3)


def test_the_weight_of_those_who_did_not_answer_goes_to_the_others():
    found = result(
        [box("a", "2*g", weight=20), box("b", "2*a", weight=30), box("c", "9*?", weight=50)], RULES
    )

    assert found.exact == Fraction(20 * 100 + 30 * 60, 50)


def test_a_dimension_that_nobody_answered_does_not_count():
    found = result([box("a", "g- f?")], RULES)

    assert [dimension.score for dimension in found.dimensions] == [90, None]
    assert found.exact == 90


@pytest.mark.parametrize("boxes", [[], [box("a", "??  --")], [box("a", "", eligible=4)]])
def test_without_an_answer_there_is_neither_score_nor_grade(boxes):
    found = result(boxes, RULES)

    assert (found.exact, found.score, found.grade, found.valid) == (None, None, None, 0)


@pytest.mark.parametrize(
    ("exact", "whole"), [("59.4999", 59), ("59.5", 60), ("60.5", 61), ("84.5", 85), ("40", 40)]
)
def test_halves_are_rounded_up(exact, whole):
    assert rounded(Fraction(exact)) == whole


def test_the_grade_follows_the_score_that_people_see():
    """39 times average and once poor: 59.5, which everybody reads as 60."""
    found = result([box("a", "39*a 1*p")], RULES)

    assert found.exact == Fraction("59.5")
    assert (found.score, found.grade) == (60, Grade.AVERAGE)


@pytest.mark.parametrize(
    ("words", "grade"),
    [("20*g 10*p", Grade.FAIR), ("20*g 11*p", Grade.POOR), ("2*g 1*p 9*?", Grade.FAIR)],
)
def test_more_than_a_third_of_poor_is_poor_whatever_the_score(words, grade):
    found = result([box("a", words)], RULES)

    assert found.score >= 78
    assert found.grade == grade


@pytest.mark.parametrize(("accepted", "quorate"), [(49, False), (50, True), (51, True), (0, False)])
def test_half_of_those_who_may_vote_must_have_voted(accepted, quorate):
    found = result([box("a", f"{accepted}*g", eligible=100)], RULES)

    assert found.is_quorate is quorate


def test_invalid_and_abstaining_ballots_count_for_the_quorum():
    found = result([box("a", "3*g 1*-", eligible=10, invalid=1)], RULES)

    assert found.is_quorate


def test_where_nobody_may_vote_there_is_no_quorum():
    assert not result([box("a", "", eligible=0)], RULES).is_quorate


@settings(max_examples=60)
@given(BOXES, st.randoms(use_true_random=False))
def test_the_order_of_the_boxes_changes_nothing(drawn, random):
    boxes = electorates(drawn)

    assert result(random.sample(boxes, len(boxes)), RULES) == result(boxes, RULES)


@settings(max_examples=100)
@given(BOXES, st.data())
def test_one_better_vote_never_worsens_a_result(drawn, data):
    before = result(electorates(drawn), RULES)
    n = data.draw(st.integers(0, len(drawn) - 1))
    ballot = data.draw(st.integers(0, len(drawn[n][0]) - 1))
    dimension = data.draw(st.integers(0, 1))
    mark = drawn[n][0][ballot][dimension]
    assume(mark in {2, 3, 4})
    drawn[n][0][ballot][dimension] = data.draw(st.integers(1, mark - 1))
    after = result(electorates(drawn), RULES)

    assert after.exact > before.exact
    assert after.poor_share <= before.poor_share
    assert ORDER.index(after.grade) >= ORDER.index(before.grade)


@settings(max_examples=60)
@given(BOXES)
def test_a_score_lies_between_the_worst_and_the_best_answer(drawn):
    found = result(electorates(drawn), RULES)

    assert found.exact is None or 40 <= found.exact <= 100
    assert sum((s.weight for s in found.steps if s.dimension == 0), Fraction()) in {0, 1}


@settings(max_examples=40)
@given(BOXES)
def test_only_the_proportion_of_the_weights_matters(drawn):
    boxes = electorates(drawn)

    assert result([replace(one, weight=one.weight * 7) for one in boxes], RULES) == result(
        boxes, RULES
    )
