"""What a voter does while signed in: see what he may vote on, and fetch tickets. No vote comes here."""

from __future__ import annotations

import binascii
import json
import uuid
from base64 import b64decode, b64encode
from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from evaluations import actions, queries
from evaluations.models import Round

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request

LONGEST = 1024 * 1024
"""Bytes of one request for tickets: a thousand boxes."""


@require_GET
@needs("evaluations.vote")
def home(request: Request) -> HttpResponse:
    """The rounds on whose rolls I stand."""
    standings = queries.my_rounds(request.user)
    return render(
        request, "evaluations/voting_home.html", {"standings": standings, "now": timezone.now()}
    )


@require_GET
@never_cache
@needs("evaluations.vote")
def tickets(request: Request) -> HttpResponse:
    """For which boxes I may fetch tickets now. Their keys are read elsewhere, without my session."""
    rounds: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for seat in queries.seats(request.user, timezone.now()):
        rounds[seat.election].append(
            {"box": str(seat.box), "subject": seat.subject, "issued": seat.is_issued}
        )
    return JsonResponse(
        {
            "voter": request.user.pk,
            "csrf": get_token(request),
            "rounds": [
                {"election": str(election), "boxes": boxes} for election, boxes in rounds.items()
            ],
        }
    )


@require_POST
@never_cache
@needs("evaluations.vote")
def fetch(request: Request, election_id: uuid.UUID) -> HttpResponse:
    """``{"blinded": {box: base64}}`` → ``{"signed": {box: base64}}``, for all boxes or for none."""
    round_ = get_object_or_404(Round, election=election_id)
    answer = _issued(request, round_)
    if answer.status_code != HTTPStatus.OK:  # who stands on its roll sees it: no need to ask before
        get_object_or_404(Round.objects.visible_to(request.user), pk=round_.pk)
    return answer


def _issued(request: Request, round_: Round) -> HttpResponse:
    try:
        asked = _asked(request)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        return _refused("malformed", "", 400)
    try:
        signed = actions.issue_tickets(round_, asked, by=request.user)
    except actions.TicketTakenError as taken:
        return _refused("taken", str(taken), 409)
    except ActionRefusedError as refusal:
        return _refused("refused", str(refusal), 422)
    except PermissionDenied:
        return _refused("not_on_the_roll", "", 403)
    return JsonResponse({"signed": {str(box): _written(raw) for box, raw in signed.items()}})


def _asked(request: Request) -> dict[uuid.UUID, bytes]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        raise ValueError
    blinded = json.loads(request.body)["blinded"]
    asked = {uuid.UUID(box): b64decode(raw, validate=True) for box, raw in blinded.items()}
    if not asked:
        raise ValueError
    return asked


def _written(raw: bytes) -> str:
    return b64encode(raw).decode()


def _refused(code: str, detail: str, status: int) -> JsonResponse:
    answer = {"error": code, "detail": detail}
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
