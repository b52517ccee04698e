"""What everybody reads of an election: the same bytes for everyone.

Pages are rendered without their request, so that nothing of it can get into them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone

from ballots import queries
from ballots.models import Election
from ballots.views.methods import only
from core.access import open_to_anyone

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest

JSON = "application/json; charset=utf-8"


def page(template: str, facts: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(render_to_string(template, facts), status=status)


@only("GET")
@open_to_anyone("the voting page must not know who opens it")
def booth(request: HttpRequest, election_id: uuid.UUID) -> HttpResponse:
    election = queries.announced(election_id)
    if election is None:
        return page("ballots/booth_gone.html", {}, status=404)
    facts = {"election": election, "digest": queries.short_digest(election.digest)}
    return page("ballots/booth.html", facts)


@only("GET")
@open_to_anyone("the rules and keys are the same for everybody")
def election_json(request: HttpRequest, election_id: uuid.UUID) -> HttpResponse:
    """The manifest, byte for byte as its digest was made."""
    election = get_object_or_404(Election, pk=election_id)
    if not election.is_frozen:
        raise Http404
    return HttpResponse(election.manifest.encode(), content_type=JSON)


@only("GET")
@open_to_anyone("anybody may check the receipts")
def board(request: HttpRequest, election_id: uuid.UUID) -> HttpResponse:
    """The board as it was made public after the count; before that there is none."""
    election = get_object_or_404(Election, pk=election_id)
    if not election.board:
        raise Http404
    return HttpResponse(election.board.encode(), content_type=JSON)


@only("GET")
@open_to_anyone("anybody may check the receipts")
def board_page(request: HttpRequest, election_id: uuid.UUID) -> HttpResponse:
    """The board for people; ``?receipt=`` says whether that one stands on it."""
    election = queries.announced(election_id)
    if election is None:
        return page("ballots/booth_gone.html", {}, status=404)
    described = election.description
    public = json.loads(election.board) if election.board else None
    typed = request.GET.get("receipt", "")
    subjects = {one["id"]: one for one in described["subjects"]}
    boxes = [{**one, "head": subjects[one["subject"]]} for one in public["boxes"]] if public else []
    facts = {
        "election": election,
        "manifest": described,
        "digest": queries.short_digest(election.digest),
        "is_closed": timezone.now() >= election.closes_at,
        "board": public,
        "boxes": boxes,
        "typed": typed,
        "found": queries.look_up({"boxes": boxes}, typed),
    }
    return page("ballots/board.html", facts)
