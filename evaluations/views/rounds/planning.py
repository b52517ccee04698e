"""Name and times of a round, its heads, its grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.http import campaign_for
from campaign.states import State as CampaignState
from core.access import needs
from core.htmx import go_to
from evaluations import actions
from evaluations.forms.rounds import GradingForm, RoundForm, SubjectsForm
from evaluations.http import round_for
from evaluations.models import Round
from evaluations.queries.preparation import (
    default_period,
    default_times,
    short_ticket_window,
)
from evaluations.states import RoundState
from evaluations.views.rounds.answering import answered, posted, too_late

if TYPE_CHECKING:
    from django.http import HttpResponse

    from campaign.models import Campaign
    from organisation.http import Request

COPIED = ("small_boxes", "months_in_post", "with_comments", "skips_break")


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def plan(request: Request, campaign_pk: int) -> HttpResponse:
    """A new round with times proposed; ``?from=`` takes heads, groups and rules of an earlier one."""
    campaign = campaign_for(request, campaign_pk, "evaluations.run_round")
    if campaign.state != CampaignState.RUNNING:
        messages.warning(request, _("Only a running campaign holds evaluations."))
        return go_to(request, reverse("evaluations:list", args=[campaign.pk]))
    earlier = _earlier(request, campaign)
    form = RoundForm(
        posted(request),
        campaign=campaign,
        instance=Round(campaign=campaign, number=actions.next_number(campaign)),
        initial=_proposal(campaign, earlier),
    )
    planned: list[Round] = []

    def act() -> None:
        round_ = actions.plan_round(campaign, by=request.user, earlier=earlier, **form.facts)
        reviewers = form.cleaned_data["comment_reviewers"]
        planned.append(actions.revise_round(round_, by=request.user, reviewers=reviewers))

    return answered(
        request,
        form,
        act,
        page="evaluations/round_edit.html",
        part="evaluations/_round_form.html",
        context={
            "campaign": campaign,
            "title": _("Plan a round of evaluation"),
            "back": reverse("evaluations:list", args=[campaign.pk]),
            "button": _("Plan it, and choose the heads"),
            "earlier": earlier,
            "earlier_rounds": Round.objects.filter(campaign=campaign).newest_first()[:6],
        },
        done=lambda: _said(_("The round is planned. Next, choose who is evaluated."), planned[0]),
        back=lambda: reverse("evaluations:subjects", args=[campaign.pk, planned[0].number]),
    )


def _earlier(request: Request, campaign: Campaign) -> Round | None:
    wanted = request.GET.get("from", "")
    if not wanted.isdecimal():
        return None
    return get_object_or_404(
        Round.objects.visible_to(request.user), campaign=campaign, number=int(wanted[:4])
    )


def _proposal(campaign: Campaign, earlier: Round | None) -> dict[str, Any]:
    today = timezone.localdate()
    number = actions.next_number(campaign)
    period_from, period_to = default_period(campaign, today)
    proposal: dict[str, Any] = {
        "name": f"{today.year}年第{number}次背靠背民主评议",
        "period_from": period_from,
        "period_to": period_to,
        **default_times(today),
    }
    if earlier:
        proposal |= {name: getattr(earlier, name) for name in COPIED}
        proposal["comment_reviewers"] = list(earlier.comment_reviewers.all())
    return proposal


def _said(words: str, round_: Round) -> str:
    """With the warning about a short ticket window, if it is one."""
    warning = short_ticket_window(round_.tickets_from, round_.opens_at)
    return f"{words} {warning}" if warning else words


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def edit(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    form = RoundForm(posted(request), campaign=found.campaign, instance=found)
    return answered(
        request,
        form,
        lambda: actions.revise_round(
            found,
            by=request.user,
            reviewers=form.cleaned_data["comment_reviewers"],
            **form.facts,
        ),
        page="evaluations/round_edit.html",
        part="evaluations/_round_form.html",
        context={
            "campaign": found.campaign,
            "round": found,
            "title": _("Name and times"),
            "back": found.get_absolute_url(),
            "button": _("Save"),
        },
        done=lambda: _said(_("Name and times are saved."), found),
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def subjects(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Who is evaluated: ticks beside heads, proposed by the flags of their departments."""
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    form = SubjectsForm(posted(request), round_=found, choose=request.GET.get("choose", ""))
    return answered(
        request,
        form,
        lambda: actions.set_subjects(found, form.heads, by=request.user),
        page="evaluations/round_subjects.html",
        part="evaluations/_round_subjects.html",
        context={"campaign": found.campaign, "round": found, "back": found.get_absolute_url()},
        done=lambda: (
            _("%(n)s heads will be evaluated. Next, set the groups of voters.")
            % {"n": found.subjects.count()}
        ),
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def grading(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Dimensions, what an answer is worth, and from where a result is poor."""
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    form = GradingForm(posted(request), initial=GradingForm.initial_from(found))
    return answered(
        request,
        form,
        lambda: actions.revise_round(found, by=request.user, **form.facts),
        page="evaluations/round_grading.html",
        part="evaluations/_round_grading.html",
        context={"campaign": found.campaign, "round": found, "back": found.get_absolute_url()},
        done=lambda: _("Dimensions, grades and thresholds are saved. Try them in the simulator."),
        back=found.get_absolute_url(),
    )
