"""The page's own filter as the filter of the API, so that both mean the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.views import APIView

YES_NO = ("true", "false")


class PagesFilter(BaseFilterBackend):
    """Stricter than a page: what it does not know or understand is a fault, not passed over.

    A program that mistypes a filter would else be given everything and take it for the answer.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        """``queryset`` is passed by: the filter of a page begins with what the person may see."""
        found = view.found(request)  # type: ignore[attr-defined]
        paging = {one["name"] for one in view.paginator.get_schema_operation_parameters(view)}  # type: ignore[attr-defined]
        refuse_what_is_not_understood(found, paging)
        if not found.is_valid():
            raise ValidationError({name: list(faults) for name, faults in found.errors.items()})
        return view.rows_of(found)  # type: ignore[attr-defined]

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        filters: Mapping[str, django_filters.Filter] = view.filterset_class.base_filters  # type: ignore[attr-defined]
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": str(one.label),
                "schema": _schema_of(one),
            }
            for name, one in filters.items()
        ]


def refuse_what_is_not_understood(found: django_filters.FilterSet, paging: set[str]) -> None:
    faults = {}
    for name, value in found.data.items():
        if name in paging:
            continue
        one = found.filters.get(name)
        if one is None:
            faults[name] = [_("There is no filter of this name.")]
        elif isinstance(one, django_filters.BooleanFilter) and value not in YES_NO:
            faults[name] = [_("Say true or false.")]
    if faults:
        raise ValidationError(faults)


KINDS: tuple[tuple[type[django_filters.Filter], dict[str, Any]], ...] = (
    (django_filters.BooleanFilter, {"type": "boolean"}),
    (django_filters.ModelChoiceFilter, {"type": "integer", "minimum": 1}),
    (django_filters.DateFilter, {"type": "string", "format": "date"}),
    (django_filters.UUIDFilter, {"type": "string", "format": "uuid"}),
)


TEXT = {"type": "string"}


def _schema_of(one: django_filters.Filter) -> dict[str, Any]:
    for kind, schema in KINDS:
        if isinstance(one, kind):
            return dict(schema)
    if isinstance(one, django_filters.ChoiceFilter):
        choices = one.extra["choices"]
        pairs = getattr(choices, "choices", choices)
        return {"type": "string", "enum": [value for value, _label in pairs]}
    return dict(TEXT)
