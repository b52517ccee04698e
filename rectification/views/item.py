"""One item: everything about it, and the steps that are open to its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from campaign.states import State as CampaignState
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from core.workflow import steps_open_to
from rectification import actions, queries, states
from rectification.actions.work import WORKED_ON
from rectification.forms import FORMS, STEPS, MeasureRows, PlanForm
from rectification.http import item_for, item_or_404, posted
from rectification.lights import clock_of
from rectification.models import NO_LET_GO, LedgerItem
from rectification.states import DONE

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from core.workflow import Transition
    from organisation.http import Request
    from organisation.models import Person

STAGES: dict[str, StrOrPromise] = {
    "submit_plan": pgettext_lazy("stage", "plan"),
    "approve_plan": pgettext_lazy("stage", "plan approved"),
    "claim": pgettext_lazy("stage", "claimed"),
    "apply_for_sign_off": pgettext_lazy("stage", "rectified"),
    "check": pgettext_lazy("stage", "checked"),
    "verify": pgettext_lazy("stage", "verified"),
    "approve": pgettext_lazy("stage", "approved"),
    "on_notice": pgettext_lazy("stage", "notice"),
    "done": pgettext_lazy("stage", "signed off"),
}
DONE_WORDS: dict[str, StrOrPromise] = {
    "submit_plan": gettext_lazy("The plan of %(code)s is submitted."),
    "approve_plan": gettext_lazy("The plan of %(code)s is approved."),
    "return_plan": gettext_lazy("The plan of %(code)s is returned."),
    "claim": gettext_lazy("%(code)s is claimed."),
    "object_to": gettext_lazy("Your objection to %(code)s is submitted."),
    "uphold_assignment": gettext_lazy("The assignment of %(code)s is upheld."),
    "reassign": gettext_lazy("%(code)s is reassigned."),
    "apply_for_sign_off": gettext_lazy("Sign-off of %(code)s is applied for."),
    "withdraw_application": gettext_lazy("The application for %(code)s is withdrawn."),
    "check": gettext_lazy("%(code)s has passed the check."),
    "verify": gettext_lazy("%(code)s has passed verification."),
    "approve": gettext_lazy("The sign-off of %(code)s is approved."),
    "end_notice": gettext_lazy("%(code)s is signed off."),
    "review_continuing": gettext_lazy("The review of %(code)s is recorded."),
    "void": gettext_lazy("%(code)s is voided."),
}
RETURNED = gettext_lazy("%(code)s is returned.")
STEP_PERMISSIONS = frozenset(step.permission for step in STEPS.values())


@require_GET
@needs("rectification.view_item")
def detail(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    item = item_or_404(request, campaign_pk, number)
    page = queries.item_page(item, request.user)
    return render(request, "rectification/item_detail.html", _context(request, item, page))


def _context(request: Request, item: LedgerItem, page: queries.ItemPage) -> dict[str, Any]:
    person = request.user
    is_worked_on = item.state in WORKED_ON
    today = timezone.localdate()
    buttons = [
        step
        for step in page.steps
        if step.name in FORMS and (step != states.END_NOTICE or page.is_notice_over(today))
    ]
    return {
        "campaign": item.campaign,
        "item": item,
        "page": page,
        "clock": clock_of(item, today),
        "turn": queries.turn(item),
        "stops": [] if item.state == states.State.VOIDED else queries.stops(item, STAGES),
        "buttons": [step for step in buttons if step != states.VOID],
        "may_void": states.VOID in buttons,
        "may_work": is_worked_on and person.has_perm("rectification.report_progress", item),
        "may_draft": item.state == states.State.DRAFTING
        and person.has_perm("rectification.draft_plan", item),
        "may_decide_notice": states.RETURN_FROM_NOTICE in page.steps,
        "may_recur": item.state in DONE
        and item.campaign.state == CampaignState.RUNNING
        and person.has_perm("issues.report_issue", item.campaign),
        "exposed_at": _exposed_at(item, person),
        "sees_objectors": person.has_perm("rectification.end_notice", item),
    }


def _exposed_at(item: LedgerItem, person: Person) -> Any:
    """The meeting that exposed it, which an app above keeps, if he may read its report."""
    if item.exposed_on is None:
        return None
    cases = item.exposure_cases.filter(exposed_on__isnull=False)
    case = cases.select_related("meeting").order_by("-exposed_on", "-pk").first()
    if case is None or not person.has_perm("supervision.view_meeting", case.meeting):
        return None
    return case.meeting


@require_http_methods(["GET", "POST"])
@needs("rectification.view_item")
def take_step(request: Request, campaign_pk: int, number: int, step: str) -> HttpResponse:
    """Ask what the step asks, take it, and say who has the item now."""
    if step not in STEPS:
        raise Http404
    item = item_or_404(request, campaign_pk, number)
    transition = STEPS[step]
    if refused := _not_open(request, item, transition):
        return refused
    form_class, act = FORMS[step]
    form = form_class(posted(request), item=item, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            form.take(act)
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, item, DONE_WORDS.get(step, RETURNED))
            return go_to(request, item.get_absolute_url())
    page = queries.item_page(item, request.user)
    context = {
        **_context(request, item, page),
        "step": transition,
        "form": form,
        "no_let_go": NO_LET_GO,
        "shows_files": item.state in states.UNDER_REVIEW,
    }
    return render_part(
        request,
        "rectification/item_step.html",
        "rectification/_step_form.html",
        context,
        status=422 if form.errors else 200,
    )


def _not_open(request: Request, item: LedgerItem, transition: Transition) -> HttpResponse | None:
    """Who may not is refused; who comes too late is told what became of it meanwhile."""
    if steps_open_to(item, (transition,), request.user):
        return None
    if item.state in transition.sources:
        raise PermissionDenied
    messages.warning(
        request,
        _("“%(step)s” is not possible any more: the state is now “%(state)s”.")
        % {"step": transition.label, "state": item.get_state_display()},
    )
    return go_to(request, item.get_absolute_url())


def tell(request: Request, item: LedgerItem, words: StrOrPromise) -> None:
    """What is done, and who has it now: read afresh, because the step changed it."""
    now = LedgerItem.objects.for_ledger().get(pk=item.pk)
    done = str(words) % {"code": now.code}
    messages.success(request, f"{done} {queries.turn(now).words}")


@require_http_methods(["GET", "POST"])
@needs("rectification.draft_plan")
def plan(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Write the plan: save it as far as it is, or save and submit it."""
    item = item_for(request, campaign_pk, number, "rectification.draft_plan")
    if item.state != states.State.DRAFTING:
        messages.warning(request, _("The plan is no longer being drafted."))
        return go_to(request, item.get_absolute_url())
    data = posted(request)
    if data is not None and "more" in data:
        rows = MeasureRows(MeasureRows.with_one_more(data), prefix="measures")
        form = PlanForm(data, item=item)
        return _plan_page(request, item, form, rows, status=200)
    form = PlanForm(data, item=item)
    known = item.measures.order_by("position", "pk").values("text", "due_on")
    rows = MeasureRows(data, prefix="measures", initial=list(known))
    if data is not None and form.is_valid() and rows.is_valid():
        try:
            actions.revise_plan(item, by=request.user, measures=rows.measures, **form.cleaned_data)
            if "submit" in data:
                actions.submit_plan(item, by=request.user)
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            word = (
                DONE_WORDS["submit_plan"]
                if "submit" in data
                else _("The plan of %(code)s is saved.")
            )
            tell(request, item, word)
            return go_to(request, item.get_absolute_url())
    status = 422 if form.errors or any(rows.errors) else 200
    return _plan_page(request, item, form, rows, status=status)


def _plan_page(
    request: Request, item: LedgerItem, form: PlanForm, rows: Any, *, status: int
) -> HttpResponse:
    context = {"campaign": item.campaign, "item": item, "form": form, "rows": rows}
    return render_part(
        request,
        "rectification/item_plan.html",
        "rectification/_plan_form.html",
        context,
        status=status,
    )
