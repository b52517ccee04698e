"""Where anybody says how satisfied he was with a department: one page, four buttons, no account.

It works without scripts. Nothing about whoever answers is read, and nothing is kept but his answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ballots import opaque
from ballots.actions import NotTakenError, Why, cast
from ballots.actions.casting import code_hash
from ballots.actions.slips import LENGTH
from ballots.models import Box, BoxKind, Door, SlipCode
from ballots.sealing import SurveyAnswer
from ballots.views.casting import STATUS
from ballots.views.methods import only
from core.access import open_to_anyone

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from django.http import HttpRequest

ANSWERS = 4
LONGEST = 2048
KEPT = ("lang", "w")
"""What an address hands on to the next: the language, and which window's poster was scanned."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page says it is about, from the manifest."""

    department: str
    window: str
    host: str
    title: str
    opens_at: dt.datetime
    closes_at: dt.datetime


def asked_by(box: Box, window: str) -> Asked:
    election = box.election
    described = election.description
    own = next(one for one in described["boxes"] if one["id"] == str(box.pk))
    windows = own.get("windows", [])
    is_known = window.isascii() and window.isdecimal() and 0 < int(window) <= len(windows)
    return Asked(
        department=own["name"],
        window=windows[int(window) - 1] if is_known else "",
        host=described["host"],
        title=described["title"],
        opens_at=election.opens_at,
        closes_at=election.closes_at,
    )


@only("GET", "POST")
@open_to_anyone("whoever is asked answers without an account")
def survey(request: HttpRequest, box_id: uuid.UUID) -> HttpResponse:
    """Ask, or take the answer; in words when neither is possible."""
    boxes = Box.objects.filter(pk=box_id, kind=BoxKind.SURVEY).select_related("election")
    box = boxes.defer("public_key", "signing_key").first()
    if box is None or not box.election.is_frozen:
        return _page("ballots/survey_gone.html", request, None, status=404)
    asked = asked_by(box, request.GET.get("w", "")[:4])
    if request.GET.get("done"):
        return _page("ballots/survey_said.html", request, asked, box=box)
    if request.method == "POST":
        return _taken(request, box, asked)
    if not box.election.is_open(timezone.now()):
        return _not_open(request, asked)
    return _ask(request, box, asked, code=tidied(request.GET.get("c", "")))


def tidied(code: str) -> str:
    """A code as it was printed, however somebody typed it."""
    return "".join(sign for sign in code.upper() if sign.isalnum())[: 2 * LENGTH]


def _ask(
    request: HttpRequest,
    box: Box,
    asked: Asked,
    *,
    code: str = "",
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    """The four buttons; before them the code, where one is needed."""
    if box.door == Door.SLIP and not _is_code(box, code):
        if code and not fault:
            fault, status = _("This code is not valid here. Compare each character."), 403
        return _page("ballots/survey_code.html", request, asked, fault=fault, status=status)
    facts: dict[str, Any] = {"code": code, "token": secrets.token_hex(opaque.CREDENTIAL_BYTES)}
    answers = [
        (1, "satisfied", _("Satisfied")),
        (2, "fairly", _("Fairly satisfied")),
        (3, "dissatisfied", _("Not satisfied")),
        (4, "unknown", _("I do not know it")),
    ]
    facts |= {"box": box, "answers": answers, "fault": fault}
    return _page("ballots/survey_ask.html", request, asked, status=status, **facts)


def _is_code(box: Box, code: str) -> bool:
    return SlipCode.objects.filter(code_hash=code_hash(code), box=box).exists()


def _taken(request: HttpRequest, box: Box, asked: Asked) -> HttpResponse:
    """Into the box, then on to the thanks: who reloads them sends nothing again."""
    code = tidied(request.POST.get("c", "")) if _is_short(request) else ""
    try:
        credential, sealed = _sent(request, box, code)
        cast(box.pk, credential=credential, sealed=sealed, now=timezone.now())
    except ValueError:
        fault = _("Press one of the four answers.")
        return _ask(request, box, asked, code=code, fault=fault, status=400)
    except NotTakenError as no:
        if no.why is Why.NOT_OPEN:
            return _not_open(request, asked, status=409)
        sentence = {
            Why.NO_TICKET: _("This code is not valid here. Compare each character."),
            Why.LOCKED: _("The survey is interrupted for a moment. Try again in a minute."),
        }.get(no.why, no.why.sentence)
        return _ask(request, box, asked, code=code, fault=sentence, status=STATUS[no.why])
    return HttpResponseRedirect(f"{request.path}?{urlencode({'done': '1', **_kept(request)})}")


def _is_short(request: HttpRequest) -> bool:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) <= LONGEST
    except ValueError:
        return False


def _sent(request: HttpRequest, box: Box, code: str) -> tuple[bytes, bytes]:
    """Credential and answer; ValueError where the page was not what sent it."""
    if not _is_short(request):
        raise ValueError("too long for an answer")
    answer = int(request.POST.get("answer", ""))
    if not 1 <= answer <= ANSWERS:
        raise ValueError("no such answer")
    sealed = SurveyAnswer(answer).encode()
    if box.door == Door.SLIP:
        return code_hash(code), sealed
    token = bytes.fromhex(request.POST.get("token", ""))
    if len(token) != opaque.CREDENTIAL_BYTES:
        raise ValueError("not the number that the page drew")
    return token, sealed


def _not_open(request: HttpRequest, asked: Asked, status: int = 200) -> HttpResponse:
    is_early = timezone.now() < asked.opens_at
    return _page("ballots/survey_closed.html", request, asked, is_early=is_early, status=status)


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name][:10] for name in KEPT if name in request.GET}


def _page(
    template: str, request: HttpRequest, asked: Asked | None, *, status: int = 200, **facts: Any
) -> HttpResponse:
    """Rendered without the request, so that no context processor asks who it is."""
    kept = _kept(request) | {name: request.GET[name] for name in ("c",) if name in request.GET}
    facts |= {
        "asked": asked,
        "here": urlencode(_kept(request)),
        "in_english": urlencode({**kept, "lang": "en"}),
        "in_chinese": urlencode({**kept, "lang": "zh-hans"}),
        "kept": _kept(request).items(),
    }
    response = HttpResponse(render_to_string(template, facts), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
