"""Rounds and surveys for programs. A person's grade has no address here, on purpose."""

from evaluations.api.rounds import RoundViewSet
from evaluations.api.surveys import SurveyViewSet

__all__ = ["RoundViewSet", "SurveyViewSet"]
