"""The anonymity report: which groups vote into which box, and whether every box hides its voters."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class SmallBoxRule(TextChoices):
    """What is done with a box that has too few voters, for all subjects of a round alike."""

    MERGE = "merge", pgettext_lazy("small box", "merge it with the next group")
    NAMED = "named", pgettext_lazy("small box", "declare it named")
    DROP = "drop", pgettext_lazy("small box", "leave it out")


class Found(TextChoices):
    MERGED = "merged", _("“%(what)s” has %(people)s voters and votes together with “%(into)s”.")
    NAMED = "named", _("“%(what)s” has %(people)s voters: their answers are declared named.")
    DROPPED = "dropped", _("“%(what)s” has %(people)s voters and is left out.")
    EMPTY = "empty", _("“%(what)s” has no voter and is left out.")
    TOO_SMALL = "too_small", _("“%(what)s” has only %(people)s voters, at least %(k)s are needed.")
    TOO_FEW_IN_ALL = (
        "too_few_in_all",
        _("Only %(people)s people may evaluate this subject, at least %(k)s are needed."),
    )


@dataclass(frozen=True, slots=True)
class Finding:
    code: Found
    params: Mapping[str, Any]
    is_safe: bool = True

    @property
    def sentence(self) -> str:
        return str(self.code.label) % self.params

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code.value, "params": dict(self.params), "is_safe": self.is_safe}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Finding:
        return cls(Found(stored["code"]), stored["params"], stored["is_safe"])


@dataclass(frozen=True, slots=True)
class Group:
    """A class of voters of one subject before the rule: A票, B票 …"""

    code: str
    label: str
    weight: int
    eligible: int
    order: int


@dataclass(frozen=True, slots=True)
class Electorate:
    """Who votes into one box. ``share`` is its part of the weight of all boxes that are left."""

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    weight: int
    eligible: int
    is_named: bool = False
    share: Fraction = Fraction()

    @property
    def code(self) -> str:
        return "+".join(self.codes)

    @property
    def label(self) -> str:
        return "、".join(self.labels)


@dataclass(frozen=True, slots=True)
class Assessment:
    electorates: tuple[Electorate, ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_safe(self) -> bool:
        return all(finding.is_safe for finding in self.findings)


def assess(groups: Sequence[Group], rule: SmallBoxRule, k: int) -> Assessment:
    """The boxes of one subject under the rule, and what there is to say about them."""
    ordered = sorted(groups, key=lambda group: (group.order, group.code))
    boxes = [_alone(group) for group in ordered]
    if rule == SmallBoxRule.MERGE:
        boxes, findings = _merged(boxes, k)
    else:
        boxes, findings = _set_apart(boxes, rule, k)
    weights = sum(box.weight for box in boxes)
    shared = tuple(_with_share(box, weights) for box in boxes)
    return Assessment(shared, (*findings, *_unsafe(shared, k)))


def _alone(group: Group) -> Electorate:
    return Electorate((group.code,), (group.label,), group.weight, group.eligible)


def _with_share(box: Electorate, weights: int) -> Electorate:
    share = Fraction(box.weight, weights) if weights else Fraction()
    return Electorate(box.codes, box.labels, box.weight, box.eligible, box.is_named, share)


def _merged(boxes: list[Electorate], k: int) -> tuple[list[Electorate], list[Finding]]:
    """A small box goes to the next in order, the last to the one before, until none is small."""
    findings = []
    while len(boxes) > 1 and (small := _first_small(boxes, k)) is not None:
        first = min(small, len(boxes) - 2)
        into = boxes[first + 1] if small == first else boxes[first]
        findings.append(_about(Found.MERGED, boxes[small], into=into.label))
        boxes = [
            *boxes[:first],
            _joined(boxes[first], boxes[first + 1]),
            *boxes[first + 2 :],
        ]
    return boxes, findings


def _first_small(boxes: Sequence[Electorate], k: int) -> int | None:
    return next((n for n, box in enumerate(boxes) if box.eligible < k), None)


def _joined(one: Electorate, two: Electorate) -> Electorate:
    return Electorate(
        codes=one.codes + two.codes,
        labels=one.labels + two.labels,
        weight=one.weight + two.weight,
        eligible=one.eligible + two.eligible,
    )


def _set_apart(
    boxes: Sequence[Electorate], rule: SmallBoxRule, k: int
) -> tuple[list[Electorate], list[Finding]]:
    """A small box is declared named, or left out; one without voters is left out in any case."""
    kept, findings = [], []
    for box in boxes:
        if box.eligible >= k:
            kept.append(box)
        elif not box.eligible:
            findings.append(_about(Found.EMPTY, box))
        elif rule == SmallBoxRule.NAMED:
            kept.append(Electorate(box.codes, box.labels, box.weight, box.eligible, is_named=True))
            findings.append(_about(Found.NAMED, box))
        else:
            findings.append(_about(Found.DROPPED, box))
    return kept, findings


def _unsafe(boxes: Sequence[Electorate], k: int) -> list[Finding]:
    findings = [
        _about(Found.TOO_SMALL, box, is_safe=False, k=k)
        for box in boxes
        if box.eligible < k and not box.is_named
    ]
    people = sum(box.eligible for box in boxes)
    if people < k:
        findings.append(Finding(Found.TOO_FEW_IN_ALL, {"people": people, "k": k}, is_safe=False))
    return findings


def _about(code: Found, box: Electorate, *, is_safe: bool = True, **params: object) -> Finding:
    return Finding(code, {"what": box.label, "people": box.eligible, **params}, is_safe)
