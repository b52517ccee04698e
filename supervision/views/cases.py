"""What the report tells of each case, beside what others will read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to
from rectification.http import posted
from supervision import actions, queries
from supervision.forms import CaseForm, GoodExampleForm
from supervision.http import case_or_404, meeting_for
from supervision.models import CaseKind, ExposureCase
from supervision.queries.report import CASE_TEXTS
from supervision.states import MeetingState
from supervision.views.answering import answered
from supervision.views.meetings import too_late
from supervision.views.reading import Part, parts

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request
    from supervision.models import ExposureMeeting


@require_http_methods(["GET", "POST"])
@needs("supervision.view_candidates")
def case(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """Those who run the campaign read a case; the office writes it while the report is prepared."""
    found = meeting_for(request, campaign_pk, number, "supervision.view_candidates")
    told = case_or_404(request, found, pk)
    if request.method == "POST" and not request.user.has_perm("supervision.prepare_meeting", told):
        raise PermissionDenied
    may_write = found.state == MeetingState.PREPARING and request.user.has_perm(
        "supervision.prepare_meeting", told
    )
    if request.method == "POST" and not may_write:
        return too_late(request, found)
    form_class = CaseForm if told.is_problem else GoodExampleForm
    stored = ExposureCase.objects.get(pk=told.pk)
    form = form_class(posted(request), meeting=found, instance=stored)
    return answered(
        request,
        form,
        lambda: actions.revise_case(told, by=request.user, **form.cleaned_data),
        page="supervision/case_detail.html",
        part="supervision/_case_form.html",
        context={
            "campaign": found.campaign,
            "meeting": found,
            "case": told,
            "may_write": may_write,
            "reading": _reading(told),
            "grounds": _grounds(found, told),
        },
        done=lambda: _saved(told),
        back=lambda: _after(request, told),
    )


def _reading(told: ExposureCase) -> list[tuple[Any, list[Part], str]]:
    """Each text of the case: its name, as others read it, and as it is written if that differs."""
    masked = queries.case_as_read(told)
    shown = []
    for name in CASE_TEXTS:
        was, now = getattr(told, name), getattr(masked, name)
        if now:
            label = told._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            shown.append((label, parts(was, now), was if was != now else ""))
    return shown


def _grounds(found: ExposureMeeting, told: ExposureCase) -> list[str]:
    candidate = found.candidates.filter(item=told.item_id).first() if told.item_id else None
    return candidate.grounds_in_words if candidate else []


def _saved(told: ExposureCase) -> str:
    now = ExposureCase.objects.get(pk=told.pk)
    if now.is_included:
        return _("“%(case)s” is saved and part of the report. Check what others will read.") % {
            "case": now
        }
    return _(
        "“%(case)s” is saved. It enters the report when the result of the handling and its day "
        "are filled in; until then it stays a candidate."
    ) % {"case": now}


def _after(request: Request, told: ExposureCase) -> str:
    """To what others read, once the case is part of it; else it is written on."""
    now = ExposureCase.objects.get(pk=told.pk)
    if now.is_included and "stay" not in request.POST:
        return reverse("supervision:report", args=[told.meeting.campaign_id, told.meeting.number])
    return told.get_absolute_url()


@require_http_methods(["GET", "POST"])
@needs("supervision.prepare_meeting")
def add_good_example(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = meeting_for(request, campaign_pk, number, "supervision.prepare_meeting")
    if found.state != MeetingState.PREPARING:
        return too_late(request, found)
    blank = ExposureCase(meeting=found, kind=CaseKind.GOOD)
    form = GoodExampleForm(posted(request), meeting=found, instance=blank)
    return answered(
        request,
        form,
        lambda: actions.add_good_example(found, by=request.user, **form.cleaned_data),
        page="supervision/good_example_add.html",
        part="supervision/_good_example_form.html",
        context={
            "campaign": found.campaign,
            "meeting": found,
            "back": found.get_absolute_url(),
        },
        done=lambda: _("The good example is part of the report."),
        back=found.get_absolute_url(),
    )


@require_POST
@needs("supervision.prepare_meeting")
def remove_good_example(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    found = meeting_for(request, campaign_pk, number, "supervision.prepare_meeting")
    told = case_or_404(request, found, pk)
    try:
        actions.remove_good_example(told, by=request.user)
    except ActionRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The good example is taken out of the report."))
    return go_to(request, found.get_absolute_url())
