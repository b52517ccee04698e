"""A page begins after the last row of the one before: what is added meanwhile moves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.views import APIView

MOST = 200
LARGEST = 2**63 - 1


class Pages(CursorPagination):
    """In the view's ``page_order``, one column that is unique among its rows and a whole number."""

    page_size = 50
    max_page_size = MOST
    page_size_query_param = "page_size"
    page_size_query_description = f"Rows on a page, {MOST} at most."
    cursor_query_description = "Where the page begins; take it from “next” or “previous”."

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is not None and not (_is_number(asked) and 0 < int(asked) <= MOST):
            sentence = _("A page has 1 to %(most)s rows.") % {"most": MOST}
            raise ValidationError({self.page_size_query_param: [sentence]})
        return super().paginate_queryset(queryset, request, view)

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> tuple[str, ...]:
        return (view.page_order,)  # type: ignore[attr-defined]

    def decode_cursor(self, request: Request) -> Any:
        """A cursor that somebody made up is a faulty parameter, not a page that is gone."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            cursor = None
        given = request.query_params.get(self.cursor_query_param)
        position = getattr(cursor, "position", None)
        sound = cursor is not None and (position is None or _is_number(str(position)))
        if given is not None and not sound:
            raise ValidationError({self.cursor_query_param: [_("This is no cursor of ours.")]})
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        cursor, size = super().get_schema_operation_parameters(view)
        size["schema"] |= {"minimum": 1, "maximum": MOST, "default": self.page_size}
        return [cursor, size]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) <= LARGEST
