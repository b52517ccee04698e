"""What may be shown of a result, what stands in place of the rest, and that it is said once."""

from dataclasses import replace

import pytest

from evaluations.counting.publication import Cell, Publication, Reason, Turnout
from evaluations.counting.publishing import Earlier, RollChange, SecondEditionError, publish
from evaluations.counting.rules import Grade, GradingRules
from evaluations.counting.scoring import result
from tests.evaluations.counting.boxes_of import box

RULES = GradingRules()
MIXED = "4*gg 3*fg 2*gf 2*fa 1*af"
"""Twelve ballots of which no dimension is nearly unanimous."""


def published(*boxes, earlier=(), rules=RULES):
    return publish(result(boxes, rules), boxes, rules, earlier)


def groups(publication):
    return {"".join(group.electorates): group.cells for group in publication.groups}


def test_large_groups_are_shown_in_full():
    shown = published(box("a", MIXED), box("b", MIXED))

    assert (shown.grade, shown.score, shown.turnout) == (Grade.GOOD, 88, Turnout.HIGH)
    assert [cell.counts for cell in shown.distribution] == [
        (0, 12, 10, 2, 0, 0),
        (0, 14, 6, 4, 0, 0),
    ]
    assert groups(shown) == {
        "a": (Cell((0, 6, 5, 1, 0, 0)), Cell((0, 7, 3, 2, 0, 0))),
        "b": (Cell((0, 6, 5, 1, 0, 0)), Cell((0, 7, 3, 2, 0, 0))),
    }
    assert {
        shown.grade_reason,
        shown.score_reason,
        shown.turnout_reason,
        shown.groups_reason,
        *(cell.reason for cell in shown.distribution),
    } == {None}


@pytest.mark.parametrize(
    ("words", "grade", "reason"),
    [
        ("4*g", None, Reason.TOO_FEW),
        ("4*g 3*- 3*?", None, Reason.TOO_FEW),
        ("5*g", Grade.GOOD, None),
        ("3*g 2*a", Grade.FAIR, None),
    ],
)
def test_five_valid_ballots_make_a_grade(words, grade, reason):
    shown = published(box("a", words))

    assert (shown.grade, shown.grade_reason) == (grade, reason)


@pytest.mark.parametrize(
    "electorate", [box("a", "4*g", named=True), box("a", "9*-"), box("a", "", eligible=0)]
)
def test_where_nobody_votes_in_secret_five_valid_ballots_are_needed_too(electorate):
    shown = published(electorate)

    assert (shown.grade, shown.grade_reason) == (None, Reason.TOO_FEW)


@pytest.mark.parametrize(
    ("eligible", "grade", "reason"),
    [(24, Grade.GOOD, None), (25, None, Reason.BELOW_QUORUM)],
)
def test_below_the_quorum_there_is_no_grade(eligible, grade, reason):
    shown = published(box("a", MIXED, eligible=eligible))

    assert (shown.grade, shown.grade_reason) == (grade, reason)


def test_without_a_grade_nothing_else_is_shown_but_the_turnout():
    shown = published(box("a", MIXED, eligible=99))

    assert (shown.score, shown.groups, shown.distribution) == (
        None,
        (),
        (Cell(reason=Reason.BELOW_QUORUM),) * 2,
    )
    assert shown.score_reason == shown.groups_reason == Reason.BELOW_QUORUM
    assert shown.turnout == Turnout.LOW


@pytest.mark.parametrize(("words", "is_shown"), [("5*g 4*f", False), ("5*g 5*f", True)])
def test_ten_answers_make_a_distribution(words, is_shown):
    [shown] = published(box("a", words)).distribution

    assert (shown.counts is not None) is is_shown
    assert shown.reason == (None if is_shown else Reason.FEW_ANSWERS)


def test_a_dimension_that_few_answered_is_hidden_by_itself():
    shown = published(box("a", "4*gg 4*ff 5*g?")).distribution

    assert [cell.reason for cell in shown] == [None, Reason.FEW_ANSWERS]


def test_beside_a_dimension_that_few_answered_there_is_no_score():
    shown = published(box("a", "6*gg 2*ff 5*g?"))

    assert (shown.score, shown.score_reason) == (None, Reason.SMALL_GROUP)


@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("10*g", Grade.GOOD),
        ("9*g 1*p", Grade.GOOD),
        ("8*g 2*p", None),
        ("19*p 1*g", Grade.POOR),
        ("18*g 2*f", None),
        ("28*f 2*a", Grade.FAIR),
        ("27*f 3*a", None),
        ("19*g 1*f 40*?", Grade.GOOD),
    ],
)
def test_where_more_than_nine_in_ten_agree_the_counts_are_not_printed(words, most):
    """Of ten that is all of them, and saying so would say it of each: one may always differ."""
    [shown] = published(box("a", words)).distribution

    assert (shown.most, shown.reason) == (most, Reason.UNANIMOUS if most else None)
    assert (shown.counts is None) is (most is not None)


