"""The figures of a counted round by head: how many, never what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluations.models import Electorate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ballots.models import BoxTally
    from evaluations.models import Round, Subject


@dataclass(frozen=True, slots=True)
class Line:
    """What was given out and came back. Of a few ballots not even how many were blank is told."""

    name: str
    eligible: int
    issued: int
    slips: int
    accepted: int
    judged: tuple[int, int, int] | None
    """Valid, abstained, invalid."""
    is_quorate: bool = False
    post: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    heads: Sequence[Line]
    total: Line
    comments: Line | None
    k: int
    quorum_percent: int


@dataclass(slots=True)
class _Sum:
    eligible: int = 0
    issued: int = 0
    slips: int = 0
    accepted: int = 0
    judged: tuple[int, int, int] = (0, 0, 0)
    hidden: int = 0
    """Ballots in boxes of which nothing more is told."""
    boxes: int = field(default=0)

    def add(self, electorate: Electorate, tally: BoxTally, k: int) -> None:
        self.eligible += electorate.eligible + electorate.added
        self.issued += tally.issued
        self.slips += tally.slips_given
        self.accepted += tally.accepted
        one = tally.valid, tally.abstained, tally.invalid
        self.judged = tuple(a + b for a, b in zip(self.judged, one, strict=True))  # type: ignore[assignment]
        self.hidden += tally.accepted if tally.accepted < k else 0
        self.boxes += 1

    def line(self, name: str, k: int, quorum: int, *, post: str = "", tells: bool = True) -> Line:
        is_quorate = self.eligible > 0 and self.accepted * 100 >= self.eligible * quorum
        tells = tells and self.accepted >= k and (self.hidden == 0 or self.hidden >= k)
        judged = self.judged if tells else None
        return Line(
            name, self.eligible, self.issued, self.slips, self.accepted, judged, is_quorate, post
        )


def record(round_: Round) -> Record:
    """For the count record; two queries. What is hidden of one head does not follow from the total."""
    k, quorum = round_.rules.k_grade, round_.rules.quorum_percent
    found = (
        Electorate.objects.filter(subject__round=round_, box__tally__isnull=False)
        .select_related("subject__person", "subject__unit", "box__tally")
        .order_by("subject__position", "subject", "code", "pk")
    )
    heads: dict[Subject, _Sum] = {}
    total, comments = _Sum(), _Sum()
    for one in found:
        tally = one.box.tally  # type: ignore[union-attr]
        if one.is_for_comments:
            comments.add(one, tally, k)
            continue
        heads.setdefault(one.subject, _Sum()).add(one, tally, k)
        total.add(one, tally, k)
    lines = [
        each.line(subject.person.name, k, quorum, post=f"{subject.unit.name}{subject.post_title}")
        for subject, each in heads.items()
    ]
    return Record(
        heads=lines,
        total=total.line("", k, quorum, tells=_follows_nothing(lines, k)),
        comments=comments.line("", k, quorum) if comments.boxes else None,
        k=k,
        quorum_percent=quorum,
    )


def _follows_nothing(lines: Iterable[Line], k: int) -> bool:
    hidden = sum(line.accepted for line in lines if line.judged is None)
    return hidden == 0 or hidden >= k
