"""The series of meetings, one meeting, and its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from campaign.http import campaign_for, campaign_or_404
from campaign.models import scope_of
from campaign.states import State as CampaignState
from core.access import needs
from core.htmx import go_to
from core.workflow import steps_open_to
from rectification.http import posted
from supervision import actions, documents, queries, states
from supervision.forms import HoldForm, MeetingForm, NothingForm, ReasonForm
from supervision.http import meeting_for, meeting_or_404
from supervision.models import Distribution, ExposureCase, ExposureMeeting, SelfCriticism
from supervision.views.answering import and_who_has_it, answered, small_form
from supervision.views.reading import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from core.workflow import Transition
    from organisation.http import Request

ROWS_A_PAGE = 30


@require_GET
@needs("supervision.view_meeting")
def meeting_list(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    person, scope = request.user, scope_of(request.user)
    found = ExposureMeeting.objects.visible_to(person).filter(campaign=campaign)
    context = {
        "campaign": campaign,
        "page": Paginator(found.for_list().newest_first(), ROWS_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "groups": [group for group in _groups(request, campaign) if group.total],
        "runs": campaign.pk in scope.runs,
        "may_plan": campaign.state == CampaignState.RUNNING
        and person.has_perm("supervision.prepare_meeting", campaign),
        "may_read_handlings": person.has_perm("supervision.view_handlings", campaign),
        "may_set_letterhead": person.has_perm("campaign.set_letterhead", campaign.host),
    }
    return render(request, "supervision/meeting_list.html", context)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for this reader under one verb; it opens where it is done, or the list of it."""

    label: StrOrPromise
    total: int
    url: str


def _groups(request: Request, campaign: Any) -> list[Waiting]:
    today = timezone.localdate()
    groups = []
    for duty in queries.duties_of(scope_of(request.user)):
        rows = duty.of(request.user, today).filter(**{duty.campaign: campaign}).order_by("pk")
        shown = list(rows[: ROWS_A_PAGE + 1])
        total = rows.count() if len(shown) > ROWS_A_PAGE else len(shown)
        places = {duty.url(row) for row in shown}
        url = places.pop() if len(places) == 1 else _list_of(duty, campaign)
        groups.append(Waiting(duty.label, total, url))
    return groups


def _list_of(duty: queries.Duty, campaign: Any) -> str:
    return reverse("supervision:waiting", args=[campaign.pk, duty.key])


