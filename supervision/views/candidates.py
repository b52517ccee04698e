"""What the rules propose, and what the office decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from rectification.http import posted
from supervision import actions
from supervision.forms import DecideForm, ReasonForm, TakeInForm
from supervision.http import case_or_404, meeting_for
from supervision.states import MeetingState
from supervision.views.answering import small_form

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request
    from supervision.models import ExposureCase, ExposureMeeting


@require_http_methods(["GET", "POST"])
@needs("supervision.view_candidates")
def candidates(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Tick some and take them in, or leave them out, with the reason."""
    found = meeting_for(request, campaign_pk, number, "supervision.view_candidates")
    form = DecideForm(posted(request), meeting=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        outcomes = actions.decide_each(
            given["pk"],
            by=request.user,
            reason=given["reason"],
            takes_in=given["decision"] == DecideForm.TAKE_IN,
        )
        return _decided(request, found, outcomes)
    rows = list(found.candidates.for_list())
    context = {
        "campaign": found.campaign,
        "meeting": found,
        "form": form,
        "ticked": {int(pk) for pk in request.POST.getlist("pk") if pk.isascii() and pk.isdecimal()},
        "undecided": [row for row in rows if not row.decided_at],
        "decided": [row for row in rows if row.decided_at],
        "may_decide": found.state == MeetingState.PREPARING
        and request.user.has_perm("supervision.prepare_meeting", found),
    }
    return render_part(
        request,
        "supervision/candidate_list.html",
        "supervision/_candidate_table.html",
        context,
        status=422 if form.errors else 200,
    )


def _decided(
    request: Request, found: ExposureMeeting, outcomes: list[actions.Outcome]
) -> HttpResponse:
    """One case that was taken in is written next; otherwise the rest is decided."""
    for one in outcomes:
        if one.refusal:
            messages.error(request, f"{one.candidate.item.code}: {one.refusal}")
    done = [one for one in outcomes if not one.refusal]
    cases = [one.case for one in done if one.case is not None]
    if cases:
        messages.success(
            request,
            _("%(n)s taken in. Write what the report tells, and how it was handled.")
            % {"n": len(cases)},
        )
    elif done:
        messages.success(
            request, _("%(n)s left out; the reason is kept with the meeting.") % {"n": len(done)}
        )
    if len(cases) == 1:
        return go_to(request, cases[0].get_absolute_url())
    page = "supervision:meeting" if cases else "supervision:candidates"
    return go_to(request, reverse(page, args=[found.campaign_id, found.number]))


@require_POST
@needs("supervision.prepare_meeting")
def propose(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Ask the rules again: much may have been signed off, or become overdue, since."""
    found = meeting_for(request, campaign_pk, number, "supervision.prepare_meeting")
    try:
        new = actions.propose(found, by=request.user)
    except ActionRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(n)s new candidates; those whose ground is gone have been taken off the list.")
            % {"n": new},
        )
    return go_to(request, reverse("supervision:candidates", args=[campaign_pk, number]))


@require_http_methods(["GET", "POST"])
@needs("supervision.prepare_meeting")
def take_in_item(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """An item that no rule proposes, by its number in the ledger."""
    found = meeting_for(request, campaign_pk, number, "supervision.prepare_meeting")
    form = TakeInForm(posted(request), meeting=found, by=request.user)
    made: list[ExposureCase] = []
    return small_form(
        request,
        form,
        lambda: made.append(
            actions.take_in_item(
                found,
                form.cleaned_data["item"],
                by=request.user,
                reason=form.cleaned_data["reason"],
            )
        ),
        title=_("Take in an item by its number"),
        button=_("Take in"),
        back=reverse("supervision:candidates", args=[campaign_pk, number]),
        next_page=lambda: next(iter(made)).get_absolute_url(),
        done=lambda: (
            _("%(n)s taken in. Write what the report tells, and how it was handled.") % {"n": 1}
        ),
        campaign=found.campaign,
        meeting=found,
    )


@require_http_methods(["GET", "POST"])
@needs("supervision.prepare_meeting")
def leave_out(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """A case that was taken in, after all not: what was written of it is given up."""
    found = meeting_for(request, campaign_pk, number, "supervision.prepare_meeting")
    told = case_or_404(request, found, pk)
    candidate = get_object_or_404(found.candidates, item=told.item_id)
    form = ReasonForm(posted(request))
    return small_form(
        request,
        form,
        lambda: actions.leave_out(candidate, by=request.user, **form.cleaned_data),
        title=_("Leave the case out"),
        button=_("Leave out"),
        back=told.get_absolute_url(),
        next_page=found.get_absolute_url,
        done=lambda: _("%(n)s left out; the reason is kept with the meeting.") % {"n": 1},
        campaign=found.campaign,
        meeting=found,
        quoted=str(told),
    )
