"""The five answers, and the rules by which a round of evaluation is graded and shown.

The rules are frozen with the round: they go into its digest before the first vote.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping


class Grade(TextChoices):
    """What a voter may answer. Its place, from 1 to 5, is its mark on a ballot; 0 is no answer."""

    GOOD = "good", pgettext_lazy("grade", "good")
    FAIR = "fair", pgettext_lazy("grade", "fair")
    AVERAGE = "average", pgettext_lazy("grade", "average")
    POOR = "poor", pgettext_lazy("grade", "poor")
    UNKNOWN = "unknown", pgettext_lazy("grade", "don’t know")

    @property
    def mark(self) -> int:
        return list(Grade).index(self) + 1


BLANK = 0
MARKS = len(Grade) + 1
"""How many marks there are, the blank among them."""
REAL_GRADES = (Grade.GOOD, Grade.FAIR, Grade.AVERAGE, Grade.POOR)
REAL_MARKS = tuple(grade.mark for grade in REAL_GRADES)
"""The marks that say something; “don’t know” and the blank are in no denominator."""


def grade_at(mark: int) -> Grade:
    return list(Grade)[mark - 1]


class RulesError(ValueError):
    """Rules under which no round may be held; each sentence names one fault."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Values:
    """What each answer is worth."""

    good: int = 100
    fair: int = 80
    average: int = 60
    poor: int = 40

    def of(self, mark: int) -> int:
        return (self.good, self.fair, self.average, self.poor)[mark - 1]

    @property
    def smallest_step(self) -> int:
        return min(self.good - self.fair, self.fair - self.average, self.average - self.poor)


@dataclass(frozen=True, slots=True)
class Bands:
    """The lowest whole score of each grade; below the last the grade is poor."""

    good: int = 85
    fair: int = 70
    average: int = 60

    def grade(self, score: int) -> Grade:
        if score >= self.good:
            return Grade.GOOD
        if score >= self.fair:
            return Grade.FAIR
        return Grade.AVERAGE if score >= self.average else Grade.POOR

    def range_of(self, grade: Grade) -> tuple[int | None, int | None]:
        """The whole scores of a grade: the lowest, and the first that is too high."""
        bounds = {
            Grade.GOOD: (self.good, None),
            Grade.FAIR: (self.fair, self.good),
            Grade.AVERAGE: (self.average, self.fair),
            Grade.POOR: (None, self.average),
        }
        return bounds[grade]


FLOORS = {
    "k_grade": 5,
    "k_distribution": 10,
    "k_group": 10,
    "comment_eligible": 8,
    "comment_minimum": 3,
}
"""The least number of people behind anything shown: it can be raised, never lowered."""


@dataclass(frozen=True, slots=True)
class GradingRules:
    values: Values = field(default_factory=Values)
    bands: Bands = field(default_factory=Bands)
    poor_share: Fraction = Fraction(1, 3)
    """More “poor” than this share of all answers makes the result poor, whatever the score."""
    k_grade: int = FLOORS["k_grade"]
    k_distribution: int = FLOORS["k_distribution"]
    k_group: int = FLOORS["k_group"]
    comment_eligible: int = FLOORS["comment_eligible"]
    comment_minimum: int = FLOORS["comment_minimum"]
    quorum_percent: int = 50
    unanimity_percent: int = 90

    def __post_init__(self) -> None:
        if faults := self._faults():
            raise RulesError(faults)

    def _faults(self) -> list[str]:
        worth = [self.values.good, self.values.fair, self.values.average, self.values.poor]
        bounds = [self.bands.good, self.bands.fair, self.bands.average]
        faults = []
        if not (100 >= worth[0] > worth[1] > worth[2] > worth[3] >= 0):
            faults.append(
                _("The values of the answers must fall from good to poor, between 100 and 0.")
            )
        if not (worth[0] > bounds[0] > bounds[1] > bounds[2] > worth[3]):
            faults.append(
                _(
                    "The lower bounds of the grades must fall from good to average and lie between the values of good and poor."
                )
            )
        if not 0 < self.poor_share < 1:
            faults.append(_("The share of “poor” must lie between nothing and everything."))
        return faults + self._faults_of_thresholds()

    def _faults_of_thresholds(self) -> list[str]:
        faults = []
        if any(getattr(self, name) < floor for name, floor in FLOORS.items()):
            faults.append(
                _(
                    "The smallest numbers that protect the voters can be raised but not lowered: %(floors)s."
                )
                % {"floors": " / ".join(str(floor) for floor in FLOORS.values())}
            )
        if not 1 <= self.quorum_percent <= 100:
            faults.append(_("The turnout that is needed must lie between 1 and 100 per cent."))
        if not 50 < self.unanimity_percent <= 90:
            faults.append(
                _("Counts must be hidden from 90 per cent of equal answers at the latest.")
            )
        return faults

    def to_json(self) -> dict[str, Any]:
        stored = {name.name: getattr(self, name.name) for name in fields(self)}
        stored["values"] = {grade.value: getattr(self.values, grade) for grade in REAL_GRADES}
        stored["bands"] = {grade.value: getattr(self.bands, grade) for grade in REAL_GRADES[:3]}
        stored["poor_share"] = str(self.poor_share)
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> GradingRules:
        plain = {name: value for name, value in stored.items() if name not in _STRUCTURED}
        return cls(
            values=Values(**stored["values"]),
            bands=Bands(**stored["bands"]),
            poor_share=Fraction(stored["poor_share"]),
            **plain,
        )


_STRUCTURED = frozenset({"values", "bands", "poor_share"})
