"""Two shares, the count, its record, and the publication."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from ballots import keyring
from ballots.actions import GRACE
from campaign.models import scope_of
from core.access import needs
from evaluations import actions
from evaluations.documents.count_record import count_record_pdf
from evaluations.forms.running import CountForm, NothingForm, SharesForm
from evaluations.http import round_for, round_or_404
from evaluations.models import Publication
from evaluations.queries.results import results_file_of
from evaluations.states import RoundState
from evaluations.views.rounds.answering import (
    answered,
    file,
    paper,
    posted,
    small_form,
    too_late,
)

if TYPE_CHECKING:
    from django.http import HttpResponse

    from evaluations.models import Round
    from organisation.http import Request

COUNTED = frozenset({RoundState.COUNTED, RoundState.PUBLISHED})
SECONDS_A_THOUSAND = 5
"""Measured on two cores; said beforehand so that nobody takes waiting for a fault."""


@never_cache
@sensitive_post_parameters("one", "other")
@require_http_methods(["GET", "POST"])
@needs("evaluations.view_round")
def count(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Two keepers type their shares; what was typed never comes back in a page."""
    found = round_for(request, campaign_pk, number, "evaluations.count_round")
    if found.state != RoundState.FROZEN:
        return too_late(request, found)
    form = CountForm(posted(request), round_=found)
    assert found.election is not None  # noqa: S101 -- a constraint of the table
    return answered(
        request,
        form,
        lambda: actions.count_round(found, by=request.user, **form.facts),
        page="evaluations/round_count.html",
        part="evaluations/_round_count.html",
        context={
            "campaign": found.campaign,
            "round": found,
            "back": found.get_absolute_url(),
            "is_closed": timezone.now() >= found.closes_at + GRACE,
            "is_locked": not keyring.is_there(found.election.pk),
            "seconds_a_thousand": SECONDS_A_THOUSAND,
        },
        done=lambda: _(
            "Counted. The keys of the boxes are destroyed. Print the count record and sign it; the secretary or the president publishes next."
        ),
        back=found.get_absolute_url(),
    )


@never_cache
@sensitive_post_parameters("one", "other")
@require_http_methods(["GET", "POST"])
@needs("evaluations.view_round")
def unlock(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """After the machine was started anew: two shares put the key of the boxes back."""
    found = round_for(request, campaign_pk, number, "evaluations.count_round")
    if found.state != RoundState.FROZEN:
        return too_late(request, found)
    form = SharesForm(posted(request))
    return small_form(
        request,
        form,
        lambda: actions.unlock_boxes(found, by=request.user, shares=form.shares),
        found,
        done=lambda: _("The boxes are unlocked. Ballots are taken again."),
        title=_("Unlock the boxes"),
        button=_("Unlock the boxes"),
        words=_(
            "The machine was started anew and has lost the key of the boxes, as it should. Two keepers type their shares; nothing is opened or counted by it."
        ),
    )


@require_GET
@needs("evaluations.view_round")
def count_record(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """The sheet that the commission signs. Figures only; no grade stands on it."""
    found = _counted(request, campaign_pk, number)
    if found.campaign_id not in _runs(request) and not request.user.has_perm(
        "evaluations.count_round", found
    ):
        raise Http404
    return paper(request, found, count_record_pdf, "计票记录")


@require_GET
@needs("evaluations.view_round")
def bundle(request: Request, campaign_pk: int, number: int) -> FileResponse:
    """The recount bundle, sealed to the commission, until the time for appeals is over."""
    found = round_for(request, campaign_pk, number, "evaluations.count_round")
    if found.state not in COUNTED or not found.bundle_path:
        raise Http404
    return FileResponse(
        default_storage.open(found.bundle_path, "rb"),
        as_attachment=True,
        filename=f"round-{found.election_id}.bundle",
        content_type="application/octet-stream",
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.publish_round")
def publish(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.publish_round")
    if found.state != RoundState.COUNTED:
        return too_late(request, found)
    return small_form(
        request,
        NothingForm(posted(request)),
        lambda: actions.publish_round(found, by=request.user),
        found,
        next_page=reverse("evaluations:round", args=[found.campaign_id, found.number]),
        done=lambda: _(
            "The results are published. The leadership and the discipline office read them; every head reads his own. Next, the Party committee confirms what is poor."
        ),
        title=_("Publish the results"),
        button=_("Publish the results"),
        words=_(
            "The leadership and the discipline office will read the grades of all heads, each head his own, and nobody else any. There is no second edition: what is shown now stays as it is."
        ),
    )


@require_GET
@needs("evaluations.view_results")
def results_file(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """What was published, for a recount: the third file that ``verify_round`` reads."""
    found = round_or_404(request, campaign_pk, number)
    shown = Publication.objects.visible_to(request.user).filter(subject__round=found)
    if found.state != RoundState.PUBLISHED or not request.user.has_perm(
        "evaluations.view_results", found
    ):
        raise Http404
    text = json.dumps(results_file_of(found, shown), ensure_ascii=False, indent=1)
    name = f"results-{found.election_id}.json"
    return file(text, name, "application/json; charset=utf-8")


def _counted(request: Request, campaign_pk: int, number: int) -> Round:
    found = round_or_404(request, campaign_pk, number)
    if found.state not in COUNTED:
        raise Http404
    return found


def _runs(request: Request) -> frozenset[int]:
    return scope_of(request.user).runs
