"""The freeze, the notice that says what was frozen, and giving a round up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import needs
from evaluations import actions, states
from evaluations.documents.notice import notice_pdf
from evaluations.forms.running import FreezeForm, ReasonForm
from evaluations.http import round_for, round_or_404
from evaluations.queries import secrecy
from evaluations.queries.electorates import anonymity
from evaluations.queries.preparation import checklist, short_ticket_window
from evaluations.states import RoundState
from evaluations.views.rounds.answering import answered, paper, posted, small_form, too_late

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request

SECONDS_A_BOX = 0.08


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def freeze(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """What will be fixed for good, what the server betrays, and the button."""
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    faults = secrecy.faults()
    form = FreezeForm(posted(request), has_faults=bool(faults))
    report = anonymity(found)
    return answered(
        request,
        form,
        lambda: actions.freeze_round(
            found, by=request.user, override=form.cleaned_data.get("override", "")
        ),
        page="evaluations/round_freeze.html",
        part="evaluations/_round_freeze.html",
        context={
            "campaign": found.campaign,
            "round": found,
            "back": found.get_absolute_url(),
            "faults": faults,
            "report": report,
            "missing": [
                step for step in checklist(found, report, timezone.now()) if not step.is_done
            ],
            "warning": short_ticket_window(found.tickets_from, found.opens_at),
            "seconds": max(1, round(report.boxes * SECONDS_A_BOX)),
        },
        done=lambda: _(
            "The rules are frozen. Print the notice and put it up: with it everybody can check that nothing is changed any more."
        ),
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def cancel(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state not in states.CANCEL.sources:
        return too_late(request, found)
    form = ReasonForm(posted(request))
    return small_form(
        request,
        form,
        lambda: actions.cancel_round(found, by=request.user, reason=form.cleaned_data["reason"]),
        found,
        done=lambda: _("The round is cancelled. What was in its boxes was destroyed unread."),
        title=_("Cancel the round"),
        button=_("Cancel the round"),
        words=_(
            "Tickets become worthless, the boxes are emptied unread and their keys destroyed. This cannot be undone; plan a new round by copying this one."
        ),
        is_grave=True,
    )


@require_GET
@needs("evaluations.view_round")
def notice(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """The notice as a PDF: for everybody who may see the round, once it is frozen."""
    found = round_or_404(request, campaign_pk, number)
    if found.election is None or not found.election.is_frozen:
        raise Http404
    if found.state == RoundState.CANCELLED:
        raise PermissionDenied
    return paper(request, found, notice_pdf, "通知")
