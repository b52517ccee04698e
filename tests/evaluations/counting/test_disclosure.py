"""The audit finds what sums and bounds give away, and is never surer than somebody with patience."""

import random
from fractions import Fraction

from evaluations.counting.disclosure import Atom, Figure, audit, rank, total
from evaluations.counting.figures import atoms_of
from evaluations.counting.rules import REAL_MARKS, Values
from tests.evaluations.counting.boxes_of import box
from tests.evaluations.counting.solver import score_of, worlds, worth


def boxes(**words):
    return atoms_of([box(code, written) for code, written in words.items()])


def whole(atoms, *electorates, dimension=0):
    return [
        total(f"all/{mark}", [Atom(code, dimension, mark) for code in electorates], atoms)
        for mark in range(6)
    ]


def found(leaks):
    return {(leak.electorates, leak.by) for leak in leaks}


MIXED = "3*g 4*f 3*a 2*p"


def test_nothing_published_gives_nothing_away():
    assert audit(boxes(a="3*g", b="7*g"), [], 10) == []


def test_the_whole_alone_gives_nothing_away():
    atoms = boxes(a="1*g 1*f 1*a", b="4*g 3*f", c=MIXED)

    assert audit(atoms, whole(atoms, "a", "b", "c"), 10) == []


def test_the_whole_less_all_groups_but_one_is_that_one():
    atoms = boxes(a="1*g 1*f 1*a", b=MIXED, c=MIXED)
    figures = [*whole(atoms, "a", "b", "c"), *whole(atoms, "b"), *whole(atoms, "c")]

    [leak] = audit(atoms, figures, 10)

    assert (leak.electorates, leak.dimensions, leak.people, leak.by) == (("a",), (0,), 3, "sums")


def test_two_small_groups_that_are_hidden_together_are_still_few():
    atoms = boxes(a="1*g 1*f 1*a", b="2*g 2*f", c=MIXED)
    figures = [*whole(atoms, "a", "b", "c"), *whole(atoms, "c")]

    assert found(audit(atoms, figures, 10)) == {(("a", "b"), "sums")}
    assert audit(atoms, figures, 7) == []


def test_a_single_figure_of_a_small_group_is_enough():
    atoms = boxes(a="2*g 2*p", b=MIXED)
    poor = [total("poor", [Atom("a", 0, 4)], atoms)]

    assert found(audit(atoms, poor, 10)) == {(("a",), "sums")}


def test_what_everybody_can_see_on_the_board_is_not_given_away_by_us():
    atoms = boxes(a="2*g 2*p 1*-", b=MIXED)
    answers = [total("answers", [Atom("a", 0, mark) for mark in REAL_MARKS], atoms)]

    assert audit(atoms, answers, 10) == []


def test_named_answers_are_known_and_what_they_leave_over_is_given_away():
    atoms = boxes(n="2*g 2*f", a="3*g 3*f 3*a", b=MIXED)
    figures = whole(atoms, "n", "a")

    assert audit(atoms, figures, 10) == []
    assert found(audit(atoms, figures, 10, named={"n"})) == {(("a",), "sums")}


def test_dimensions_are_looked_at_one_by_one():
    atoms = boxes(a="1*gg 1*fa 1*ag", b="5*gf 4*ag 3*pa")
    figures = [*whole(atoms, "a", "b"), *whole(atoms, "a", "b", dimension=1)]
    figures += whole(atoms, "b", dimension=1)

    [leak] = audit(atoms, figures, 10)

    assert (leak.electorates, leak.dimensions) == (("a",), (1,))


def test_an_exact_figure_over_two_dimensions_is_looked_at_with_both():
    atoms = boxes(a="1*gg 1*fa 1*ag", b="5*gf 4*ag 3*pa")
    both = total("good", [Atom("a", 0, 1), Atom("a", 1, 1)], atoms)

    [leak] = audit(atoms, [both], 10)

    assert (leak.electorates, leak.dimensions, leak.by) == (("a",), (0, 1), "sums")


def test_where_all_answered_alike_the_total_says_it_of_each():
    atoms = boxes(a="4*g", b="12*g")

    assert found(audit(atoms, whole(atoms, "a", "b"), 10)) == {(("a",), "bounds")}


def test_the_rank_of_rows_that_say_the_same_is_counted_once():
    x, y, z = (Atom("a", 0, mark) for mark in range(3))
    one, two, three = Fraction(1), Fraction(2), Fraction(3)

    assert rank([{x: one, y: two}, {x: two, y: two * two}]) == 1
    assert rank([{x: one, y: two}, {y: three, z: one}, {x: one, y: Fraction(5), z: one}]) == 2
    assert rank([{x: one}, {y: one}, {z: one}, {x: three, z: two}]) == 3
    assert rank([{x: one - 1}]) == 0


def a_score(sizes, weights, world, width):
    """The weighted score as it would be printed, to within half of ``width``."""
    exact = sum(
        Fraction(weight * worth(way), size * sum(weights))
        for way, size, weight in zip(world, sizes, weights, strict=True)
    )
    printed = (exact / width + Fraction(1, 2)) // 1 * width
    values = Values()
    cells = {
        Atom("abc"[n], 0, mark): Fraction(weight * values.of(mark), size * sum(weights))
        for n, (size, weight) in enumerate(zip(sizes, weights, strict=True))
        for mark in REAL_MARKS
    }
    return Figure("score", cells, low=printed - width / 2, high=printed + width / 2)


def pinned(sizes, weights, world, score):
    """By trying all: whether the first group's sum is the same in every world that fits."""
    totals = tuple(sum(way[n] for way in world) for n in range(4))
    sums = set()
    for other in worlds(tuple(sizes), totals):
        exact = sum(
            Fraction(weight * worth(way), size * sum(weights))
            for way, size, weight in zip(other, sizes, weights, strict=True)
        )
        if score.low <= exact < score.high:
            sums.add(worth(other[0]))
            if len(sums) > 1:
                return False
    return True


def an_invented_vote(rolled, sizes):
    return [
        tuple(map(rolled.choices(range(4), (45, 30, 17, 8), k=size).count, range(4)))
        for size in sizes
    ]


def test_the_finer_a_score_the_more_it_tells_of_three_people_and_the_audit_misses_none():
    """Groups of 3, 7 and 11 beside the counts of the whole."""
    rolled = random.Random(7)
    sizes, weights, tries = (3, 7, 11), (30, 30, 40), 40
    told = dict.fromkeys([Fraction(1, 100), Fraction(1, 10), Fraction(1)], 0)
    missed = 0
    for _ in range(tries):
        world = an_invented_vote(rolled, sizes)
        atoms = {
            Atom("abc"[n], 0, mark): way[mark - 1] if mark in REAL_MARKS else 0
            for n, way in enumerate(world)
            for mark in range(6)
        }
        for width in told:
            score = a_score(sizes, weights, world, width)
            is_pinned = pinned(sizes, weights, world, score)
            told[width] += is_pinned
            missed += is_pinned and not audit(atoms, [*whole(atoms, "a", "b", "c"), score], 10)

    hundredth, tenth, whole_score = told.values()
    assert missed == 0
    assert hundredth > tenth > whole_score
    assert hundredth > tries * 0.8
    assert whole_score < tries * 0.2


def test_the_solver_of_these_tests_scores_as_people_do():
    assert score_of([(1, 0, 0, 0), (0, 0, 0, 1)], (1, 1), (3, 1)) == 85
    assert len(list(worlds((2, 3), (2, 2, 1, 0)))) == 5
