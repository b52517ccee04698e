"""Problems found, before and after the office has looked at them."""

from issues.models.issue import Issue, IssueQuerySet, RectificationClass, Source, campaigns_inside

__all__ = ["Issue", "IssueQuerySet", "RectificationClass", "Source", "campaigns_inside"]
