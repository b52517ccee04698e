"""One id for everything that one request, task or command set in motion."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from celery import signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse

_current: ContextVar[uuid.UUID | None] = ContextVar("cascade", default=None)
HEADER = "trail_cascade"


def current() -> uuid.UUID | None:
    return _current.get()


@contextmanager
def began(cascade: uuid.UUID | None = None) -> Iterator[uuid.UUID]:
    """Give all events written inside one id; inside another cascade, the outer one goes on."""
    running = cascade or current() or uuid.uuid4()
    token = _current.set(running)
    try:
        yield running
    finally:
        _current.reset(token)


class CascadeMiddleware:
    """Each request is a cascade of its own; goes first, so that sign-in is in it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with began(uuid.uuid4()):
            return self.get_response(request)


@signals.before_task_publish.connect
def send_along(headers: dict[str, Any] | None = None, **_: object) -> None:
    """A task belongs to the cascade that asked for it."""
    if headers is not None and (cascade := current()):
        headers[HEADER] = str(cascade)


@signals.task_prerun.connect
def take_up(task: Any = None, **_: object) -> None:
    sent = task.request.get(HEADER)
    running = uuid.UUID(sent) if sent else current() or uuid.uuid4()
    task.request.cascade = _current.set(running)


@signals.task_postrun.connect
def put_down(task: Any = None, **_: object) -> None:
    if token := task.request.get("cascade"):
        _current.reset(token)
