"""The parts of a campaign: phases, milestones, categories, appointments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign import actions, presets, queries
from campaign.forms import (
    AppointForm,
    CategoryRows,
    EndAppointmentForm,
    MilestoneRows,
    PhaseRows,
)
from campaign.forms.rows import Rows
from campaign.models import Appointment, Campaign, Milestone, Phase
from campaign.views.campaigns import campaign_to_change
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse, QueryDict

    from organisation.http import Request


@require_http_methods(["GET", "POST"])
@needs("campaign.change_campaign")
def phases(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)

    def save(rows: list[dict[str, Any]]) -> None:
        actions.arrange_phases(campaign, by=request.user, rows=rows)

    def add_ready(key: str) -> None:
        actions.add_phase_plan(campaign, by=request.user, preset=presets.phase_plans()[key])

    return _rows_page(
        request,
        ("campaign/phases_edit.html", "campaign/_phases_form.html"),
        campaign,
        make=lambda data: PhaseRows(campaign, data),
        save=save,
        add_ready=add_ready,
        context={"ready": presets.phase_plans().values()},
    )


@require_http_methods(["GET", "POST"])
@needs("campaign.change_campaign")
def categories(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)

    def save(rows: list[dict[str, Any]]) -> None:
        actions.arrange_categories(campaign, by=request.user, rows=rows)

    def add_ready(key: str) -> None:
        actions.add_category_set(campaign, by=request.user, preset=presets.category_sets()[key])

    return _rows_page(
        request,
        ("campaign/categories_edit.html", "campaign/_categories_form.html"),
        campaign,
        make=lambda data: CategoryRows(campaign, data),
        save=save,
        add_ready=add_ready,
        context={"ready": presets.category_sets().values()},
    )


@require_http_methods(["GET", "POST"])
@needs("campaign.change_campaign")
def milestones(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)
    phase = get_object_or_404(Phase.objects.select_related("campaign"), campaign=campaign, pk=pk)

    def save(rows: list[dict[str, Any]]) -> None:
        actions.arrange_milestones(phase, by=request.user, rows=rows)

    return _rows_page(
        request,
        ("campaign/milestones_edit.html", "campaign/_milestones_form.html"),
        campaign,
        make=lambda data: MilestoneRows(phase, data),
        save=save,
        context={"phase": phase},
    )


def _rows_page(
    request: Request,
    templates: tuple[str, str],
    campaign: Campaign,
    *,
    make: Callable[[QueryDict | None], Rows],
    save: Callable[[list[dict[str, Any]]], None],
    add_ready: Callable[[str], None] | None = None,
    context: dict[str, Any],
) -> HttpResponse:
    """A page of rows: shown, given one more empty row, given a ready set, or saved as a whole."""
    rows, refusal, status = make(None), "", 200
    if "more" in request.POST:
        rows = make(Rows.with_one_more(request.POST))
    elif request.method == "POST":
        try:
            if "ready" in request.POST and add_ready is not None:
                _add_ready(add_ready, request)
                return go_to(request, request.path)
            rows = make(request.POST)
            if rows.is_valid():
                save(rows.to_actions())
                messages.success(request, _("Saved."))
                return go_to(request, campaign.get_absolute_url())
        except ActionRefusedError as refused:
            refusal = str(refused)
        status = 422
    context |= {"campaign": campaign, "rows": rows, "refusal": refusal}
    return render_part(request, *templates, context, status=status)


def _add_ready(add: Callable[[str], None], request: Request) -> None:
    try:
        add(request.POST["ready"])
    except KeyError:
        raise Http404 from None
    messages.success(request, _("Added. Change what does not fit."))


@require_POST
@needs("campaign.change_campaign")
def tick(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)
    milestone = get_object_or_404(
        Milestone.objects.select_related("phase__campaign"), phase__campaign=campaign, pk=pk
    )
    act = actions.mark_done if request.POST.get("done") == "1" else actions.mark_undone
    try:
        act(milestone, by=request.user)
    except ActionRefusedError as refused:
        messages.error(request, str(refused))
    return go_to(request, f"{campaign.get_absolute_url()}#phase-{milestone.phase_id}")


@require_http_methods(["GET", "POST"])
@needs("campaign.change_campaign")
def appointments(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)
    form = AppointForm(request.POST or None, campaign=campaign)
    if form.is_valid():
        try:
            made = actions.appoint(campaign, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("%(name)s is now %(role)s and sees the campaign accordingly.")
                % {"name": made.person.name, "role": made.get_role_display()},
            )
            return go_to(request, request.path)
    return render_part(
        request,
        "campaign/appointments.html",
        "campaign/_appointment_form.html",
        {
            "campaign": campaign,
            "form": form,
            "people": queries.line_up(campaign, timezone.localdate()),
            "former": queries.former_appointments(campaign, timezone.localdate()),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@needs("campaign.change_campaign")
def end_appointment(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)
    appointment = get_object_or_404(
        Appointment.objects.select_related("campaign", "person"), campaign=campaign, pk=pk
    )
    form = EndAppointmentForm(request.POST or None)
    if form.is_valid():
        try:
            actions.end_appointment(appointment, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("The appointment of %(name)s ends.") % {"name": appointment.person.name},
            )
            return go_to(request, reverse("campaign:appointments", args=[campaign.pk]))
    return render(
        request,
        "campaign/appointment_end.html",
        {"campaign": campaign, "appointment": appointment, "form": form},
        status=422 if form.errors else 200,
    )
