"""Satisfaction surveys: planned, opened, closed, published; their posters, slips and results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from audit import trail
from campaign.http import campaign_for, campaign_or_404
from campaign.states import State as CampaignState
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from core.workflow import steps_open_to
from evaluations import states
from evaluations.actions import surveys as actions
from evaluations.forms.surveys import (
    IssuedForm,
    NothingForm,
    ReasonForm,
    SurveyForm,
    WindowsForm,
    proposed,
)
from evaluations.models import Access, Audience, Survey
from evaluations.queries import surveys as queries
from evaluations.states import SurveyState
from evaluations.workbooks.surveys import formulas

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse, QueryDict
    from django_stubs_ext import StrOrPromise

    from core.workflow import Transition
    from organisation.http import Request

ROWS_A_PAGE = 30
STEP = "evaluations/survey_step.html", "evaluations/_survey_step.html"
EDIT = "evaluations/survey_edit.html", "evaluations/_survey_edit.html"


def survey_or_404(request: Request, campaign_pk: int, pk: int) -> Survey:
    campaign = campaign_or_404(request, campaign_pk)
    visible = Survey.objects.visible_to(request.user).select_related("election")
    visible = visible.defer("election__manifest", "election__board", "election__wrapped_seal")
    survey = get_object_or_404(visible, campaign=campaign, pk=pk)
    survey.campaign = campaign
    return survey


def survey_for(request: Request, campaign_pk: int, pk: int) -> Survey:
    """404 for a survey he may not see, 403 where he does not run it."""
    survey = survey_or_404(request, campaign_pk, pk)
    if not request.user.has_perm("evaluations.run_survey", survey):
        raise PermissionDenied
    return survey


def posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def answered(
    request: Request,
    form: forms.BaseForm,
    act: Callable[[], Survey],
    *,
    done: StrOrPromise,
    context: dict[str, Any],
    templates: tuple[str, str] = STEP,
) -> HttpResponse:
    """Do it and go on, or show what was wrong with it."""
    if request.method == "POST" and form.is_valid():
        try:
            survey = act()
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return go_to(request, survey.get_absolute_url())
    status = 422 if form.errors else 200
    return render_part(request, *templates, {**context, "form": form}, status=status)


def too_late(request: Request, survey: Survey) -> HttpResponse:
    messages.warning(
        request,
        _("Nothing can be changed now: the state is “%(state)s”.")
        % {"state": survey.get_state_display()},
    )
    return go_to(request, survey.get_absolute_url())


@require_GET
@needs("evaluations.view_survey")
def survey_list(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    found = queries.surveys_in(campaign, request.user)
    context = {
        "campaign": campaign,
        "page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "may_plan": campaign.state == CampaignState.RUNNING
        and request.user.has_perm("evaluations.run_survey", campaign),
    }
    return render(request, "evaluations/survey_list.html", context)


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_survey")
def plan(request: Request, campaign_pk: int) -> HttpResponse:
    """Everything is proposed for the audience that the address names, or for the public."""
    campaign = campaign_for(request, campaign_pk, "evaluations.run_survey")
    back = reverse("satisfaction:list", args=[campaign.pk])
    if campaign.state != CampaignState.RUNNING:
        messages.warning(request, _("Only a running campaign holds evaluations."))
        return go_to(request, back)
    audience = request.GET.get("audience", "")
    audience = audience if audience in Audience.values else Audience.PUBLIC
    initial = proposed(campaign, audience, timezone.now())
    blank = Survey(campaign=campaign)
    form = SurveyForm(posted(request), campaign=campaign, instance=blank, initial=initial)
    return answered(
        request,
        form,
        lambda: actions.plan_survey(campaign, by=request.user, **form.facts),
        done=_("The survey is planned. Look it over and open it; until then nobody can answer."),
        context={
            "campaign": campaign,
            "title": _("Plan a satisfaction survey"),
            "audience": Audience(audience).label,
            "button": _("Plan it"),
            "back": back,
        },
        templates=EDIT,
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_survey")
def edit(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    survey = survey_for(request, campaign_pk, pk)
    if survey.state != SurveyState.PREPARING:
        return too_late(request, survey)
    form = SurveyForm(posted(request), campaign=survey.campaign, instance=survey)
    return answered(
        request,
        form,
        lambda: actions.revise_survey(survey, by=request.user, **form.facts),
        done=_("The survey is changed. It is not open yet."),
        context={
            "campaign": survey.campaign,
            "title": _("Change the survey"),
            "audience": survey.get_audience_display(),
            "button": _("Save"),
            "back": survey.get_absolute_url(),
        },
        templates=EDIT,
    )


@require_GET
@needs("evaluations.view_survey")
def survey(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    """Before the count there is no figure for anybody; after it the office, then everybody."""
    found = survey_or_404(request, campaign_pk, pk)
    person, now = request.user, timezone.now()
    runs = person.has_perm("evaluations.run_survey", found)
    context: dict[str, Any] = {
        "campaign": found.campaign,
        "survey": found,
        "runs": runs,
        "result": queries.result_of(found),
        "formulas": formulas(found),
    }
    if found.is_counted:
        context["trend"] = queries.trend_of(found)
    else:
        context["targets"] = queries.targets_of(found)
    if runs:
        steps = {step.name for step in steps_open_to(found, states.SURVEY_STEPS, person)}
        if now < found.closes_at:
            steps.discard(states.CLOSE_SURVEY.name)
        context |= {
            "steps": steps,
            "begun": now >= found.opens_at,
            "over": now >= found.closes_at,
            "timeline": trail.entries([found])[::-1],
            "is_local": urlsplit(settings.SITE_URL).hostname in {"localhost", "127.0.0.1"},
            "site": settings.SITE_URL,
        }
        return render(request, "evaluations/survey_detail.html", context)
    return render(request, "evaluations/survey_reading.html", context)


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_survey")
def windows(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    found = survey_for(request, campaign_pk, pk)
    if found.state != SurveyState.PREPARING:
        return too_late(request, found)
    form = WindowsForm(posted(request), targets=queries.targets_of(found))
    return answered(
        request,
        form,
        lambda: actions.name_windows(found, form.windows, by=request.user),
        done=_("The windows are saved. Each gets a poster of its own when the survey is open."),
        context=step_context(
            found,
            _("Windows that get a poster each"),
            _("Save"),
            lead=_(
                "Write the names with “、” between them, for example 1号窗口、2号窗口. Empty: one"
                " poster for the whole department."
            ),
        ),
    )


def step_context(
    found: Survey, title: StrOrPromise, button: StrOrPromise, lead: StrOrPromise = "", **more: Any
) -> dict[str, Any]:
    context = {"campaign": found.campaign, "survey": found, "title": title, "button": button}
    return context | {"lead": lead, "is_grave": False, "is_file": False, **more}


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_survey")
def issued(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    """With an open link nobody but the office can know how many were asked."""
    found = survey_for(request, campaign_pk, pk)
    is_time = found.state in {SurveyState.OPEN, SurveyState.CLOSED}
    if not is_time or found.access != Access.OPEN:
        return too_late(request, found)
    form = IssuedForm(posted(request), targets=queries.targets_of(found))
    return answered(
        request,
        form,
        lambda: actions.record_issued(found, form.issued, by=request.user),
        done=_("Saved. The numbers stand beside those that came back."),
        context=step_context(
            found,
            _("How many were asked"),
            _("Save"),
            lead=_("For example the visits of these days. Leave it empty where nobody knows."),
        ),
    )


TAKEN: dict[str, tuple[Transition, Callable[..., Survey], StrOrPromise, StrOrPromise]] = {
    states.OPEN_SURVEY.name: (
        states.OPEN_SURVEY,
        actions.open_survey,
        gettext_lazy(
            "The survey is open; from the opening time anybody can answer. Print posters or slips now."
        ),
        gettext_lazy(
            "From now on departments, times and points stay as they are, and nobody sees a figure"
            " before the end: not even how many have answered. It closes by itself."
        ),
    ),
    states.CLOSE_SURVEY.name: (
        states.CLOSE_SURVEY,
        actions.close_survey,
        gettext_lazy("The survey is counted. Check the figures, then publish them."),
        gettext_lazy("The boxes are emptied and counted once. Later answers are refused."),
    ),
    states.PUBLISH_SURVEY.name: (
        states.PUBLISH_SURVEY,
        actions.publish_survey,
        gettext_lazy("The figures are published; everybody in the campaign reads them."),
        gettext_lazy("Everybody in the campaign will read the figures. This cannot be undone."),
    ),
    states.CANCEL_SURVEY.name: (
        states.CANCEL_SURVEY,
        actions.cancel_survey,
        gettext_lazy("The survey is cancelled; what was answered is destroyed uncounted."),
        gettext_lazy("What was answered so far is destroyed, uncounted, and posters lead nowhere."),
    ),
}


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_survey")
def take_step(request: Request, campaign_pk: int, pk: int, step: str) -> HttpResponse:
    if step not in TAKEN:
        raise Http404
    found = survey_for(request, campaign_pk, pk)
    transition, act, done, lead = TAKEN[step]
    if found.state not in transition.sources:
        return too_late(request, found)
    is_cancel = step == states.CANCEL_SURVEY.name
    form = (ReasonForm if is_cancel else NothingForm)(posted(request))
    return answered(
        request,
        form,
        lambda: act(found, by=request.user, **form.cleaned_data),
        done=done,
        context=step_context(found, transition.label, transition.label, lead, is_grave=is_cancel),
    )
