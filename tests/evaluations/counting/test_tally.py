"""Ballots become counts: every one is valid, abstained or invalid, and none has an order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.counting.tally import BoxCount, tally
from tests.evaluations.counting.boxes_of import ballots

MARK = st.integers(0, 5)
BALLOTS = st.lists(st.tuples(MARK, MARK, MARK), max_size=12)


def test_each_dimension_is_counted_by_itself():
    box = tally(ballots("gf fa -p ?? --"), 2)

    assert box == BoxCount(
        dimensions=((2, 1, 1, 0, 0, 1), (1, 0, 1, 1, 1, 1)), accepted=5, valid=3, abstained=2
    )
    assert [box.answers(0), box.answers(1)] == [2, 3]


@pytest.mark.parametrize(
    "ballot", [[1], [1, 2, 3], [], [1, 6], [-1, 1], [1, "2"], [True, 1], [1, None], [1, 1.0]]
)
def test_a_ballot_that_there_cannot_be_is_invalid_and_stops_nothing(ballot):
    box = tally([[1, 1], ballot], 2, invalid=2)

    assert box == BoxCount(
        dimensions=((0, 1, 0, 0, 0, 0),) * 2, accepted=4, valid=1, abstained=0, invalid=3
    )


@given(BALLOTS, st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_is_nowhere(cast, random):
    shuffled = random.sample(cast, len(cast))

    assert tally(shuffled, 3) == tally(cast, 3)


@given(BALLOTS, BALLOTS)
def test_two_boxes_together_count_what_one_box_would(one, two):
    merged = BoxCount.merged([tally(one, 3), tally(two, 3, invalid=1)], 3)

    assert merged == tally([*one, *two], 3, invalid=1)


@given(BALLOTS, st.integers(0, 3))
def test_every_ballot_is_in_one_heap_and_once_in_each_dimension(cast, invalid):
    box = tally(cast, 3, invalid)

    assert box.accepted == box.valid + box.abstained + box.invalid == len(cast) + invalid
    assert {sum(counts) for counts in box.dimensions} == {len(cast)}
    assert BoxCount.from_json(box.to_json()) == box
