"""Whatever was voted, nobody with paper and patience learns what fewer than ten people answered."""

from fractions import Fraction

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from evaluations.counting.publication import Reason
from evaluations.counting.publishing import Earlier, RollChange, publish
from evaluations.counting.rules import GradingRules
from evaluations.counting.scoring import result
from tests.evaluations.counting.boxes_of import counted
from tests.evaluations.counting.solver import given_away

RULES = GradingRules()
MARK = st.sampled_from([1, 1, 2, 3, 4])
ANY_MARK = st.sampled_from([1, 1, 1, 1, 2, 2, 3, 4, 5, 0])
UNANIMOUS = st.builds(lambda mark, n: [mark] * n, MARK, st.integers(1, 12))


def many(least, most, what):
    """As many large lists as small ones: by itself hypothesis loves the small."""
    return st.integers(least, most).flatmap(lambda n: st.lists(what, min_size=n, max_size=n))


BOX = st.one_of(many(1, 8, MARK), many(8, 14, MARK), UNANIMOUS)
WEIGHT = st.sampled_from([1, 5, 20, 30, 40, 60, 90])
BOXES = st.lists(st.tuples(BOX, WEIGHT), min_size=2, max_size=3)
SEVERAL = many(1, 4, many(1, 24, st.tuples(ANY_MARK, ANY_MARK)))


def electorates(drawn):
    return [
        counted("abcd"[n], [[mark] for mark in marks], weight=weight)
        for n, (marks, weight) in enumerate(drawn)
    ]


def shown(boxes, earlier=()):
    return publish(result(boxes, RULES), boxes, RULES, earlier)


PINNED_BY_ITS_WEIGHT = [([4] * 3, 60), ([1] * 16 + [2] * 2, 40)]
ONE_GROUP_SMALL = [([1, 2, 4], 30), ([1] * 5 + [2] * 5 + [3] * 2, 30), ([1] * 6 + [3] * 6, 40)]
ALL_ALIKE = [([1] * 4, 30), ([1] * 8, 70)]


@settings(max_examples=80, deadline=None)
@given(BOXES)
@example(PINNED_BY_ITS_WEIGHT)
@example(ONE_GROUP_SMALL)
@example(ALL_ALIKE)
def test_no_small_group_is_given_away(drawn):
    drawn = sorted(drawn, key=lambda one: len(one[0]))
    assume(len(drawn[0][0]) + len(drawn[-2][0]) <= 14)
    boxes = electorates(drawn)
    publication = shown(boxes).to_json()
    assume(publication["grade"] is not None)

    sizes, weights = [len(marks) for marks, _ in drawn], [weight for _, weight in drawn]
    codes = [one.code for one in boxes]

    assert given_away(publication, codes, sizes, weights) == []


def cells(publication):
    return [*publication.distribution, *(c for group in publication.groups for c in group.cells)]


@settings(max_examples=60, deadline=None)
@given(SEVERAL, WEIGHT)
def test_every_count_is_of_ten_answers_that_do_not_nearly_agree(drawn, weight):
    boxes = [counted("abcd"[n], cast, weight=weight + n) for n, cast in enumerate(drawn)]

    for cell in cells(shown(boxes)):
        if cell.counts is not None:
            answers = sum(cell.counts[1:5])
            others = answers - max(cell.counts[1:5])
            assert answers >= 10
            assert others * 10 >= answers
            assert others > 1


@settings(max_examples=60, deadline=None)
@given(SEVERAL)
def test_what_is_hidden_beside_a_whole_is_never_one_group_nor_a_few_answers(drawn):
    boxes = [counted("abcd"[n], cast) for n, cast in enumerate(drawn)]
    publication = shown(boxes)

    for dimension, whole in enumerate(publication.distribution):
        column = [group.cells[dimension] for group in publication.groups]
        if not any(cell.counts for cell in column):
            continue
        rest = [
            whole.counts[mark] - sum(cell.counts[mark] for cell in column if cell.counts)
            for mark in range(6)
        ]
        hidden = sum(cell.counts is None for cell in column)
        assert hidden != 1
        assert (hidden == 0 and rest == [0] * 6) or sum(rest[1:5]) >= 10


@settings(max_examples=60, deadline=None)
@given(SEVERAL)
def test_groups_that_are_shown_are_large_and_each_voter_is_in_one(drawn):
    boxes = [counted("abcd"[n], cast) for n, cast in enumerate(drawn)]
    valid = {one.code: one.box.valid for one in boxes}
    groups = shown(boxes).groups

    assert len(groups) != 1
    assert all(sum(valid[code] for code in group.electorates) >= 10 for group in groups)
    assert not groups or sorted(code for group in groups for code in group.electorates) == sorted(
        valid
    )


@settings(max_examples=30, deadline=None)
@given(
    SEVERAL, st.lists(st.integers(0, 3), min_size=4, max_size=4), st.randoms(use_true_random=False)
)
def test_the_order_of_boxes_and_ballots_is_nowhere(drawn, weights, random):
    boxes = [counted("abcd"[n], cast, weight=weights[n] + 1) for n, cast in enumerate(drawn)]
    backwards = [
        counted("abcd"[n], cast[::-1], weight=weights[n] + 1) for n, cast in enumerate(drawn)
    ]

    assert shown(random.sample(backwards, len(backwards))) == shown(boxes)


@settings(max_examples=60, deadline=None)
@given(
    many(10, 20, MARK),
    many(1, 12, MARK),
)
def test_the_difference_of_two_rounds_never_is_what_a_few_newcomers_answered(stayed, joined):
    before = [counted("a", [[mark] for mark in stayed])]
    after = [counted("a", [[mark] for mark in [*stayed, *joined]])]
    first = shown(before)
    change = RollChange(joined=len(joined), left=0)
    second = shown(after, [Earlier(first, change, {"a": change})])

    both = [publication.distribution[0].counts for publication in (first, second)]
    if all(both):
        assert len(joined) >= 10
    if first.score is not None and second.score is not None:
        assert len(joined) >= 10


@settings(max_examples=60, deadline=None)
@given(SEVERAL)
def test_scores_are_whole_and_what_the_exact_score_is_rounded_to(drawn):
    boxes = [counted("abcd"[n], cast) for n, cast in enumerate(drawn)]
    found = result(boxes, RULES)
    score = shown(boxes).score

    assert score is None or (type(score) is int and abs(found.exact - score) <= Fraction(1, 2))


@settings(max_examples=60, deadline=None)
@given(SEVERAL, st.integers(1, 40))
def test_below_five_valid_ballots_or_half_of_the_roll_there_is_no_grade(drawn, more):
    boxes = [counted("abcd"[n], cast, eligible=len(cast) + more) for n, cast in enumerate(drawn)]
    found = result(boxes, RULES)
    is_enough = found.valid >= 5 and found.accepted * 2 >= found.eligible

    no_grade = shown(boxes).grade_reason in {Reason.TOO_FEW, Reason.BELOW_QUORUM}

    assert no_grade is not is_enough
