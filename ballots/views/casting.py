"""Where ballots come in. A request that brings anything about its sender is turned away."""

from __future__ import annotations

import json
import uuid
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils import timezone

from ballots.actions import NotTakenError, Why, cast
from ballots.actions.casting import code_hash
from ballots.views.methods import only
from core.access import open_to_anyone

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST = 8 * 1024
STATUS = {
    Why.MALFORMED: 400,
    Why.NO_BOX: 404,
    Why.NOT_OPEN: 409,
    Why.NO_TICKET: 403,
    Why.LOCKED: 503,
    Why.FULL: 507,
}


@only("POST")
@open_to_anyone("a ballot comes without its voter")
def cast_ballot(request: HttpRequest) -> HttpResponse:
    """``{"box", "credential", "signature", "sealed"}`` or ``{"box", "code", "sealed"}``, binary parts
    in base64 → ``{"receipt", "signature"}``. Refusals are ``{"error", "detail"}``: 400 malformed or
    with a cookie, 403 no valid ticket, 404, 409 not open, 503 locked, 507 full.
    """
    if request.META.get("HTTP_COOKIE") or request.META.get("HTTP_AUTHORIZATION"):
        return refused(Why.MALFORMED)
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = LONGEST + 1
    if length > LONGEST:
        return refused(Why.MALFORMED)
    try:
        sent = json.loads(request.body)
        box, credential, signature, sealed = _parts(sent)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return refused(Why.MALFORMED)
    if not signature and "code" not in sent:
        return refused(Why.NO_TICKET)  # or a slip's hash, which lies in every backup, would do
    try:
        accepted = cast(
            box, credential=credential, signature=signature, sealed=sealed, now=timezone.now()
        )
    except NotTakenError as no:
        return refused(no.why)
    signed = b64encode(accepted.signature).decode()
    return JsonResponse({"receipt": accepted.receipt, "signature": signed})


def _parts(sent: dict[str, Any]) -> tuple[uuid.UUID, bytes, bytes, bytes]:
    sealed = b64decode(sent["sealed"], validate=True)
    box = uuid.UUID(sent["box"])
    if "code" in sent:
        return box, code_hash(str(sent["code"])), b"", sealed
    credential = b64decode(sent["credential"], validate=True)
    return box, credential, b64decode(sent.get("signature", ""), validate=True), sealed


def refused(why: Why) -> JsonResponse:
    answer = {"error": why.value, "detail": why.sentence}
    return JsonResponse(answer, status=STATUS[why], json_dumps_params={"ensure_ascii": False})
