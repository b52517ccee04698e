"""One view, two answers: the page, or the part of it that a swap asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def is_swap(request: HttpRequest) -> bool:
    """Whether only a part of the page was asked for (a boosted link or a restored page wants all)."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_part(
    request: HttpRequest, page: str, part: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Answer a swap with the part alone, any other request with the page that includes it."""
    response = render(request, part if is_swap(request) else page, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Move the browser on; a plain 302 to a swap would put the next page inside the old one."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]
