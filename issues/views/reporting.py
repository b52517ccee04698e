"""Telling of a problem: first whom it concerns, then what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from campaign.http import campaign_for
from campaign.states import State as CampaignState
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from core.workflow import steps_open_to
from issues import actions, states
from issues.forms import ReportForm
from issues.http import issue_or_404
from issues.models import Issue

if TYPE_CHECKING:
    from django.http import HttpResponse

    from campaign.models import Campaign
    from organisation.http import Request

MOST_DIGITS = 9
WORK, PRINCIPAL = "work", "principal"


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@needs("issues.report_issue")
def register(request: Request, campaign_pk: int) -> HttpResponse:
    """Whom does it concern? About a principal nothing is asked, taken or kept: only the way up is shown."""
    campaign = campaign_for(request, campaign_pk, "issues.report_issue")
    about = request.GET.get("about", "")
    if about == PRINCIPAL:
        return _way_up(request, campaign)
    if about != WORK or campaign.state != CampaignState.RUNNING:
        return render(request, "issues/issue_ask.html", {"campaign": campaign})
    earlier = _earlier(request, campaign)
    form = ReportForm(
        request.POST or None,
        initial={"category": earlier.category_id} if earlier else None,
        campaign=campaign,
        by=request.user,
    )
    if form.is_valid():
        try:
            issue = actions.report(campaign, by=request.user, recurrence_of=earlier, **form.facts)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return go_to(request, reverse("issues:registered", args=[campaign.pk, issue.number]))
    return render_part(
        request,
        "issues/issue_register.html",
        "issues/_register_form.html",
        {"campaign": campaign, "form": form, "earlier": earlier},
        status=422 if form.errors else 200,
    )


def _earlier(request: Request, campaign: Campaign) -> Issue | None:
    """The problem that has come back, where the address names one that its reader may see."""
    number = request.GET.get("recurrence_of", "")
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS):
        return None
    seen = Issue.objects.visible_to(request.user).select_related("campaign")
    return seen.filter(campaign=campaign, number=int(number)).first()


def _way_up(request: Request, campaign: Campaign) -> HttpResponse:
    context = {"campaign": campaign, "bureau": campaign.host.parent}
    return render(request, "issues/issue_channel.html", context)


@require_GET
@needs("issues.report_issue")
def registered(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """The number to quote, what happens next, and who has it now."""
    issue = issue_or_404(request, campaign_pk, number)
    context = {"campaign": issue.campaign, "issue": issue}
    return render(request, "issues/issue_registered.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@needs("issues.resubmit_issue")
def resubmit(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """A returned problem, corrected and sent to the office again."""
    issue = issue_or_404(request, campaign_pk, number)
    if not steps_open_to(issue, (states.RESUBMIT,), request.user):
        return go_to(request, issue.get_absolute_url())
    form = ReportForm(
        request.POST or None,
        initial=ReportForm.initial_from(issue),
        campaign=issue.campaign,
        by=request.user,
    )
    if form.is_valid():
        try:
            actions.resubmit(issue, by=request.user, **form.facts)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return go_to(request, reverse("issues:registered", args=[campaign_pk, number]))
    return render_part(
        request,
        "issues/issue_resubmit.html",
        "issues/_register_form.html",
        {"campaign": issue.campaign, "issue": issue, "form": form},
        status=422 if form.errors else 200,
    )
