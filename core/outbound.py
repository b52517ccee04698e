"""Requests to other hosts: only to those the settings name, and never anywhere else from there."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 10
"""Seconds for each step of a conversation with another host."""


class NotAllowedError(Exception):
    """The host is not among those that the settings name."""


class UnreachableError(Exception):
    """No answer: the words say what happened, and nothing of what was sent."""


def is_allowed(url: str) -> bool:
    """Whether the address is plain http(s) to a host of WEBHOOK_HOSTS."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = parts.scheme in {"http", "https"} and "@" not in parts.netloc
    return is_plain and host in settings.WEBHOOK_HOSTS


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send, and say the status of the answer. A redirect is an answer like any other."""
    if not is_allowed(url):
        raise NotAllowedError
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = parts.path or "/"
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, UnicodeError) as fault:
        raise UnreachableError(type(fault).__name__) from fault
    finally:
        connection.close()
