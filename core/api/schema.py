"""What the description of the API says that cannot be read from the code of one resource."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

from core.api.errors import Problem

REFUSALS = {
    "400": "A parameter or the body is at fault; “fields” says which.",
    "401": "No token and no session, or one that lets nobody in.",
    "403": "This person (or this token) may not do that.",
    "404": "It is not there, or not for these eyes.",
    "405": "No such method here.",
    "406": "Answers are JSON.",
    "409": "Not possible as things are now; “detail” says why, as the page would.",
    "415": "Bodies are JSON.",
    "422": "The idempotency key was used for another request.",
    "429": "Too many requests a minute; “Retry-After” says when to come again.",
}
OF_ACTIONS = {"409", "415", "422"}


class Operation(AutoSchema):
    """Every operation also says what a refusal looks like."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            self.resolve_serializer(Problem, "response")
        return operation

    def _is_list_view(self, serializer: Any = None) -> bool:
        """A verb of the list answers with one row."""
        return getattr(self.view, "action", "") == "list"


def refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """All that an operation may answer beside what it was asked for."""
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status, meaning in REFUSALS.items():
                if method == "post" or status not in OF_ACTIONS:
                    operation["responses"].setdefault(status, _problem(status, meaning))
    return result


def _problem(status: str, meaning: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": meaning,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == "429":
        answer["headers"] = {
            "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}
        }
    return answer
