"""Units for programs: whom ids in filters and bodies stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from core.api.viewsets import Readable
from organisation.filters import UnitFilter
from organisation.models import Unit, UnitCategory, UnitKind

if TYPE_CHECKING:
    from rest_framework.request import Request

    from organisation.models.unit import UnitQuerySet


class UnitOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    parent = serializers.IntegerField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    kind = serializers.ChoiceField(UnitKind.choices)
    category = serializers.ChoiceField(UnitCategory.choices, allow_blank=True)
    handles_resources = serializers.BooleanField()
    serves_patients = serializers.BooleanField()
    closed_on = serializers.DateField(allow_null=True)
    page = serializers.SerializerMethodField()

    def get_page(self, unit: Unit) -> str:
        return str(self.context["request"].build_absolute_uri(unit.get_absolute_url()))


@extend_schema(tags=["units"])
class UnitViewSet(Readable):
    """The units of one's own institution."""

    needs = {"list": "organisation.view_unit", "retrieve": "organisation.view_unit"}
    serializer_class = UnitOut
    filterset_class = UnitFilter
    lookup_value_converter = "int"

    def found(self, request: Request) -> UnitFilter:
        return UnitFilter(request.query_params, Unit.objects.visible_to(self.person))

    def rows_of(self, found: UnitFilter) -> UnitQuerySet:
        rows: UnitQuerySet = found.qs
        return rows

    def get_object(self) -> Unit:
        return get_object_or_404(Unit.objects.visible_to(self.person), pk=self.kwargs["pk"])
