"""Who asks: a program with a token, or a person who has signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from organisation import actions
from organisation.models import ApiToken, Person

if TYPE_CHECKING:
    from rest_framework.request import Request

SCHEME = "bearer"


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer <token>``. Makes no session and needs none."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        digest = ApiToken.digest_of(given.strip())
        token = ApiToken.objects.select_related("person").filter(digest=digest).first()
        if token is None or not token.is_in_force:
            raise AuthenticationFailed(_("This token is unknown, withdrawn or no longer valid."))
        _speak(request, token.person)
        _refuse_who_may_not(token.person)
        actions.note_use(token, now=timezone.now())
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class SignedIn(SessionAuthentication):
    """The session of the pages, held to the same CSRF rule as their forms."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        if found is not None:
            _refuse_who_may_not(found[0])
        return found


def _refuse_who_may_not(person: Person) -> None:
    if not person.is_active:
        raise AuthenticationFailed(_("This person may not sign in any more."))
    if person.must_change_password:
        raise AuthenticationFailed(_("Sign in and change your password first."))


def _speak(request: Request, person: Person) -> None:
    """A program says its language with each request; else it is spoken to as its person is."""
    asked = getattr(request, "asked_language", "")
    language = _first_known(asked) or person.language or settings.LANGUAGE_CODE
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()


def _first_known(asked: str) -> str:
    """The first of ``Accept-Language`` that we speak, by its weights."""
    weighed = []
    for place, part in enumerate(asked.split(",")[:20]):
        tag, _semicolon, weight = part.partition(";")
        weighed.append((-_weight(weight), place, tag.strip()))
    for less, _place, tag in sorted(weighed):
        if less < 0 and tag:
            try:
                return translation.get_supported_language_variant(tag)
            except LookupError:
                continue
    return ""


def _weight(text: str) -> float:
    name, _equals, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


class BearerScheme(OpenApiAuthenticationExtension):
    """How the description of the API says it."""

    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": SCHEME}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = SignedIn
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
