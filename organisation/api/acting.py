"""Verbs of the API: a body that is checked, an action that is done once, an answer."""

from __future__ import annotations

import hashlib
import json
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from core.api.errors import KeyInUseError, KeyUsedError
from organisation.actions import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 255


class Body(serializers.Serializer[Any]):
    """The shape of a body. A field that it does not know is a fault: somebody mistyped another."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise ValidationError(
                {name: [_("There is no field of this name.")] for name in unknown}
            )
        return super().to_internal_value(data)


class Nothing(Body):
    """A step that asks nothing."""


def verb(
    body: type[Body], answer: type[serializers.BaseSerializer[Any]] | None, *, detail: bool = True
) -> Callable[[Callable[..., Any]], Any]:
    """Make a method a named action: POST …/its-name/. It takes the checked body, gives the answer.

    Without ``answer`` it says only that it is done (204).
    """

    def make(method: Callable[..., Any]) -> Any:
        @extend_schema(
            request=body if body is not Nothing else None,
            responses={200: answer} if answer else {204: None},
            parameters=[
                OpenApiParameter(
                    HEADER,
                    str,
                    OpenApiParameter.HEADER,
                    description="The same request sent again under the same key is done once.",
                )
            ],
        )
        @action(detail=detail, methods=["post"], url_path=method.__name__.replace("_", "-"))
        @wraps(method)
        def operation(view: Any, request: Request, **where: Any) -> Response:
            view.reach()

            def act() -> Response:
                given = body(data=request.data)
                given.is_valid(raise_exception=True)
                told = method(view, given.validated_data, **where)
                return Response(told) if answer else Response(status=204)

            return done_once(request, act)

        return operation

    return make


def done_once(request: Request, act: Callable[[], Response]) -> Response:
    """Act, or say again what was said when this key came first."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= LONGEST):
        sentence = _("A key has 1 to %(longest)s printable ASCII characters.")
        raise ValidationError({HEADER: [sentence % {"longest": LONGEST}]})
    try:
        with answers.once(request.user, key, _fingerprint(request)) as place:  # type: ignore[arg-type]
            if place.status is not None:
                told = json.loads(place.body) if place.body else None
                return Response(told, status=place.status, headers={REPLAYED: "true"})
            response = act()
            place.status = response.status_code
            if response.data is not None:
                place.body = JSONRenderer().render(response.data).decode()
            return response
    except answers.OtherRequestError as other:
        raise KeyUsedError from other
    except answers.StillWorkingError as working:
        raise KeyInUseError from working


def _fingerprint(request: Request) -> str:
    """What was asked, whatever the order of the names in the body."""
    asked = [request.method, request.path, request.data]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
