"""One problem: all there is about it, and what the office decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from campaign.http import campaign_for
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from core.workflow import steps_open_to
from issues import actions, queries, states
from issues.forms import ConfirmForm, MergeForm, ReasonForm, leaders_of
from issues.http import issue_or_404
from issues.models import Issue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms
    from django.http import HttpResponse, QueryDict

    from campaign.models import Campaign
    from organisation.http import Request
    from organisation.models import Person

CONFIRM, MERGE = states.CONFIRM.name, states.MERGE.name
ACTS: Mapping[str, Any] = {
    CONFIRM: actions.confirm,
    MERGE: actions.merge,
    states.RETURN.name: actions.send_back,
    states.HAND_OVER.name: actions.hand_over,
    states.REJECT.name: actions.reject,
}


@require_GET
@needs("issues.view_issue")
def detail(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    issue = issue_or_404(request, campaign_pk, number)
    person = request.user
    knows = person.has_perm("issues.view_reporter", issue)
    mine = Issue.objects.visible_to(person).select_related("campaign").order_by("number")
    context = {
        "campaign": issue.campaign,
        "issue": issue,
        "knows_reporter": knows,
        "compared": queries.compared(issue) if knows else [],
        "timeline": queries.timeline(issue, person),
        "merged": mine.filter(merged_into=issue),
        "recurrences": mine.filter(recurrence_of=issue),
        "merged_into": mine.filter(merged_issues=issue).first(),
        "recurrence_of": mine.filter(recurrences=issue).first(),
        "steps": steps_open_to(issue, states.STEPS, person),
        "item": _item(issue, person),
    }
    return render(request, "issues/issue_detail.html", context)


def _item(issue: Issue, person: Person) -> Any:
    """Its row in the ledger, which an app above keeps, if he may see that too."""
    item = getattr(issue, "ledger_item", None)
    return item if item and person.has_perm("rectification.view_item", item) else None


@require_GET
@needs("issues.review_issue")
def review_next(request: Request, campaign_pk: int) -> HttpResponse:
    """To the next problem that awaits review, after the one named; or back to the list."""
    campaign = campaign_for(request, campaign_pk, "issues.review_issue")
    return go_to(request, _next(campaign, request.user, request.GET.get("after", "")))


def _next(campaign: Campaign, person: Person, after: str) -> str:
    waiting = Issue.objects.visible_to(person).filter(campaign=campaign).awaiting_review()
    numbers = waiting.order_by("number").values_list("number", flat=True)
    last = int(after) if after.isascii() and after.isdecimal() else 0
    number = numbers.filter(number__gt=last).first() or numbers.first()
    if number is None:
        return reverse("issues:list", args=[campaign.pk])
    return reverse("issues:review", args=[campaign.pk, number])


@require_GET
@needs("issues.review_issue")
def review(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    issue = _to_review(request, campaign_pk, number)
    if issue.state != states.State.REPORTED:
        return go_to(request, issue.get_absolute_url())
    return _show(request, issue, {})


@require_http_methods(["POST"])
@needs("issues.review_issue")
def take_step(request: Request, campaign_pk: int, number: int, step: str) -> HttpResponse:
    issue = _to_review(request, campaign_pk, number)
    if step not in ACTS:
        raise Http404
    form = _form(step, issue, request.user, request.POST)
    if form.is_valid():
        try:
            decided = ACTS[step](issue, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _said(step, decided))
            return go_to(request, _next(issue.campaign, request.user, str(issue.number)))
    return _show(request, issue, {step: form})


def _to_review(request: Request, campaign_pk: int, number: int) -> Issue:
    campaign_for(request, campaign_pk, "issues.review_issue")
    return issue_or_404(request, campaign_pk, number)


def _form(step: str, issue: Issue, by: Person, data: QueryDict | None = None) -> forms.Form:
    if step == CONFIRM:
        return ConfirmForm(data, issue=issue, leaders=leaders_of(issue.campaign), by=by)
    if step == MERGE:
        return MergeForm(data, issue=issue, by=by)
    return ReasonForm(data, auto_id=f"id_{step}_%s")


def _show(request: Request, issue: Issue, faulty: dict[str, forms.Form]) -> HttpResponse:
    """The problem beside the forms; the one that came back with faults stands open."""
    given = {name: faulty.get(name) or _form(name, issue, request.user) for name in ACTS}
    waiting = Issue.objects.visible_to(request.user).filter(campaign=issue.campaign)
    context = {
        "campaign": issue.campaign,
        "issue": issue,
        "forms": given,
        "confirm": given[CONFIRM],
        "others": [
            (step, given[step.name]) for step in states.REVIEW_STEPS if step.name != CONFIRM
        ],
        "open": next(iter(faulty), CONFIRM),
        "compared": queries.compared(issue),
        "doubts": queries.doubts_of(issue),
        "waiting": waiting.awaiting_review().count(),
    }
    return render_part(
        request,
        "issues/issue_review.html",
        "issues/_review_panel.html",
        context,
        status=422 if faulty else 200,
    )


def _said(step: str, issue: Issue) -> str:
    words = {
        CONFIRM: _("%(code)s is confirmed and entered in the ledger; the plan is completed there."),
        MERGE: _("%(code)s is merged; it goes on under %(into)s."),
        states.RETURN.name: _("%(code)s is returned; whoever reported it corrects it."),
        states.HAND_OVER.name: _(
            "%(code)s is handed over; only the discipline office sees it now."
        ),
        states.REJECT.name: _("%(code)s is not upheld; the reason is kept with it."),
    }
    into = issue.merged_into.code if issue.merged_into else ""
    return words[step] % {"code": issue.code, "into": into}
