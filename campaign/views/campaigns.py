"""A campaign as a whole: listed, read, drafted, changed, copied, started, finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaign import actions, queries
from campaign.forms import CampaignForm, CopyForm, DraftForm, FinishForm
from campaign.http import campaign_or_404
from campaign.models import Campaign
from campaign.states import State
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request


@require_GET
@needs("campaign.view_campaign")
def campaign_list(request: Request) -> HttpResponse:
    found = Campaign.objects.visible_to(request.user).for_list().running_first()
    state = request.GET.get("state", "")
    if state in State.values:
        found = found.filter(state=state)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context: dict[str, object] = {"page": page, "states": State.choices, "state": state}
    return render_part(
        request, "campaign/campaign_list.html", "campaign/_campaign_table.html", context
    )


@require_GET
@needs("campaign.view_campaign")
def detail(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    context: dict[str, object] = {
        "campaign": campaign,
        "plan": queries.plan(campaign),
        "categories": queries.category_tree(campaign),
        "people": queries.line_up(campaign, timezone.localdate()),
        "units": queries.scope_in_words(campaign),
        "may_change": request.user.has_perm("campaign.change_campaign", campaign)
        and campaign.state != State.FINISHED,
        "may_copy": request.user.has_perm("campaign.add_campaign", campaign.host),
        "may_read_history": request.user.has_perm("campaign.view_history", campaign),
        "today": timezone.localdate(),
    }
    return render_part(
        request, "campaign/campaign_detail.html", "campaign/_campaign_plan.html", context
    )


@require_http_methods(["GET", "POST"])
@needs("campaign.add_campaign")
def create(request: Request) -> HttpResponse:
    form = DraftForm(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            made = actions.create(by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _(
                    "“%(name)s” is drafted. Check phases, categories and appointments, then start it."
                )
                % {"name": made.name},
            )
            return go_to(request, made.get_absolute_url())
    return _form(request, "campaign/campaign_create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs("campaign.change_campaign")
def edit(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)
    form = CampaignForm(request.POST or None, instance=_another(campaign), hosts=[campaign.host_id])
    if form.is_valid():
        try:
            actions.edit(campaign, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The campaign is changed."))
            return go_to(request, campaign.get_absolute_url())
    return _form(request, "campaign/campaign_edit.html", {"form": form, "campaign": campaign})


@require_http_methods(["GET", "POST"])
@needs("campaign.add_campaign")
def copy(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    if not request.user.has_perm("campaign.add_campaign", campaign.host):
        raise PermissionDenied
    form = CopyForm(
        request.POST or None, initial={"name": campaign.name, "starts_on": timezone.localdate()}
    )
    if form.is_valid():
        try:
            made = actions.copy(campaign, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("“%(name)s” is drafted as a copy. Look it over, then start it.")
                % {"name": made.name},
            )
            return go_to(request, made.get_absolute_url())
    return _form(request, "campaign/campaign_copy.html", {"form": form, "campaign": campaign})


@require_POST
@needs("campaign.change_campaign")
def start(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)
    try:
        actions.start(campaign, by=request.user)
    except ActionRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("“%(name)s” is running. Everybody in it can report problems from now on.")
            % {"name": campaign.name},
        )
    return go_to(request, campaign.get_absolute_url())


@require_http_methods(["GET", "POST"])
@needs("campaign.change_campaign")
def finish(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_to_change(request, campaign_pk)
    form = FinishForm(request.POST or None)
    if form.is_valid():
        try:
            actions.finish(campaign, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("“%(name)s” is finished. It stays readable for everybody who saw it.")
                % {"name": campaign.name},
            )
            return go_to(request, campaign.get_absolute_url())
    return _form(request, "campaign/campaign_finish.html", {"form": form, "campaign": campaign})


@require_GET
@needs("campaign.view_history")
def history(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    if not request.user.has_perm("campaign.view_history", campaign):
        raise PermissionDenied
    page = Paginator(queries.history(campaign), 50).get_page(request.GET.get("page"))
    context: dict[str, object] = {"campaign": campaign, "page": page}
    return render_part(
        request, "campaign/campaign_history.html", "campaign/_campaign_history.html", context
    )


def campaign_to_change(request: Request, campaign_pk: int) -> Campaign:
    """The campaign of this address, for those who may change it; the action asks once more."""
    campaign = campaign_or_404(request, campaign_pk)
    if not request.user.has_perm("campaign.change_campaign", campaign):
        raise PermissionDenied
    return campaign


def _another(campaign: Campaign) -> Campaign:
    """The form writes what was typed on its own object; the page goes on showing the real one."""
    return Campaign.objects.get(pk=campaign.pk)


def _form(request: Request, page: str, context: dict[str, object]) -> HttpResponse:
    form = context["form"]
    return render(request, page, context, status=422 if getattr(form, "errors", None) else 200)
