"""Every address of the API, and the page that explains them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from campaign.api import CampaignViewSet
from core.api.docs import Schema, docs, nowhere
from evaluations.api import RoundViewSet, SurveyViewSet
from issues.api import IssueViewSet
from organisation.api.units import UnitViewSet
from rectification.api import LedgerViewSet
from supervision.api import ExposureReportViewSet

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

router = SimpleRouter(use_regex_path=False)
router.register("campaigns", CampaignViewSet, basename="campaign")
router.register("units", UnitViewSet, basename="unit")
router.register("campaigns/<int:campaign>/issues", IssueViewSet, basename="issue")
router.register("campaigns/<int:campaign>/ledger-items", LedgerViewSet, basename="ledger-item")
router.register(
    "campaigns/<int:campaign>/exposure-reports", ExposureReportViewSet, basename="exposure-report"
)
router.register(
    "campaigns/<int:campaign>/evaluation-rounds", RoundViewSet, basename="evaluation-round"
)
router.register(
    "campaigns/<int:campaign>/satisfaction-surveys", SurveyViewSet, basename="satisfaction-survey"
)

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(router.urls)),
    path("v1/<path:path>", nowhere, name="nowhere"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]
