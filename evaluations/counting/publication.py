"""What was published of one subject: made once, stored, and never printed a second time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluations.counting.rules import Grade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evaluations.counting.tally import Counts

CHECKER = 1
"""Goes up when other things would be published of the same ballots."""


class Reason(TextChoices):
    """Why something is not shown. The label is the sentence that stands in its place."""

    TOO_FEW = "too_few", _("Too few votes: no grade is given.")
    BELOW_QUORUM = "below_quorum", _("Too few took part: no grade is given.")
    FEW_ANSWERS = "few_answers", _("Too few answers to show how they are distributed.")
    SMALL_GROUP = "small_group", _("A group is too small for this to be shown.")
    UNANIMOUS = "unanimous", _("Nearly all answered alike; the counts are not shown.")
    COMPLEMENT = "complement", _("What is hidden elsewhere would follow from it.")
    DISCLOSING = "disclosing", _("Single votes could be worked out from it.")
    ROLL_CHANGED = (
        "roll_changed",
        _("The roll changed by a few people since the last round; only the grade is shown."),
    )
    SMALL_ROLL = "small_roll", _("There are too few voters to show the turnout.")
    NOTHING = "nothing", _("Nobody answered.")


class Turnout(TextChoices):
    """The share that took part, in three bands."""

    LOW = "low", pgettext_lazy("turnout", "below 50 %")
    MIDDLE = "middle", pgettext_lazy("turnout", "50 to 80 %")
    HIGH = "high", pgettext_lazy("turnout", "above 80 %")

    @classmethod
    def band(cls, accepted: int, eligible: int) -> Turnout:
        if accepted * 100 < eligible * 50:
            return cls.LOW
        return cls.HIGH if accepted * 100 > eligible * 80 else cls.MIDDLE


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers in one dimension: their counts, or the answer of nearly all, or neither."""

    counts: Counts | None = None
    most: Grade | None = None
    reason: Reason | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "counts": None if self.counts is None else list(self.counts),
            "most": self.most and self.most.value,
            "reason": self.reason and self.reason.value,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Cell:
        return cls(
            counts=None if stored["counts"] is None else tuple(stored["counts"]),
            most=stored["most"] and Grade(stored["most"]),
            reason=stored["reason"] and Reason(stored["reason"]),
        )


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Figures of one electorate, or of several taken together because each was too small."""

    electorates: tuple[str, ...]
    labels: tuple[str, ...]
    cells: tuple[Cell, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "electorates": list(self.electorates),
            "labels": list(self.labels),
            "cells": [cell.to_json() for cell in self.cells],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> GroupFigures:
        return cls(
            electorates=tuple(stored["electorates"]),
            labels=tuple(stored["labels"]),
            cells=tuple(Cell.from_json(cell) for cell in stored["cells"]),
        )


@dataclass(frozen=True, slots=True)
class ElectorateTurnout:
    electorate: str
    label: str
    eligible: int
    is_named: bool
    band: Turnout | None
    reason: Reason | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "electorate": self.electorate,
            "label": self.label,
            "eligible": self.eligible,
            "is_named": self.is_named,
            "band": self.band and self.band.value,
            "reason": self.reason and self.reason.value,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ElectorateTurnout:
        return cls(
            electorate=stored["electorate"],
            label=stored["label"],
            eligible=stored["eligible"],
            is_named=stored["is_named"],
            band=stored["band"] and Turnout(stored["band"]),
            reason=stored["reason"] and Reason(stored["reason"]),
        )


@dataclass(frozen=True, slots=True)
class Publication:
    """All that may be shown, each part that may not with its reason."""

    grade: Grade | None
    score: int | None
    turnout: Turnout | None
    distribution: tuple[Cell, ...]
    groups: tuple[GroupFigures, ...]
    electorates: tuple[ElectorateTurnout, ...]
    grade_reason: Reason | None = None
    score_reason: Reason | None = None
    turnout_reason: Reason | None = None
    groups_reason: Reason | None = None
    checker: int = CHECKER

    @property
    def shows_more_than_the_grade(self) -> bool:
        """Whether a later round could be compared with it figure by figure."""
        cells = [*self.distribution, *(cell for group in self.groups for cell in group.cells)]
        return self.score is not None or any(cell.counts or cell.most for cell in cells)

    def to_json(self) -> dict[str, Any]:
        return {
            "grade": self.grade and self.grade.value,
            "grade_reason": self.grade_reason and self.grade_reason.value,
            "score": self.score,
            "score_reason": self.score_reason and self.score_reason.value,
            "turnout": self.turnout and self.turnout.value,
            "turnout_reason": self.turnout_reason and self.turnout_reason.value,
            "distribution": [cell.to_json() for cell in self.distribution],
            "groups": [group.to_json() for group in self.groups],
            "groups_reason": self.groups_reason and self.groups_reason.value,
            "electorates": [electorate.to_json() for electorate in self.electorates],
            "checker": self.checker,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Publication:
        def reason(name: str) -> Reason | None:
            return stored[name] and Reason(stored[name])

        return cls(
            grade=stored["grade"] and Grade(stored["grade"]),
            grade_reason=reason("grade_reason"),
            score=stored["score"],
            score_reason=reason("score_reason"),
            turnout=stored["turnout"] and Turnout(stored["turnout"]),
            turnout_reason=reason("turnout_reason"),
            distribution=tuple(Cell.from_json(cell) for cell in stored["distribution"]),
            groups=tuple(GroupFigures.from_json(group) for group in stored["groups"]),
            groups_reason=reason("groups_reason"),
            electorates=tuple(
                ElectorateTurnout.from_json(electorate) for electorate in stored["electorates"]
            ),
            checker=stored["checker"],
        )
