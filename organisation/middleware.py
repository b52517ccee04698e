"""What holds on every page: sign-in, how long a session lasts, a due change of password, language."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import QueryDict
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from core.htmx import go_to
from organisation.actions import signing_in
from organisation.receivers import SEEN_AT, SIGNED_IN_AT

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    Answer = Callable[[HttpRequest], HttpResponse]

NOTED_EVERY = 300
"""Seconds between two notes of when a session was last used, so that reading a page writes nothing."""
OPEN_BEFORE_A_CHANGE = {"organisation:change_password", "organisation:sign_out", "set_language"}


class ChosenLanguage(LocaleMiddleware):
    """The language that somebody chose, else the default: browsers on shared computers prefer at random.

    What was asked for is kept for programs, which mean it.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.asked_language = request.META.pop("HTTP_ACCEPT_LANGUAGE", "")  # type: ignore[attr-defined]
        super().process_request(request)


class SignInRequired(LoginRequiredMiddleware):
    """A part of a page that is asked for after the session ended sends the whole page to sign-in."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> Any:
        if not request.htmx:  # type: ignore[attr-defined]
            return super().handle_no_permission(request, view_func)
        shown = urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
        query = QueryDict(mutable=True)
        query[REDIRECT_FIELD_NAME] = shown.path + (f"?{shown.query}" if shown.query else "")
        url = f"{resolve_url(settings.LOGIN_URL)}?{query.urlencode(safe='/')}"
        return HttpResponseClientRedirect(url)


class SessionLimits:
    """A session ends when it was not used for some hours, and after a day's work in any case."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and SIGNED_IN_AT in request.session:
            now = int(time.time())
            if self.has_run_out(request, now):
                self.end(request)
            elif now - request.session[SEEN_AT] > NOTED_EVERY:
                request.session[SEEN_AT] = now
        return self.get_response(request)

    @staticmethod
    def has_run_out(request: HttpRequest, now: int) -> bool:
        return (
            now - request.session[SEEN_AT] > settings.SESSION_IDLE_SECONDS
            or now - request.session[SIGNED_IN_AT] > settings.SESSION_COOKIE_AGE
        )

    @staticmethod
    def end(request: HttpRequest) -> None:
        if request.user.is_authenticated:
            signing_in.sign_out(
                request.user, request.session.session_key or "", why=_("the session ran out")
            )
        logout(request)
        messages.info(request, _("You were signed out because the session ran out."))


class PasswordChangeDue:
    """Whoever was given a password changes it before anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        match = request.resolver_match
        if match is None or match.view_name in OPEN_BEFORE_A_CHANGE:
            return None
        if getattr(view, "is_api", False):  # a program is told so by the door itself
            return None
        if str(getattr(view, "needs", "")).startswith("nothing"):
            return None
        return go_to(request, resolve_url("organisation:change_password"))


class PersonLanguage:
    """The language that a person chose goes with him to every browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
