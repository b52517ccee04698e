"""The door of the boxes: what goes under /box/ passes no session, no account, no trail and no log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

PREFIX = "/box/"
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class BoxDoor:
    """Stands before every other middleware and answers for them, so that none of them ever runs.

    An answer depends on the address and the body alone. Faults are answered without being
    reported: a report would hold the ballot.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 -- or Django logs refusals
        return response

    @staticmethod
    def _answer(request: HttpRequest) -> HttpResponseBase:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return HttpResponse(status=403)
        asked = request.GET.get("lang", "")
        language = asked if asked in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            try:
                match = resolve(request.path_info)
                request.resolver_match = match
                response = match.func(request, *match.args, **match.kwargs)
                if hasattr(response, "render"):
                    response.render()
            except (Http404, Resolver404):
                return JsonResponse({"error": "not_found"}, status=404)
            except Exception:  # noqa: BLE001 -- whatever it is, it must not be written anywhere
                return JsonResponse({"error": "fault"}, status=500)
        return response
