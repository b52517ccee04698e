"""Campaigns for programs: where the addresses of issues and of the ledger begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from campaign.filters import CampaignFilter
from campaign.models import Campaign
from campaign.states import State
from core.api.shapes import Named
from core.api.viewsets import Readable

if TYPE_CHECKING:
    from rest_framework.request import Request

    from campaign.models.campaign import CampaignQuerySet


class CampaignOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    code = serializers.CharField()
    host = Named()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.ChoiceField(State.choices)
    state_in_words = serializers.CharField(source="get_state_display")
    warn_days = serializers.IntegerField(help_text="Days before a deadline: yellow.")
    issues = serializers.SerializerMethodField(help_text="Its problems in the API.")
    ledger_items = serializers.SerializerMethodField(help_text="Its ledger in the API.")
    exposure_reports = serializers.SerializerMethodField(help_text="Its reports in the API.")
    page = serializers.SerializerMethodField(help_text="The same for people.")

    def get_issues(self, campaign: Campaign) -> str:
        return self._at(reverse("api:issue-list", args=[campaign.pk]))

    def get_ledger_items(self, campaign: Campaign) -> str:
        return self._at(reverse("api:ledger-item-list", args=[campaign.pk]))

    def get_exposure_reports(self, campaign: Campaign) -> str:
        return self._at(reverse("api:exposure-report-list", args=[campaign.pk]))

    def get_page(self, campaign: Campaign) -> str:
        return self._at(campaign.get_absolute_url())

    def _at(self, path: str) -> str:
        return str(self.context["request"].build_absolute_uri(path))


@extend_schema(tags=["campaigns"])
class CampaignViewSet(Readable):
    """The campaigns that one sees."""

    needs = {"list": "campaign.view_campaign", "retrieve": "campaign.view_campaign"}
    serializer_class = CampaignOut
    filterset_class = CampaignFilter
    lookup_url_kwarg = "campaign"
    lookup_value_converter = "int"

    def _visible(self) -> CampaignQuerySet:
        return Campaign.objects.visible_to(self.person).select_related("host")

    def found(self, request: Request) -> CampaignFilter:
        return CampaignFilter(request.query_params, self._visible())

    def rows_of(self, found: CampaignFilter) -> CampaignQuerySet:
        rows: CampaignQuerySet = found.qs
        return rows

    def get_object(self) -> Campaign:
        return get_object_or_404(self._visible(), pk=self.kwargs["campaign"])