@pytest.mark.parametrize(
    ("words", "score", "reason"),
    [
        ("20*g", None, Reason.UNANIMOUS),
        ("19*g 1*p", None, Reason.UNANIMOUS),
        ("39*p", None, Reason.UNANIMOUS),
        ("40*g", 100, None),
        ("10*gggg", 100, None),
        ("18*g 2*p", 94, None),
        ("5*gg 5*gf", None, Reason.UNANIMOUS),
    ],
)
def test_where_one_answer_would_move_the_score_it_does_not_count_those_who_differed(
    words, score, reason
):
    shown = published(box("a", words))

    assert (shown.score, shown.score_reason) == (score, reason)
    assert shown.grade is not None


def test_a_score_is_a_whole_number():
    shown = published(box("a", "7*g 5*f 1*p"))

    assert (shown.score, type(shown.score)) == (88, int)


def test_where_a_small_group_contributes_there_is_a_grade_and_no_score():
    shown = published(box("a", "3*gf 3*fg 3*aa"), box("b", MIXED))

    assert (shown.grade, shown.score, shown.score_reason) == (
        Grade.FAIR,
        None,
        Reason.SMALL_GROUP,
    )


def test_small_groups_are_shown_together_with_the_next():
    shown = published(
        box("a", "2*gf 2*fg"), box("b", MIXED), box("c", MIXED), box("d", "4*ff 3*ag")
    )

    assert set(groups(shown)) == {"ab", "cd"}
    assert [group.labels for group in shown.groups] == [("A", "B"), ("C", "D")]


def test_two_groups_of_which_one_is_small_are_not_shown():
    shown = published(box("a", "2*gf 2*fg 3*aa"), box("b", MIXED))

    assert (shown.groups, shown.groups_reason) == ((), Reason.SMALL_GROUP)


def test_groups_of_which_every_figure_would_tell_another_are_not_shown():
    shown = published(box("a", "12*g"), box("b", "12*f"))

    assert shown.distribution == (Cell((0, 12, 12, 0, 0, 0)),)
    assert (shown.groups, shown.groups_reason) == ((), Reason.COMPLEMENT)


def test_a_score_that_would_tell_that_a_group_agreed_is_not_shown_beside_the_counts():
    """Half said good; with weights of nine to one the score would say which half."""
    even = published(box("a", "12*g", weight=50), box("b", "12*f", weight=50))
    uneven = published(box("a", "12*g", weight=90), box("b", "12*f", weight=10))

    assert (even.score, even.score_reason) == (90, None)
    assert (uneven.score, uneven.score_reason) == (None, Reason.DISCLOSING)
    assert uneven.distribution == even.distribution


def test_one_group_that_agrees_hides_the_others_in_that_dimension():
    """The whole less the others would be the counts that were not printed."""
    shown = published(box("a", MIXED), box("b", "6*gg 6*fg"), box("c", MIXED))

    assert [cell.counts is not None for cell in shown.distribution] == [True, True]
    assert [[cell.reason for cell in cells] for cells in groups(shown).values()] == [
        [None, Reason.COMPLEMENT]
    ] * 3


def test_two_groups_that_agree_on_different_answers_hide_each_other():
    shown = published(box("a", MIXED), box("b", "6*gg 6*fg"), box("c", "6*ga 6*fa"))

    assert [[cell.reason for cell in cells] for cells in groups(shown).values()] == [
        [None, None],
        [None, Reason.UNANIMOUS],
        [None, Reason.UNANIMOUS],
    ]


def test_two_groups_that_agree_with_each_other_hide_the_third():
    shown = published(box("a", MIXED), box("b", "6*gg 6*fg"), box("c", "6*gg 6*fg"))

    assert {cells[1].reason for cells in groups(shown).values()} == {Reason.COMPLEMENT}


def test_a_weight_so_great_that_the_grade_tells_three_votes_hides_the_distribution():
    """Three of 21 said poor, and only if they are the three leaders is the result average."""
    boxes = [box("a", "3*p", weight=60), box("b", "16*g 2*f", weight=40)]

    shown = published(*boxes)

    assert shown.grade == Grade.AVERAGE
    assert shown.distribution == (Cell(reason=Reason.DISCLOSING),)


def test_a_grade_that_only_one_voter_can_have_brought_about_is_not_given():
    """One of six voted for nine tenths of the weight: good can only be his “good”."""
    shown = published(box("a", "1*g", weight=90), box("b", "3*g 2*a", weight=10))

    assert (shown.grade, shown.grade_reason) == (None, Reason.DISCLOSING)


