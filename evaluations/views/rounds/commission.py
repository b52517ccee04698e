"""The three who keep the shares, and the page on which their key is made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from evaluations import actions
from evaluations.forms.rounds import CommissionForm
from evaluations.http import round_for
from evaluations.queries.preparation import has_key
from evaluations.states import RoundState
from evaluations.views.rounds.answering import answered, posted, too_late

if TYPE_CHECKING:
    from django.http import HttpResponse

    from evaluations.models import Round
    from organisation.http import Request

LONGEST = 64 * 1024
"""Bytes of a public key and three wrapped private ones, with much to spare."""


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def commission(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    form = CommissionForm(posted(request), round_=found)
    return answered(
        request,
        form,
        lambda: actions.set_commission(found, form.members, by=request.user),
        page="evaluations/round_commission.html",
        part="evaluations/_round_commission.html",
        context={
            "campaign": found.campaign,
            "round": found,
            "back": found.get_absolute_url(),
            "has_key": has_key(found),
        },
        done=lambda: _(
            "The commission is named. Its members find the page for their key on the round’s page."
        ),
        back=found.get_absolute_url(),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@needs("evaluations.view_round")
def key(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """The browser makes the key and shows the shares; only public and wrapped parts come back."""
    found = round_for(request, campaign_pk, number, "evaluations.count_round")
    if request.method == "POST":
        return _keep(request, found)
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    context = {
        "campaign": found.campaign,
        "round": found,
        "has_key": has_key(found),
        "members": found.commission.select_related("person").order_by("seat"),
    }
    return render(request, "evaluations/round_key.html", context)


@require_POST
@never_cache
@needs("evaluations.view_round")
def begin_key(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """The number of the election, to which the browser ties the shares."""
    found = round_for(request, campaign_pk, number, "evaluations.count_round")
    try:
        election = actions.begin_seal(found, by=request.user)
    except ActionRefusedError as refusal:
        return _refused(str(refusal))
    return JsonResponse({"election": str(election.pk)})


def _keep(request: Request, found: Round) -> HttpResponse:
    """``{"public": base64, "wrapped": {"12": …, "13": …, "23": …}}``; anything else is refused."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
            raise ValueError  # noqa: TRY301 -- like any other body that is none
        sent = json.loads(request.body)
        public, wrapped = str(sent["public"]), dict(sent["wrapped"])
        strange = sent.keys() - {"public", "wrapped"}
    except (KeyError, TypeError, ValueError):
        return _refused(_("The browser did not send a key. Make it again."))
    if strange:
        return _refused(_("The browser did not send a key. Make it again."))
    try:
        actions.seal(found, by=request.user, public=public, wrapped=wrapped)
    except ActionRefusedError as refusal:
        return _refused(str(refusal))
    messages.success(
        request,
        _("The key is made. Each keeper locks his share away; any two will open the boxes."),
    )
    return JsonResponse({"next": found.get_absolute_url()})


def _refused(sentence: str) -> JsonResponse:
    answer = {"detail": sentence}
    return JsonResponse(answer, status=422, json_dumps_params={"ensure_ascii": False})
