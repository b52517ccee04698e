"""How the anonymity works, and where it ends: for voters, whether they have signed in or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.access import open_to_anyone

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
@open_to_anyone("whoever is about to vote has not signed in")
def anonymity(request: HttpRequest) -> HttpResponse:
    return render(request, "evaluations/anonymity.html")
