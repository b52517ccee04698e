"""Counting again without the server: the bundle, the board and the results, held against each other.

Nothing here knows a database or a network. Every fault is one sentence.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ballots import blind, sealing
from evaluations.counting.merkle import merkle_root
from evaluations.counting.opening import counted
from evaluations.counting.publication import Reason
from evaluations.counting.rules import GradingRules
from evaluations.counting.scoring import ElectorateCount, result
from evaluations.counting.tally import BoxCount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evaluations.counting.bundle import Ballot, Bundle

FORMAT = 1
NOT_OF_THE_RULES = frozenset({"small_boxes"})
"""What the manifest says beside the rules of grading, for people."""


class UnreadableError(ValueError):
    """A file that is not what it is said to be."""


@dataclass(slots=True)
class Verification:
    """What was looked at, and every fault that was found."""

    boxes: int = 0
    ballots: int = 0
    slips: int = 0
    heads: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not self.faults


def read_json(content: bytes, what: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError as fault:
        raise UnreadableError(f"The {what} is no JSON file.") from fault
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise UnreadableError(f"The {what} has a format that this program does not know.")
    return found


def verify(
    opened: Bundle, board: Mapping[str, Any], results: Mapping[str, Any] | None = None
) -> Verification:
    """Everything that can be checked with these files."""
    found = Verification()
    manifest = json.loads(opened.manifest)
    try:
        found.faults += _whole(opened, manifest, board)
        said = {box["id"]: box for box in board["boxes"]}
        described = {box["id"]: box for box in manifest["boxes"]}
        found.faults += _same_boxes(opened.boxes, said, described)
        counts: dict[str, BoxCount] = {}
        for box in described.keys() & said.keys() & opened.boxes.keys():
            counts[box] = _box(found, opened, box, described[box], said[box], manifest)
        if results is not None:
            _results(found, counts, said, manifest, results, board["digest"])
    except (KeyError, TypeError, AttributeError) as fault:
        raise UnreadableError(f"The files lack what belongs into them: {fault}.") from fault
    found.faults.sort()
    return found


def _whole(opened: Bundle, manifest: Mapping[str, Any], board: Mapping[str, Any]) -> Iterator[str]:
    digest = hashlib.sha256(opened.manifest.encode()).hexdigest()
    if digest != board["digest"]:
        yield f"The rules in the bundle have the digest {digest}, the board says {board['digest']}."
    if manifest["election"] != board["election"]:
        yield "The bundle and the board belong to different elections."
    root = merkle_root([f"{box['id']} {box['root']}" for box in board["boxes"]])
    if root != board["root"]:
        yield f"The root over all boxes is {root}, the board says {board['root']}."


def _same_boxes(
    held: Mapping[str, Sequence[Ballot]],
    said: Mapping[str, Any],
    described: Mapping[str, Any],
) -> Iterator[str]:
    for box in sorted(held.keys() | said.keys() | described.keys()):
        missing = [
            name
            for name, there in (("bundle", held), ("board", said), ("rules", described))
            if box not in there
        ]
        if missing:
            yield f"Box {box} is missing in the {' and the '.join(missing)}."


def _box(
    found: Verification,
    opened: Bundle,
    box: str,
    described: Mapping[str, Any],
    said: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> BoxCount:
    ballots = opened.boxes[box]
    found.boxes += 1
    found.ballots += len(ballots)
    found.slips += sum(not ballot.signature for ballot in ballots)
    found.faults += _credentials(box, ballots, b64decode(described["key"]), said)
    found.faults += _receipts(box, ballots, said)
    if (described["subject"], described["kind"]) != (said["subject"], said["kind"]):
        found.faults.append(f"Box {box} belongs to another head on the board than in the rules.")
    if described["eligible"] != said["eligible"]:
        found.faults.append(f"Box {box} was frozen with {described['eligible']} voters, not more.")
    plain = [None if said["void"] else _opened(opened, ballot) for ballot in ballots]
    if said["kind"] == "grade":
        count = counted(plain, len(manifest["dimensions"]))
    else:
        readable = sum(one is not None for one in plain)
        count = BoxCount((), len(plain), readable, 0, len(plain) - readable)
    found.faults += _tally(box, count, said)
    return count


def _credentials(
    box: str, ballots: Sequence[Ballot], key: bytes, said: Mapping[str, Any]
) -> Iterator[str]:
    forged = sum(
        bool(one.signature) and not blind.is_valid(key, one.credential, one.signature)
        for one in ballots
    )
    if forged:
        yield f"Box {box} holds {forged} ballots whose ticket the key of the box did not sign."
    twice = sum(n - 1 for n in Counter(one.credential for one in ballots).values())
    if twice:
        yield f"Box {box} holds {twice} ballots under a ticket that was used before."
    slips = sum(not one.signature for one in ballots)
    tickets = len(ballots) - slips
    if said["void"]:
        return
    if slips > said["slips"]:
        yield f"Box {box} holds {slips} ballots by slip, but {said['slips']} slips were given out."
    if tickets > said["issued"]:
        yield f"Box {box} holds {tickets} ballots by ticket, but {said['issued']} were issued."
    if said["issued"] > said["eligible"] + said["added"]:
        yield f"More tickets were issued for box {box} than people stand on its roll."


def _receipts(box: str, ballots: Sequence[Ballot], said: Mapping[str, Any]) -> Iterator[str]:
    held = Counter(sealing.receipt(uuid.UUID(box), one.credential, one.sealed) for one in ballots)
    shown = Counter(said["receipts"])
    if missing := (held - shown).total():
        yield f"{missing} ballots of box {box} have no receipt on the board."
    if strange := (shown - held).total():
        yield f"The board shows {strange} receipts for box {box} that no ballot has."
    if merkle_root(said["receipts"]) != said["root"]:
        yield f"The root of box {box} is not that of its receipts."


def _opened(opened: Bundle, ballot: Ballot) -> bytes | None:
    try:
        return opened.unsealer.open(ballot.sealed)
    except sealing.BrokenSealError:
        return None


def _tally(box: str, count: BoxCount, said: Mapping[str, Any]) -> Iterator[str]:
    if count.accepted != said["accepted"]:
        yield f"Box {box} holds {count.accepted} ballots, the board says {said['accepted']}."
    for name in ("valid", "abstained", "invalid"):
        mine, theirs = getattr(count, name), said[name]
        if theirs is not None and mine != theirs:
            yield f"Box {box} has {mine} {name} ballots, the board says {theirs}."


def _results(
    found: Verification,
    counts: Mapping[str, BoxCount],
    said: Mapping[str, Any],
    manifest: Mapping[str, Any],
    results: Mapping[str, Any],
    digest: str,
) -> None:
    """Grades and scores once more, from the ballots; and why there is none, where there is none."""
    if results["election"] != manifest["election"] or results["digest"] != digest:
        found.faults.append("The results belong to another election.")
    kept = {k: v for k, v in manifest["rules"].items() if k not in NOT_OF_THE_RULES}
    rules = GradingRules.from_json(kept)
    shown = {one["subject"]: one for one in results["results"]}
    names = {one["id"]: one["name"] for one in manifest["subjects"]}
    if shown.keys() != names.keys():
        found.faults.append("The results and the rules do not name the same heads.")
    for subject in sorted(shown.keys() & names.keys()):
        electorates = list(_electorates(subject, counts, said, manifest))
        found.heads += 1
        found.faults += _result(names[subject], electorates, shown[subject], rules)


def _electorates(
    subject: int,
    counts: Mapping[str, BoxCount],
    said: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> Iterator[ElectorateCount]:
    for box in manifest["boxes"]:
        if box["subject"] == subject and box["kind"] == "grade" and box["id"] in counts:
            yield ElectorateCount(
                code=box["code"],
                label=box["label"],
                weight=box["weight"],
                eligible=said[box["id"]]["eligible"] + said[box["id"]]["added"],
                box=counts[box["id"]],
                is_named=box["named"],
            )


def _result(
    name: str,
    electorates: Sequence[ElectorateCount],
    shown: Mapping[str, Any],
    rules: GradingRules,
) -> Iterator[str]:
    mine = result(electorates, rules)
    grade, score, cells = shown["grade"], shown["score"], shown["cells"]
    if (cells["grade"], cells["score"]) != (grade, score):
        yield f"{name}: the result and its figures contradict each other."
    if grade is not None and grade != mine.grade:
        yield f"{name}: the ballots give “{mine.grade}”, published was “{grade}”."
    if score is not None and score != mine.score:
        yield f"{name}: the ballots give {mine.score} points, published were {score}."
    reason = cells["grade_reason"]
    if grade is not None and (mine.valid < rules.k_grade or not mine.is_quorate):
        yield f"{name}: a grade was published although too few voted."
    if grade is None and reason == Reason.BELOW_QUORUM and mine.is_quorate:
        yield f"{name}: enough took part, but no grade was published."
    for dimension, cell in enumerate(cells["distribution"]):
        if cell["counts"] is not None and tuple(cell["counts"]) != _counts_of(
            electorates, dimension
        ):
            yield f"{name}: the figures of dimension {dimension + 1} are not those of the ballots."


def _counts_of(electorates: Sequence[ElectorateCount], dimension: int) -> tuple[int, ...]:
    columns = (one.box.dimensions[dimension] for one in electorates)
    return tuple(sum(marks) for marks in zip(*columns, strict=True))
