"""Self-criticism: written by the department, read by the office, its pledges tied to the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from core.workflow import steps_open_to
from rectification.http import posted
from supervision import actions, queries, states
from supervision.forms import CriticismForm, LinkPledgeForm, PledgeRows, ReasonForm
from supervision.http import criticism_or_404
from supervision.models import SelfCriticism
from supervision.states import CriticismState
from supervision.views.answering import small_form

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request


@require_http_methods(["GET", "POST"])
@needs("supervision.view_meeting")
def criticism(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """Written until it is handed in, by those who act for the department; read by the others."""
    found = criticism_or_404(request, campaign_pk, number, pk)
    may_write = request.user.has_perm("supervision.draft_criticism", found)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    if not (may_write and found.state == CriticismState.AWAITED):
        if request.method == "POST":
            messages.warning(request, _("It has been handed in and cannot be changed now."))
            return go_to(request, found.get_absolute_url())
        return _page(request, found, None, None)
    data = posted(request)
    if data is not None and "more" in data:
        return _page(
            request, found, CriticismForm(data), _rows(found, PledgeRows.with_one_more(data))
        )
    form, rows = CriticismForm(data, instance=_stored(found)), _rows(found, data)
    if data is not None and form.is_valid() and rows.is_valid():
        try:
            _write(request, found, form, rows)
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, found.get_absolute_url())
    status = 422 if form.errors or (data is not None and not rows.is_valid()) else 200
    return _page(request, found, form, rows, status=status)


def _stored(found: SelfCriticism) -> SelfCriticism:
    """A copy for the form, which writes into what it is given."""
    return SelfCriticism.objects.get(pk=found.pk)


def _rows(found: SelfCriticism, data: Any = None) -> Any:
    known = found.pledges.order_by("position", "pk").values("text", "due_on", "measure")
    return PledgeRows(
        data, prefix="pledges", initial=list(known), form_kwargs={"item": found.case.item}
    )


def _write(request: Request, found: SelfCriticism, form: CriticismForm, rows: Any) -> None:
    actions.draft_criticism(found, by=request.user, pledges=rows.pledges, **form.cleaned_data)
    if "submit" not in request.POST:
        messages.success(
            request, _("Saved. The head of the department hands it in when it is finished.")
        )
        return
    actions.submit_criticism(found, by=request.user)
    messages.success(
        request,
        _(
            "The self-criticism is handed in; the campaign office reads it now. Pledges with a day "
            "are measures of the ledger."
        ),
    )


def _page(
    request: Request, found: SelfCriticism, form: Any, rows: Any, *, status: int = 200
) -> HttpResponse:
    case = found.case
    pledges = list(found.pledges.select_related("measure").order_by("position", "pk"))
    context = {
        "campaign": case.meeting.campaign,
        "meeting": case.meeting,
        "case": case,
        "shown": queries.case_as_read(case),
        "criticism": found,
        "form": form,
        "rows": rows,
        "pledges": pledges,
        "loose": sum(pledge.is_loose for pledge in pledges),
        "may_submit": request.user.has_perm("supervision.write_criticism", found),
        "may_judge": request.user.has_perm("supervision.judge_criticism", found),
        "sees_item": case.item is not None
        and request.user.has_perm("rectification.view_item", case.item),
        "steps": {step.name for step in steps_open_to(found, states.CRITICISM_STEPS, request.user)},
        "timeline": queries.history([found]),
    }
    return render_part(
        request,
        "supervision/criticism_detail.html",
        "supervision/_criticism_form.html" if form else "supervision/_criticism_text.html",
        context,
        status=status,
    )


@require_POST
@needs("supervision.judge_criticism")
def accept_criticism(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    found = criticism_or_404(request, campaign_pk, number, pk)
    try:
        actions.accept_criticism(found, by=request.user)
    except ActionRefusedError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            _("The self-criticism is accepted. %(unit)s speaks at the meeting.")
            % {"unit": found.case.department},
        )
    return go_to(request, found.get_absolute_url())


@require_http_methods(["GET", "POST"])
@needs("supervision.judge_criticism")
def return_criticism(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    found = criticism_or_404(request, campaign_pk, number, pk)
    if not request.user.has_perm("supervision.judge_criticism", found):
        raise PermissionDenied
    form = ReasonForm(posted(request))
    return small_form(
        request,
        form,
        lambda: actions.return_criticism(found, by=request.user, **form.cleaned_data),
        title=states.RETURN_CRITICISM.label,
        button=states.RETURN_CRITICISM.label,
        back=found.get_absolute_url(),
        done=lambda: (
            _("It is returned; %(unit)s mends it and hands it in again.")
            % {"unit": found.case.department}
        ),
        campaign=found.case.meeting.campaign,
        meeting=found.case.meeting,
    )


@require_http_methods(["GET", "POST"])
@needs("supervision.judge_criticism")
def link_pledge(
    request: Request, campaign_pk: int, number: int, pk: int, pledge_pk: int
) -> HttpResponse:
    """Say which dated measure of the item carries out a pledge that had none."""
    found = criticism_or_404(request, campaign_pk, number, pk)
    if not request.user.has_perm("supervision.judge_criticism", found):
        raise PermissionDenied
    pledge = get_object_or_404(found.pledges, pk=pledge_pk)
    form = LinkPledgeForm(posted(request), item=found.case.item)
    return small_form(
        request,
        form,
        lambda: actions.link_pledge(pledge, by=request.user, measure=form.cleaned_data["measure"]),
        title=_("Tie a pledge to a measure"),
        button=_("Save"),
        back=found.get_absolute_url(),
        done=lambda: _("The pledge is now followed up in the ledger."),
        campaign=found.case.meeting.campaign,
        meeting=found.case.meeting,
        quoted=pledge.text,
    )
