"""Each person's home: what waits for him, and the figures he steers by. And the search box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from campaign.http import campaign_or_404, campaigns_to_switch_to
from campaign.models import scope_of
from campaign.states import State
from core.access import needs
from desk import queries
from evaluations.queries.outcomes import results_open_to
from evaluations.queries.reminding import open_votes
from issues.models import campaigns_inside
from supervision.queries import upcoming

if TYPE_CHECKING:
    from django.http import HttpResponse

    from campaign.models import Campaign
    from organisation.http import Request

LONGEST_QUESTION = 100


@require_GET
@needs("desk.use_desk")
def home(request: Request) -> HttpResponse:
    """For the newest running campaign; the switch leads to the home of another."""
    campaigns = campaigns_to_switch_to(request)
    campaign = campaigns[0] if campaigns else None
    if campaign is not None:
        request.campaign = campaign  # type: ignore[attr-defined]
    return _home(request, campaign)


@require_GET
@needs("desk.use_desk")
def campaign_home(request: Request, campaign_pk: int) -> HttpResponse:
    return _home(request, campaign_or_404(request, campaign_pk))


def _home(request: Request, campaign: Campaign | None) -> HttpResponse:
    request.page_in_campaign = "desk:campaign_home"  # type: ignore[attr-defined]
    person, today = request.user, timezone.localdate()
    scope = scope_of(person)
    context: dict[str, object] = {
        "campaign": campaign,
        "today": today,
        "supervised": queries.supervised(person, today),
        "open_votes": open_votes(person, timezone.now()),
        "checks": queries.checks(today) if person.is_administrator else [],
    }
    if campaign is not None:
        inside = campaign.pk in campaigns_inside(scope)
        context |= {
            "groups": queries.work_queue(person, campaign, today),
            "tiles": queries.tiles(person, campaign, today),
            "departments": queries.departments_in_charge(person, campaign, today),
            "notices": queries.on_notice(person, campaign, today),
            "upcoming": upcoming(person, campaign, today),
            "results": results_open_to(person, campaign),
            "is_inside": inside,
            "may_report": inside
            and campaign.state == State.RUNNING
            and person.has_perm("issues.report_issue", campaign),
            "may_import": campaign.state == State.RUNNING
            and person.has_perm("issues.import_issues", campaign),
        }
    return render(request, "desk/home.html", context)


@require_GET
@needs("desk.use_desk")
def search(request: Request) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    return render(
        request, "desk/search.html", {"q": text, "found": queries.search(request.user, text)}
    )
