"""Plans that wait for one leader, approved in one go with a result for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.http import campaign_or_404
from core.access import needs
from rectification import actions, queries
from rectification.forms import ApprovePlansForm
from rectification.http import posted
from rectification.models import LedgerItem, Measure

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request

PLANS_A_PAGE = 50
[APPROVE_PLAN] = [verb for verb in queries.VERBS if verb.key == "approve_plan"]


@require_http_methods(["GET", "POST"])
@needs("rectification.approve_plan")
def plans(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    mine = queries.waiting(APPROVE_PLAN, request.user, timezone.localdate()).filter(
        campaign=campaign
    )
    form = ApprovePlansForm(
        posted(request),
        items=LedgerItem.objects.visible_to(request.user).filter(campaign=campaign),
    )
    outcomes: list[actions.PlanOutcome] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        outcomes = actions.approve_plans(given["pk"], by=request.user, opinion=given["opinion"])
    in_order = Prefetch("measures", Measure.objects.order_by("position", "pk"))
    waiting = mine.for_ledger().prefetch_related(in_order).order_by("due_on", "number")
    context = {
        "campaign": campaign,
        "form": form,
        "page": Paginator(waiting, PLANS_A_PAGE).get_page(request.GET.get("page")),
        "outcomes": outcomes,
        "done": sum(not one.refusal for one in outcomes),
    }
    return render(
        request, "rectification/plan_list.html", context, status=422 if form.errors else 200
    )
