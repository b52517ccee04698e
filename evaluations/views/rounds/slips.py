"""Slips on paper, and what is added to a frozen roll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from audit.reading import entries
from core.access import needs
from core.errors import ActionRefusedError
from evaluations import actions
from evaluations.documents.slips import drawn_slips
from evaluations.forms.running import (
    AddVoterForm,
    GiveSlipForm,
    SlipsForm,
    electorates_of,
)
from evaluations.http import round_for
from evaluations.models import Electorate
from evaluations.states import RoundState
from evaluations.views.rounds.answering import file, posted, small_form, too_late

if TYPE_CHECKING:
    from django.http import HttpResponse

    from evaluations.models import Round
    from organisation.http import Request

ROLL_EVENTS = frozenset(
    {"evaluations.add_voter", "evaluations.give_slip", "evaluations.print_slips"}
)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def slips(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """How many slips of which box; the answer to the form is the paper itself, once."""
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if not _is_running(found):
        return too_late(request, found)
    form = SlipsForm(posted(request), electorates=list(electorates_of(found)))
    if request.method == "POST" and form.is_valid():
        try:
            content = drawn_slips(found, form.counts, by=request.user)
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return file(content, f"{found.name}扫码票.pdf", "application/pdf")
    context = {"campaign": found.campaign, "round": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "evaluations/round_slips.html", context, status=status)


def _is_running(found: Round) -> bool:
    return found.state == RoundState.FROZEN and timezone.now() < found.closes_at


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def give_slip(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Note that somebody draws a slip; which one, nobody sees."""
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.FROZEN:
        return too_late(request, found)
    form = GiveSlipForm(posted(request), round_=found)

    def act() -> None:
        chosen = form.cleaned_data
        actions.give_slip(
            chosen["electorate"], chosen["person"], by=request.user, reason=chosen["reason"]
        )

    return small_form(
        request,
        form,
        act,
        found,
        next_page=reverse("evaluations:give_slip", args=[found.campaign_id, found.number]),
        done=lambda: (
            _("Noted: %(person)s draws a slip now, face down. The next one can be entered.")
            % {"person": form.cleaned_data["person"]}
        ),
        title=_("Give out a slip"),
        button=_("Note it, and let him draw"),
        words=_(
            "Keep the slips of each box face down in a box of their own. Whoever gets one draws it himself; nobody notes which one it was."
        ),
    )


@require_GET
@needs("evaluations.view_round")
def roll(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """How many may vote into each box, and every change since the freeze with its reason."""
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state == RoundState.PREPARING:
        return too_late(request, found)
    rows = Electorate.objects.filter(subject__round=found).select_related(
        "subject__person", "subject__unit", "box"
    )
    context = {
        "campaign": found.campaign,
        "round": found,
        "rows": rows.order_by("subject__position", "subject", "is_for_comments", "code", "pk"),
        "changes": [one for one in entries([found]) if one.action in ROLL_EVENTS],
        "may_add": _is_running(found),
    }
    return render(request, "evaluations/round_roll.html", context)


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def add_voter(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if not _is_running(found):
        return too_late(request, found)
    form = AddVoterForm(posted(request), round_=found)

    def act() -> None:
        chosen = form.cleaned_data
        electorate = chosen["electorate"]
        actions.add_voter(
            electorate.subject,
            electorate.label,
            chosen["person"],
            by=request.user,
            reason=chosen["reason"],
        )

    return small_form(
        request,
        form,
        act,
        found,
        back=reverse("evaluations:roll", args=[found.campaign_id, found.number]),
        done=lambda: (
            _("%(person)s stands on the roll now and can fetch a ticket.")
            % {"person": form.cleaned_data["person"]}
        ),
        title=_("Add somebody to the roll"),
        button=_("Add to the roll"),
        words=_(
            "The only change there is after the freeze. It stands in the history with your reason, and on the board as an addition."
        ),
    )
