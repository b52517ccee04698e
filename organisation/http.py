"""What a view of ours knows about a request: who asks, from where, with which browser."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from organisation.models import Person


class Request(HttpRequest):
    """A request of somebody who has signed in."""

    user: Person
    htmx: HtmxDetails


def address_of(request: HttpRequest) -> str | None:
    """The browser's address. Behind our proxy, the one that the proxy itself saw and noted last."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = str(request.META.get("HTTP_X_FORWARDED_FOR", seen)).rpartition(",")[2]
    try:
        return str(ipaddress.ip_address(seen.strip()))
    except ValueError:
        return None


def browser_of(request: HttpRequest) -> str:
    return str(request.META.get("HTTP_USER_AGENT", ""))[:200]
