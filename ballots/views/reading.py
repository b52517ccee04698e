"""What everybody reads of an election: the same bytes for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from ballots.models import Election
from ballots.views.methods import only
from core.access import open_to_anyone

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest

JSON = "application/json; charset=utf-8"


@only("GET")
@open_to_anyone("the voting page must not know who opens it")
def booth(request: HttpRequest, election_id: uuid.UUID) -> HttpResponse:
    election = get_object_or_404(Election, pk=election_id)
    if not election.is_frozen:
        raise Http404
    return render(request, "ballots/booth.html", {"election": election})


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
