"""Exposure reports for programs."""

from supervision.api.reports import ExposureReportViewSet

__all__ = ["ExposureReportViewSet"]
