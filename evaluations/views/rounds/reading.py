"""The rounds of a campaign, and one round: how far it is, and what is to be done next."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.reading import entries
from ballots import keyring
from ballots.actions import GRACE
from ballots.queries import in_groups
from campaign.http import campaign_or_404
from campaign.models import Campaign, scope_of
from campaign.states import State as CampaignState
from core.access import needs
from core.workflow import steps_open_to
from evaluations import states
from evaluations.http import round_or_404
from evaluations.models import Electorate, Round, reads_grades_in
from evaluations.queries.electorates import anonymity
from evaluations.queries.preparation import checklist
from evaluations.queries.tallies import record
from evaluations.states import RoundState

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request
    from organisation.models import Person

ROWS_A_PAGE = 30


@require_GET
@needs("evaluations.view_round")
def round_list(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    found = Round.objects.visible_to(request.user).filter(campaign=campaign)
    context = {
        "campaign": campaign,
        "page": Paginator(found.newest_first(), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "may_plan": _may_plan(request.user, campaign),
        "runs": campaign.pk in scope_of(request.user).runs,
    }
    return render(request, "evaluations/round_list.html", context)


def _may_plan(person: Person, campaign: Campaign) -> bool:
    return campaign.state == CampaignState.RUNNING and person.has_perm(
        "evaluations.run_round", campaign
    )


@require_GET
@needs("evaluations.view_round")
def detail(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Those who run it see how far it is; a voter what was announced; nobody what is in the boxes."""
    found = round_or_404(request, campaign_pk, number)
    person, now = request.user, timezone.now()
    context: dict[str, Any] = {
        "campaign": found.campaign,
        "round": found,
        "now": now,
        "members": found.commission.select_related("person").order_by("seat"),
        "steps": {step.name for step in steps_open_to(found, states.ROUND_STEPS, person)},
        "may_run": person.has_perm("evaluations.run_round", found),
        "may_count": person.has_perm("evaluations.count_round", found),
        "may_read_grades": found.campaign_id in reads_grades_in(person),
        "runs": found.campaign_id in scope_of(person).runs,
    }
    if found.state == RoundState.PREPARING:
        context |= _preparing(found)
    elif found.election is not None and found.election.is_frozen:
        context |= _announced(found)
    if found.state in {RoundState.COUNTED, RoundState.PUBLISHED}:
        context["record"] = record(found)
    if context["runs"]:
        context["timeline"] = entries([found])
    return render(request, "evaluations/round_detail.html", context)


def _preparing(found: Round) -> dict[str, Any]:
    report = anonymity(found)
    steps = checklist(found, report, timezone.now())
    return {
        "checklist": steps,
        "next_step": next((step for step in steps if not step.is_done), None),
        "is_ready": all(step.is_done for step in steps),
        "report": report,
    }


def _announced(found: Round) -> dict[str, Any]:
    """What stands on the notice; from here on nothing tells how many have voted."""
    election = found.election
    assert election is not None  # noqa: S101 -- asked before
    can_count = timezone.now() >= found.closes_at + GRACE
    return {
        "digest": in_groups(election.digest, " "),
        "heads": _head_counts(found),
        "can_count": can_count and found.state == RoundState.FROZEN,
        "is_locked": found.state == RoundState.FROZEN and not keyring.is_there(election.pk),
    }


def _head_counts(found: Round) -> list[tuple[Any, list[Electorate]]]:
    """Subject → the electorates of grades; one query."""
    by_head: dict[Any, list[Electorate]] = defaultdict(list)
    rows = Electorate.objects.filter(subject__round=found, is_for_comments=False)
    for one in rows.select_related("subject__person", "subject__unit").order_by(
        "subject__position", "subject", "code", "pk"
    ):
        by_head[one.subject].append(one)
    return list(by_head.items())
