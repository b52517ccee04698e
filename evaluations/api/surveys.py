"""Read satisfaction surveys, with the figures that their pages show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from campaign.http import campaign_or_404
from core.api.viewsets import Readable
from evaluations.api import shapes
from evaluations.filters import SurveyFilter
from evaluations.models import Survey

if TYPE_CHECKING:
    from rest_framework.request import Request

    from evaluations.models.survey import SurveyQuerySet

VIEW = "evaluations.view_survey"


@extend_schema(tags=["satisfaction-surveys"])
class SurveyViewSet(Readable):
    """The satisfaction surveys of one campaign."""

    needs = {"list": VIEW, "retrieve": VIEW}
    serializer_class = shapes.SurveyOut
    filterset_class = SurveyFilter
    lookup_field = "pk"
    lookup_value_converter = "int"
    page_order = "pk"

    def _seen(self) -> SurveyQuerySet:
        campaign = campaign_or_404(self.request, self.kwargs["campaign"])
        return Survey.objects.visible_to(self.person).filter(campaign=campaign)

    def found(self, request: Request) -> SurveyFilter:
        return SurveyFilter(request.query_params, self._seen())

    def rows_of(self, found: SurveyFilter) -> SurveyQuerySet:
        rows: SurveyQuerySet = found.qs
        return rows

    def get_serializer_class(self) -> type[Any]:
        return shapes.SurveyOut if self.action == "list" else shapes.SurveyDetail

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if "campaign" not in self.kwargs:  # the description of the API is being written
            return context
        listed = reverse("api:satisfaction-survey-list", args=[self.kwargs["campaign"]])
        return context | {"at": shapes.Addresses(self.request, listed)}

    def get_object(self) -> Survey:
        return get_object_or_404(self._seen(), pk=self.kwargs["pk"])