def test_of_named_answers_everybody_knows_so_the_others_must_be_enough_by_themselves():
    leaders = box("l", "2*g 2*f", named=True)

    assert published(leaders, box("s", "2*g 2*f")).grade_reason == Reason.TOO_FEW
    assert published(leaders, box("s", "3*g 3*f")).grade == Grade.GOOD
    assert published(leaders, box("s", "5*g 4*f")).distribution == (
        Cell(reason=Reason.FEW_ANSWERS),
    )
    assert published(leaders, box("s", "5*g 5*f")).distribution[0].counts == (0, 7, 7, 0, 0, 0)


def test_a_few_answers_are_not_distributed_even_where_all_are_named():
    [shown] = published(box("l", "3*g 3*f", named=True)).distribution

    assert shown == Cell(reason=Reason.FEW_ANSWERS)


def test_named_answers_of_a_few_are_no_reason_to_withhold_the_score():
    shown = published(box("l", "2*g 2*f", named=True), box("s", "5*g 5*f"))

    assert shown.score == 90


@pytest.mark.parametrize(
    ("accepted", "eligible", "band"),
    [
        (49, 100, Turnout.LOW),
        (50, 100, Turnout.MIDDLE),
        (80, 100, Turnout.MIDDLE),
        (81, 100, Turnout.HIGH),
        (0, 10, Turnout.LOW),
    ],
)
def test_the_turnout_is_a_band(accepted, eligible, band):
    shown = published(box("a", f"{accepted}*g", eligible=eligible))

    assert shown.turnout == band


def test_of_fewer_than_ten_people_there_is_no_turnout():
    shown = published(box("a", "8*gg", eligible=9), box("b", MIXED))

    assert [(one.electorate, one.band, one.reason) for one in shown.electorates] == [
        ("a", None, Reason.SMALL_ROLL),
        ("b", Turnout.HIGH, None),
    ]
    assert shown.turnout == Turnout.HIGH


@pytest.mark.parametrize("count", [3, 8, 12, 60])
def test_a_publication_is_read_back_as_it_was_stored(count):
    shown = published(box("a", f"{count}*gf 2*aa"), box("b", MIXED), box("c", "12*gg 9*gp"))

    assert Publication.from_json(shown.to_json()) == shown


def test_every_reason_has_its_sentence():
    assert {str(reason.label)[-1] for reason in Reason} == {"."}


def test_the_order_of_the_boxes_changes_nothing():
    boxes = [box("a", "2*gf 2*fg"), box("b", MIXED), box("c", "6*gg 6*fg"), box("d", MIXED)]

    assert published(*boxes[::-1]) == published(*boxes)


def edition(publication, joined=0, left=0, by_group=None):
    change = RollChange(joined, left)
    return Earlier(publication, change, by_group or {"a": change, "b": change})


TWO = (box("a", MIXED), box("b", MIXED))


def test_there_is_no_second_edition():
    first = published(*TWO)

    with pytest.raises(SecondEditionError):
        published(*TWO, earlier=[replace(edition(first), is_same_round=True)])


@pytest.mark.parametrize(("joined", "left"), [(1, 0), (9, 0), (0, 1), (9, 9), (20, 1)])
def test_a_roll_that_changed_by_a_few_leaves_the_grade_alone(joined, left):
    first = published(*TWO)

    shown = published(*TWO, earlier=[edition(first, joined, left)])

    assert (shown.grade, shown.score, shown.groups) == (Grade.GOOD, None, ())
    assert shown.distribution == (Cell(reason=Reason.ROLL_CHANGED),) * 2
    assert shown.score_reason == shown.groups_reason == Reason.ROLL_CHANGED


@pytest.mark.parametrize(("joined", "left"), [(0, 0), (10, 0), (0, 10), (12, 40)])
def test_the_same_roll_or_one_that_changed_by_many_hides_nothing(joined, left):
    first = published(*TWO)

    assert published(*TWO, earlier=[edition(first, joined, left)]) == first


def test_every_earlier_round_is_compared_and_not_only_the_last():
    first = published(*TWO)

    shown = published(*TWO, earlier=[edition(first, joined=1), edition(first)])

    assert shown.score_reason == Reason.ROLL_CHANGED


def test_where_only_the_grade_was_shown_there_is_nothing_to_compare_with():
    grade_only = published(*TWO, earlier=[edition(published(*TWO), joined=1)])

    assert published(*TWO, earlier=[edition(grade_only, joined=1)]) == published(*TWO)


def test_who_moved_from_group_to_group_hides_the_groups_alone():
    first = published(*TWO)
    moved = {"a": RollChange(1, 0), "b": RollChange(0, 1)}

    shown = published(*TWO, earlier=[edition(first, by_group=moved)])

    assert (shown.groups, shown.groups_reason) == ((), Reason.ROLL_CHANGED)
    assert (shown.score, shown.distribution) == (first.score, first.distribution)
