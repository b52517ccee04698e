"""What follows when Django itself signs somebody in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from organisation import http
from organisation.actions import signing_in

if TYPE_CHECKING:
    from django.http import HttpRequest

    from organisation.models import Person

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"


@receiver(user_logged_in, dispatch_uid="organisation.note_session")
def note_session(sender: type, request: HttpRequest, user: Person, **_: Any) -> None:
    """Every session is noted and stamped, however it came about, so that its limits hold."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())
    if not request.session.session_key:
        request.session.create()
    signing_in.open_session(
        user,
        request.session.session_key or "",
        address=http.address_of(request),
        browser=http.browser_of(request),
    )
