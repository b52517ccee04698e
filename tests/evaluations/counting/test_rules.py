"""The rules of a round: what they are by default, and which may not be."""

from dataclasses import replace
from fractions import Fraction

import pytest

from evaluations.counting.rules import (
    FLOORS,
    Bands,
    Grade,
    GradingRules,
    RulesError,
    Values,
    grade_at,
)

RULES = GradingRules()


def test_the_five_answers_have_their_places_on_the_ballot():
    assert {grade.value: grade.mark for grade in Grade} == {
        "good": 1,
        "fair": 2,
        "average": 3,
        "poor": 4,
        "unknown": 5,
    }
    assert [grade_at(grade.mark) for grade in Grade] == list(Grade)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (100, Grade.GOOD),
        (85, Grade.GOOD),
        (84, Grade.FAIR),
        (70, Grade.FAIR),
        (69, Grade.AVERAGE),
        (60, Grade.AVERAGE),
        (59, Grade.POOR),
        (40, Grade.POOR),
    ],
)
def test_a_score_is_graded_by_the_lowest_of_each_band(score, grade):
    assert RULES.bands.grade(score) == grade


@pytest.mark.parametrize("score", range(40, 101))
def test_the_range_of_a_grade_is_where_scores_have_it(score):
    low, too_high = RULES.bands.range_of(RULES.bands.grade(score))

    assert low is None or low <= score
    assert too_high is None or score < too_high


def test_rules_are_read_back_as_they_were_stored():
    rules = GradingRules(
        values=Values(100, 85, 60, 30),
        bands=Bands(90, 75, 60),
        poor_share=Fraction(2, 7),
        k_group=12,
        quorum_percent=67,
    )

    assert GradingRules.from_json(rules.to_json()) == rules


@pytest.mark.parametrize("name", FLOORS)
def test_what_protects_the_voters_can_be_raised_and_not_lowered(name):
    assert getattr(replace(RULES, **{name: FLOORS[name] + 1}), name) == FLOORS[name] + 1
    with pytest.raises(RulesError, match="can be raised but not lowered: 5 / 10 / 10 / 8 / 3"):
        replace(RULES, **{name: FLOORS[name] - 1})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"values": Values(100, 80, 80, 40)}, "values of the answers must fall"),
        ({"values": Values(101, 80, 60, 40)}, "between 100 and 0"),
        ({"values": Values(100, 80, 60, -1)}, "between 100 and 0"),
        ({"bands": Bands(85, 85, 60)}, "lower bounds of the grades must fall"),
        ({"bands": Bands(100, 70, 60)}, "between the values of good and poor"),
        ({"bands": Bands(85, 70, 40)}, "between the values of good and poor"),
        ({"poor_share": Fraction(0)}, "share of “poor”"),
        ({"poor_share": Fraction(1)}, "share of “poor”"),
        ({"quorum_percent": 0}, "turnout that is needed"),
        ({"quorum_percent": 101}, "turnout that is needed"),
        ({"unanimity_percent": 91}, "from 90 per cent of equal answers"),
        ({"unanimity_percent": 50}, "from 90 per cent of equal answers"),
    ],
)
def test_rules_under_which_nobody_could_be_judged_fairly_are_refused(change, sentence):
    with pytest.raises(RulesError, match=sentence) as refused:
        replace(RULES, **change)

    assert len(refused.value.sentences) == 1


def test_every_fault_has_its_sentence():
    with pytest.raises(RulesError) as refused:
        GradingRules(values=Values(1, 2, 3, 4), poor_share=Fraction(2), k_grade=1)

    assert len(refused.value.sentences) == 4


def test_stored_rules_that_were_tampered_with_are_not_read():
    stored = RULES.to_json() | {"k_grade": 2}

    with pytest.raises(RulesError):
        GradingRules.from_json(stored)
