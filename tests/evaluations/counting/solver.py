"""A reader with patience: every way of voting that fits what was printed, by trying them all.

It knows nothing of the code that decides what to print: it reads the stored publication, the
number of answers of each box (from the board) and the rules.
"""

from functools import cache
from itertools import combinations
from math import lcm

VALUES = (100, 80, 60, 40)
BANDS = {"good": (85, 101), "fair": (70, 85), "average": (60, 70), "poor": (0, 60)}
NAMES = ["good", "fair", "average", "poor"]


@cache
def ways(people):
    """Each way in which so many can have answered: how many said good, fair, average, poor."""
    return [
        (a, b, c, people - a - b - c)
        for a in range(people + 1)
        for b in range(people + 1 - a)
        for c in range(people + 1 - a - b)
    ]


def worlds(sizes, totals):
    """Every way in which all groups can have answered, with these totals if they are known."""
    if len(sizes) == 1 and totals is not None:
        yield (totals,)
        return
    for way in ways(sizes[0]):
        left = totals and tuple(t - n for t, n in zip(totals, way, strict=True))
        if left and min(left) < 0:
            continue
        if len(sizes) == 1:
            yield (way,)
        else:
            for others in worlds(sizes[1:], left):
                yield (way, *others)


@cache
def worth(way):
    return sum(value * n for value, n in zip(VALUES, way, strict=True))


def score_of(world, sizes, weights):
    """In whole numbers over one denominator, for it is asked a million times."""
    common = lcm(*sizes)
    parts = sum(
        weight * (common // size) * worth(way)
        for way, size, weight in zip(world, sizes, weights, strict=True)
    )
    whole = common * sum(weights)
    return (2 * parts + whole) // (2 * whole)


def agrees(cell, ways_of_the_cell):
    """Whether these answers could have been printed as this cell, in one dimension."""
    together = [sum(way[n] for way in ways_of_the_cell) for n in range(4)]
    if cell["counts"] is not None:
        return cell["counts"][1:5] == together
    if cell["most"] is not None:
        most, people = together[NAMES.index(cell["most"])], sum(together)
        return most * 10 > people * 9 or people - most <= 1
    return True


def fits(publication, world, codes, sizes, weights):
    by_code = dict(zip(codes, world, strict=True))
    return (
        agrees(publication["distribution"][0], world)
        and all(
            agrees(group["cells"][0], [by_code[code] for code in group["electorates"]])
            for group in publication["groups"]
        )
        and is_graded_so(publication, world, score_of(world, sizes, weights))
    )


def is_graded_so(publication, world, score):
    grade, people = publication["grade"], sum(map(sum, world))
    if sum(way[3] for way in world) * 3 > people:
        return grade == "poor" and publication["score"] in {None, score}
    low, high = BANDS[grade]
    return low <= score < high and publication["score"] in {None, score}


def unions_below(sizes, k):
    for count in range(1, len(sizes) + 1):
        for union in combinations(range(len(sizes)), count):
            if sum(sizes[n] for n in union) < k:
                yield union


def given_away(publication, codes, sizes, weights, k=10):
    """The groups below ``k`` whose answers add up to the same in every world that fits."""
    open_to_doubt, sums = set(), {}
    unions = list(unions_below(sizes, k))
    totals = publication["distribution"][0]["counts"]
    for world in worlds(tuple(sizes), totals and tuple(totals[1:5])):
        if len(open_to_doubt) == len(unions):
            break
        if not fits(publication, world, codes, sizes, weights):
            continue
        for union in unions:
            together = sum(worth(world[n]) for n in union)
            if sums.setdefault(union, together) != together:
                open_to_doubt.add(union)
    return [union for union in unions if union in sums and union not in open_to_doubt]
