"""Every view names the permission it needs, or says that it is open to anyone."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    View = Callable[..., HttpResponseBase]


def needs(permission: str) -> Callable[[View], View]:
    """Let only those in who hold ``permission`` in general; the rule on the row is asked by the action."""

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded

    return gate


def open_to_anyone(reason: str) -> Callable[[View], View]:
    """Let people in who have not signed in; the reason is read by the guard and by the next reader."""

    def gate(view: View) -> View:
        opened = login_not_required(view)
        opened.needs = f"nothing: {reason}"  # type: ignore[attr-defined]
        return opened

    return gate
