"""Electorates as tests write them: who answered what, with which weight."""

from evaluations.counting.rules import Grade
from evaluations.counting.scoring import ElectorateCount
from evaluations.counting.tally import tally

MARKS = {"g": 1, "f": 2, "a": 3, "p": 4, "?": 5, "-": 0}
GOOD, FAIR, AVERAGE, POOR, UNKNOWN = Grade


def ballots(words):
    """``"gggg 3*ffpp ----"``: each word a ballot, a letter for each dimension."""
    read = []
    for word in words.split():
        times, _, marks = word.rpartition("*")
        read += [[MARKS[mark] for mark in marks]] * int(times or 1)
    return read


def box(code, words, *, weight=1, eligible=None, named=False, invalid=0):
    read = ballots(words)
    return counted(code, read, weight=weight, eligible=eligible, named=named, invalid=invalid)


def counted(code, read, *, weight=1, eligible=None, named=False, invalid=0):
    dimensions = len(read[0]) if read else 1
    return ElectorateCount(
        code=code,
        label=code.upper(),
        weight=weight,
        eligible=len(read) + invalid if eligible is None else eligible,
        box=tally(read, dimensions, invalid),
        is_named=named,
    )
