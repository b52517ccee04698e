"""Rounds of evaluation with their rolls and results, the ladder, and satisfaction surveys."""

from evaluations.counting.boxes import SmallBoxRule
from evaluations.counting.ladder import Rung
from evaluations.models.electorate import Electorate, RollEntry
from evaluations.models.result import (
    Appeal,
    CommentDecision,
    CommentReview,
    Confirmation,
    Consequence,
    Publication,
    Statement,
    reads_grades_in,
)
from evaluations.models.round import (
    DIMENSIONS,
    CommissionMember,
    GroupRule,
    Round,
    Subject,
    VoterGroup,
)
from evaluations.models.survey import Access, Audience, Survey, SurveyTarget

__all__ = [
    "DIMENSIONS",
    "Access",
    "Appeal",
    "Audience",
    "CommentDecision",
    "CommentReview",
    "CommissionMember",
    "Confirmation",
    "Consequence",
    "Electorate",
    "GroupRule",
    "Publication",
    "RollEntry",
    "Round",
    "Rung",
    "SmallBoxRule",
    "Statement",
    "Subject",
    "Survey",
    "SurveyTarget",
    "VoterGroup",
    "reads_grades_in",
]
