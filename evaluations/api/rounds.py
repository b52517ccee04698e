"""Read the rounds of a campaign: when they run, and the public rules. No result is read here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.urls import reverse
from drf_spectacular.utils import extend_schema

from campaign.http import campaign_or_404
from core.api.viewsets import Readable
from evaluations.api import shapes
from evaluations.filters import RoundFilter
from evaluations.http import round_or_404
from evaluations.models import Round

if TYPE_CHECKING:
    from rest_framework.request import Request

    from evaluations.models.round import RoundQuerySet
    from organisation.http import Request as PageRequest

VIEW = "evaluations.view_round"


@extend_schema(tags=["evaluation-rounds"])
class RoundViewSet(Readable):
    """The rounds of back-to-back evaluation of one campaign, named by their number in it."""

    needs = {"list": VIEW, "retrieve": VIEW}
    serializer_class = shapes.RoundOut
    filterset_class = RoundFilter
    lookup_field = "number"
    lookup_value_converter = "int"
    page_order = "number"

    def found(self, request: Request) -> RoundFilter:
        campaign = campaign_or_404(request, self.kwargs["campaign"])
        seen = Round.objects.visible_to(self.person).filter(campaign=campaign)
        return RoundFilter(request.query_params, seen)

    def rows_of(self, found: RoundFilter) -> RoundQuerySet:
        rows: RoundQuerySet = found.qs.select_related("election").defer(
            "election__manifest", "election__board", "election__wrapped_seal"
        )
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if "campaign" not in self.kwargs:  # the description of the API is being written
            return context
        listed = reverse("api:evaluation-round-list", args=[self.kwargs["campaign"]])
        return context | {"at": shapes.Addresses(self.request, listed)}

    def get_object(self) -> Round:
        request = cast("PageRequest", self.request)
        return round_or_404(request, self.kwargs["campaign"], self.kwargs["number"])
