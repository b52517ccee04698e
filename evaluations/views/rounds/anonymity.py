"""Whether every box hides its voters, and what the rules would make of answers that nobody gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.access import needs
from core.htmx import render_part
from evaluations.forms.simulator import SimulatorForm
from evaluations.http import round_for, round_or_404
from evaluations.queries import electorates
from evaluations.queries.simulation import last_published, simulated
from evaluations.states import RoundState
from evaluations.views.rounds.answering import too_late

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request

SECONDS_A_BOX = 0.08
"""Measured: one key of 2,048 bits on one of two cores."""


@require_GET
@needs("evaluations.view_round")
def anonymity(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """For those who run the campaign, as long as nothing is frozen; afterwards the notice says it."""
    found = round_or_404(request, campaign_pk, number)
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    report = electorates.anonymity(found)
    context = {
        "campaign": found.campaign,
        "round": found,
        "report": report,
        "rows": [
            (plan, [len(plan.voters[group.code]) for group in report.groups])
            for plan in report.plans
        ],
        "k": found.rules.k_grade,
        "seconds": max(1, round(report.boxes * SECONDS_A_BOX)),
        "may_run": request.user.has_perm("evaluations.run_round", found),
    }
    return render(request, "evaluations/round_anonymity.html", context)


@require_GET
@needs("evaluations.run_round")
def simulator(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Nothing is saved. Only who may read grades simulates with what was published of persons."""
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    report = electorates.anonymity(found)
    last = (
        last_published(found) if request.user.has_perm("evaluations.view_results", found) else None
    )
    form = SimulatorForm(
        request.GET if request.GET else None,
        initial=SimulatorForm.initial_from(found),
        groups=report.groups,
        has_last=last is not None,
    )
    outcomes = None
    if not request.GET:
        outcomes = simulated(found, report, found.rules)
    elif form.is_valid():
        outcomes = simulated(
            found,
            report,
            form.cleaned_data["rules"],
            votes=form.cleaned_data["votes"],
            weights=form.weights,
            last=last or {},
        )
    context = {
        "campaign": found.campaign,
        "round": found,
        "form": form,
        "outcomes": outcomes,
        "weights": sum(form.weights.values()) if request.GET and form.is_valid() else None,
    }
    return render_part(
        request,
        "evaluations/round_simulator.html",
        "evaluations/_round_simulator.html",
        context,
        status=422 if form.errors else 200,
    )
