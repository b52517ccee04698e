"""The list of problems for programs."""

from issues.api.problems import IssueViewSet

__all__ = ["IssueViewSet"]
