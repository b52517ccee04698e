"""What the rules would do with invented answers, and how little would change it."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evaluations.counting.boxes import Electorate
from evaluations.counting.invented import Preset, invented, like, spread
from evaluations.counting.rules import Grade, GradingRules
from evaluations.counting.scoring import result
from evaluations.counting.simulation import Outcome, simulate
from tests.evaluations.counting.boxes_of import box, counted

RULES = GradingRules()
LEADERS = Electorate(("a",), ("A",), weight=40, eligible=6)
STAFF = Electorate(("b",), ("B",), weight=60, eligible=60)


def test_one_grudge_of_a_leader_weighs_more_than_one_of_the_staff():
    found = simulate([box("a", "5*g", weight=50), box("b", "50*f", weight=50)], RULES)

    assert (found.result.score, found.result.grade) == (90, Grade.GOOD)
    assert found.grudge == Outcome(84, Grade.FAIR)
    assert found.praise == Outcome(90, Grade.GOOD)
    assert (found.votes_to_worsen, found.votes_to_better) == (1, None)
    assert found.hangs_on_one_vote


def test_praise_turns_the_worst_ballot_of_those_who_weigh_most():
    found = simulate([box("a", "4*f 1*a", weight=50), box("b", "50*f", weight=50)], RULES)

    assert found.praise == Outcome(82, Grade.FAIR)


def test_distances_are_to_the_least_that_is_rounded_into_each_grade():
    found = simulate([box("a", "4*g 6*f")], RULES)

    assert found.result.exact == 88
    assert found.distances == {
        Grade.GOOD: Fraction(7, 2),
        Grade.FAIR: Fraction(37, 2),
        Grade.AVERAGE: Fraction(57, 2),
    }


def test_without_one_ballot_the_score_lies_between_these():
    found = simulate([box("a", "8*g 1*a 1*p")], RULES)

    assert found.result.score == 90
    assert (found.lowest_without_one, found.highest_without_one) == (89, 96)


def test_the_share_of_poor_may_flip_a_grade_before_the_score_does():
    """Ten of thirty said poor, exactly a third: one more is more than a third."""
    found = simulate([box("a", "20*g 10*p")], RULES)

    assert (found.result.score, found.result.grade) == (80, Grade.FAIR)
    assert found.votes_to_worsen == 1
    assert found.grudge == Outcome(78, Grade.POOR)


def test_where_nobody_answered_there_is_nothing_to_tip():
    found = simulate([box("a", "3*-")], RULES)

    assert (found.result.grade, found.votes_to_worsen, found.votes_to_better) == (None,) * 3
    assert (found.lowest_without_one, found.distances) == (None, {})
    assert not found.hangs_on_one_vote


MARK = st.integers(1, 4)
CAST = st.lists(MARK, min_size=1, max_size=4)


def fewest(drawn, to, grade):
    """By trying every set of ballots: the fewest that, turned, lead to another grade."""
    places = [(n, m) for n, (cast, _) in enumerate(drawn) for m in range(len(cast))]
    best = None
    for chosen in product([False, True], repeat=len(places)):
        turned = {place for place, is_chosen in zip(places, chosen, strict=True) if is_chosen}
        boxes = [
            counted(
                "abc"[n],
                [[to if (n, m) in turned else mark] for m, mark in enumerate(cast)],
                weight=weight,
            )
            for n, (cast, weight) in enumerate(drawn)
        ]
        if result(boxes, RULES).grade != grade and (best is None or len(turned) < best):
            best = len(turned)
    return best


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(CAST, st.integers(1, 50)), min_size=1, max_size=2))
def test_no_smaller_number_of_votes_flips_the_grade(drawn):
    boxes = [counted("abc"[n], [[m] for m in cast], weight=w) for n, (cast, w) in enumerate(drawn)]
    found = simulate(boxes, RULES)

    assert found.votes_to_worsen == fewest(drawn, 4, found.result.grade)
    assert found.votes_to_better == fewest(drawn, 1, found.result.grade)


@given(st.lists(st.integers(0, 50), min_size=6, max_size=6), st.integers(0, 200))
def test_ballots_are_spread_to_the_last_one(shares, count):
    counts = spread(shares, count)

    assert sum(counts) == count
    assume(sum(shares))
    assert all(
        abs(n * sum(shares) - share * count) < sum(shares)
        for n, share in zip(counts, shares, strict=True)
    )


def test_what_a_former_round_published_is_scaled_to_the_voters_of_now():
    boxes = like([LEADERS, STAFF], [(0, 10, 5, 5, 0, 0), (0, 0, 20, 0, 0, 0)], 50)

    assert [one.box.dimensions for one in boxes] == [
        ((0, 1, 1, 1, 0, 0), (0, 0, 3, 0, 0, 0)),
        ((0, 15, 8, 7, 0, 0), (0, 0, 30, 0, 0, 0)),
    ]
    assert [(one.box.accepted, one.box.valid, one.eligible) for one in boxes] == [
        (3, 3, 6),
        (30, 30, 60),
    ]


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_answers_for_every_voter_that_takes_part(preset):
    boxes = invented(preset, [LEADERS, STAFF], 4)

    for electorate, one in zip([LEADERS, STAFF], boxes, strict=True):
        assert {sum(counts) for counts in one.box.dimensions} == {one.box.accepted}
        assert one.box.accepted <= one.eligible == electorate.eligible
        assert (one.code, one.weight) == (electorate.code, electorate.weight)


def test_the_presets_end_where_their_names_say():
    grades = {
        preset: simulate(invented(preset, [LEADERS, STAFF], 4), RULES).result.grade
        for preset in Preset
    }

    assert grades == {
        Preset.TYPICAL: Grade.FAIR,
        Preset.SPLIT: Grade.POOR,
        Preset.GRUDGE: Grade.FAIR,
        Preset.CANVASSED: Grade.GOOD,
    }


def test_a_grudge_is_one_ballot_of_those_who_weigh_most():
    usual, grudge = (
        invented(preset, [LEADERS, STAFF], 2) for preset in (Preset.TYPICAL, Preset.GRUDGE)
    )

    assert grudge[1] == usual[1]
    assert [
        [after - before for before, after in zip(one, two, strict=True)]
        for one, two in zip(usual[0].box.dimensions, grudge[0].box.dimensions, strict=True)
    ] == [[0, -1, 0, 0, 1, 0]] * 2
