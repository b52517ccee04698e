"""The classes of voters, with live head-counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to
from evaluations import actions
from evaluations.forms.groups import GroupForm
from evaluations.forms.running import NothingForm
from evaluations.http import round_for
from evaluations.models import VoterGroup
from evaluations.presets import READY_SETS
from evaluations.queries import electorates
from evaluations.states import RoundState
from evaluations.views.rounds.answering import answered, posted, small_form, too_late

if TYPE_CHECKING:
    from django.http import HttpResponse

    from evaluations.models import Round
    from organisation.http import Request


@require_GET
@needs("evaluations.run_round")
def groups(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    report = electorates.anonymity(found)
    context = {
        "campaign": found.campaign,
        "round": found,
        "report": report,
        "rows": [
            (plan.subject, [len(plan.voters[group.code]) for group in report.groups])
            for plan in report.plans
        ],
        "weights": sum(group.weight for group in report.groups),
        "ready_sets": READY_SETS,
    }
    return render(request, "evaluations/round_groups.html", context)


@require_POST
@needs("evaluations.run_round")
def take_preset(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """A ready set of groups in place of those that are there."""
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    ready = next((one for one in READY_SETS if one.key == request.POST.get("key")), None)
    if ready is None:
        raise Http404
    try:
        actions.take_ready_set(found, ready, by=request.user)
    except ActionRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The groups are set. Look at the head-counts, then at the anonymity report.")
        )
    return go_to(request, _back(found))


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def add_group(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    form = GroupForm(posted(request), round_=found, instance=VoterGroup(round=found))
    return answered(
        request,
        form,
        lambda: actions.add_group(found, by=request.user, **form.cleaned_data),
        page="evaluations/round_group.html",
        part="evaluations/_round_group.html",
        context={
            "campaign": found.campaign,
            "round": found,
            "title": _("Add a group of voters"),
            "back": _back(found),
        },
        done=lambda: _("The group is added. Its head-counts stand below."),
        back=_back(found),
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def group(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    row = _group_or_404(found, pk)
    form = GroupForm(posted(request), round_=found, instance=row)
    return answered(
        request,
        form,
        lambda: actions.revise_group(row, by=request.user, **form.cleaned_data),
        page="evaluations/round_group.html",
        part="evaluations/_round_group.html",
        context={
            "campaign": found.campaign,
            "round": found,
            "group": row,
            "title": _("Change a group of voters"),
            "back": _back(found),
        },
        done=lambda: _("The group is changed. Its head-counts stand below."),
        back=_back(found),
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_round")
def remove_group(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    found = round_for(request, campaign_pk, number, "evaluations.run_round")
    if found.state != RoundState.PREPARING:
        return too_late(request, found)
    row = _group_or_404(found, pk)
    return small_form(
        request,
        NothingForm(posted(request)),
        lambda: actions.remove_group(row, by=request.user),
        found,
        back=_back(found),
        done=lambda: _("The group is removed. Adjust the weights of the others."),
        title=_("Remove the group “%(group)s”?") % {"group": row},
        button=_("Remove the group"),
        is_grave=True,
    )


def _group_or_404(found: Round, pk: int) -> VoterGroup:
    row: VoterGroup = get_object_or_404(found.groups, pk=pk)
    row.round = found
    return row


def _back(found: Round) -> str:
    return reverse("evaluations:groups", args=[found.campaign_id, found.number])