@require_GET
@needs("supervision.view_meeting")
def waiting(request: Request, campaign_pk: int, duty: str) -> HttpResponse:
    """All that waits for this reader under one verb, however much it is."""
    campaign = campaign_or_404(request, campaign_pk)
    wanted = next((one for one in queries.DUTIES if one.key == duty), None)
    if wanted is None:
        raise Http404
    rows = wanted.of(request.user, timezone.localdate()).filter(**{wanted.campaign: campaign})
    page = Paginator(rows.order_by("pk"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "duty": wanted,
        "page": page,
        "rows": [(queries.title_of(row), wanted.url(row)) for row in page],
    }
    return render(request, "supervision/waiting.html", context)


@require_http_methods(["GET", "POST"])
@needs("supervision.prepare_meeting")
def plan(request: Request, campaign_pk: int) -> HttpResponse:
    """The next meeting, proposed from the last; its candidates are proposed with it."""
    campaign = campaign_for(request, campaign_pk, "supervision.prepare_meeting")
    if campaign.state != CampaignState.RUNNING:
        messages.warning(request, _("Only a running campaign holds exposure meetings."))
        return go_to(request, reverse("supervision:list", args=[campaign.pk]))
    proposal = queries.next_meeting(campaign, timezone.localdate())
    form = MeetingForm(
        posted(request),
        campaign=campaign,
        instance=ExposureMeeting(campaign=campaign),
        initial=proposal,
    )
    planned: list[ExposureMeeting] = []

    def act() -> None:
        kept = {name: proposal[name] for name in ("recipient", "copies_to") if name in proposal}
        planned.append(actions.plan_meeting(campaign, by=request.user, **kept, **form.cleaned_data))

    return answered(
        request,
        form,
        act,
        page="supervision/meeting_edit.html",
        part="supervision/_meeting_form.html",
        context={
            "campaign": campaign,
            "title": _("Plan the next exposure meeting"),
            "back": reverse("supervision:list", args=[campaign.pk]),
            "button": _("Plan it, and propose candidates"),
        },
        done=lambda: (
            _("Meeting number %(number)s is planned. %(n)s candidates are proposed.")
            % {"number": planned[0].number, "n": planned[0].candidates.count()}
        ),
        back=lambda: reverse("supervision:candidates", args=[campaign.pk, planned[0].number]),
    )


@require_GET
@needs("supervision.view_meeting")
def meeting(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Those who run the campaign see how far it is; everybody else reads the issued report."""
    found = meeting_or_404(request, campaign_pk, number)
    person = request.user
    sent = Distribution.objects.filter(meeting=found).select_related("unit", "acknowledged_by")
    acts_for = scope_of(person).acts_for
    context: dict[str, Any] = {
        "campaign": found.campaign,
        "meeting": found,
        "papers": found.papers.visible_to(person).order_by("pk"),
        "to_acknowledge": [
            one
            for one in sent.filter(unit__in=acts_for).order_by("pk")
            if not one.acknowledged_by_id
        ],
        "criticisms": SelfCriticism.objects.visible_to(person)
        .filter(case__meeting=found)
        .select_related("case__department")
        .order_by("case__position", "pk"),
    }
    if found.campaign_id not in scope_of(person).runs:
        context["reading"] = reading(found, beside=False)
        return render(request, "supervision/meeting_reading.html", context)
    steps = steps_open_to(found, states.MEETING_STEPS, person)
    cases = ExposureCase.objects.filter(meeting=found).select_related(
        "item__campaign", "department", "meeting"
    )
    context |= {
        "turn": queries.turn(found),
        "steps": {step.name for step in steps},
        "stops": _stops(found),
        "cases": list(cases.in_order()),
        "undecided": found.candidates.undecided().count(),
        "may_prepare": person.has_perm("supervision.prepare_meeting", found),
        "sent": sent.order_by("unit__position", "unit"),
        "timeline": queries.history([found, *cases.in_order(), *context["criticisms"]]),
    }
    return render(request, "supervision/meeting_detail.html", context)


STOPS: dict[str, StrOrPromise] = {
    states.MeetingState.PREPARING: gettext_lazy("prepared"),
    states.MeetingState.AWAITING_APPROVAL: gettext_lazy("submitted"),
    states.MeetingState.APPROVED: gettext_lazy("issued"),
    states.MeetingState.HELD: gettext_lazy("held"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    label: StrOrPromise
    is_done: bool
    is_current: bool


def _stops(found: ExposureMeeting) -> list[Stop]:
    if found.state not in STOPS:
        return []
    at = list(STOPS).index(found.state)
    return [
        Stop(label, place < at or found.state == states.MeetingState.HELD, place == at)
        for place, label in enumerate(STOPS.values())
    ]


@require_http_methods(["GET", "POST"])
@needs("supervision.prepare_meeting")
def edit(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = meeting_for(request, campaign_pk, number, "supervision.prepare_meeting")
    if found.state != states.MeetingState.PREPARING:
        return too_late(request, found)
    form = MeetingForm(posted(request), campaign=found.campaign, instance=found)
    return answered(
        request,
        form,
        lambda: actions.revise_meeting(found, by=request.user, **form.cleaned_data),
        page="supervision/meeting_edit.html",
        part="supervision/_meeting_form.html",
        context={
            "campaign": found.campaign,
            "meeting": found,
            "title": _("Time and place of the meeting"),
            "back": found.get_absolute_url(),
            "button": _("Save"),
        },
        done=lambda: and_who_has_it(_("Time and place are saved."), found),
        back=found.get_absolute_url(),
    )


def too_late(request: Request, found: ExposureMeeting) -> HttpResponse:
    messages.warning(
        request,
        _("Nothing can be changed now: the state is “%(state)s”.")
        % {"state": found.get_state_display()},
    )
    return go_to(request, found.get_absolute_url())


TAKEN: dict[str, tuple[Transition, Callable[..., Any], StrOrPromise]] = {
    states.SUBMIT.name: (
        states.SUBMIT,
        documents.submit,
        gettext_lazy("The report is submitted."),
    ),
    states.WITHDRAW.name: (
        states.WITHDRAW,
        actions.withdraw_report,
        gettext_lazy("The report is withdrawn."),
    ),
    states.HOLD.name: (
        states.HOLD,
        actions.hold_meeting,
        gettext_lazy("The meeting is recorded; the exposed items show it in the ledger."),
    ),
    states.CANCEL.name: (
        states.CANCEL,
        actions.cancel_meeting,
        gettext_lazy("The meeting is cancelled."),
    ),
}


def _form_of(step: str, found: ExposureMeeting, data: Any) -> forms.Form:
    if step == states.HOLD.name:
        return HoldForm(data, meeting=found)
    return ReasonForm(data) if step == states.CANCEL.name else NothingForm(data)


@require_http_methods(["GET", "POST"])
@needs("supervision.prepare_meeting")
def take_step(request: Request, campaign_pk: int, number: int, step: str) -> HttpResponse:
    """Submit, withdraw, record as held, cancel: ask what the step asks, and take it."""
    if step not in TAKEN:
        raise Http404
    found = meeting_or_404(request, campaign_pk, number)
    transition, act, words = TAKEN[step]
    if not steps_open_to(found, (transition,), request.user):
        if found.state in transition.sources:
            raise PermissionDenied
        return too_late(request, found)
    form = _form_of(step, found, posted(request))
    return small_form(
        request,
        form,
        lambda: act(found, by=request.user, **form.cleaned_data),
        title=transition.label,
        button=transition.label,
        back=found.get_absolute_url(),
        done=lambda: and_who_has_it(str(words), found),
        campaign=found.campaign,
        meeting=found,
        is_grave=step == states.CANCEL.name,
    )
