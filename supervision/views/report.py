"""The report: its texts, what others will read of it, its drafts on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import files
from core.access import needs
from core.htmx import go_to
from core.workflow import steps_open_to
from messaging.actions import request_job
from rectification.http import posted
from supervision import actions, documents, queries, states
from supervision.forms import ReportForm
from supervision.http import meeting_for, meeting_or_404
from supervision.models import ExposureCase, PaperKind
from supervision.views.answering import answered
from supervision.views.meetings import too_late
from supervision.views.reading import reading

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
@needs("supervision.view_candidates")
def report(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """What others will read, with what was masked pointed out, and what is still missing."""
    found = meeting_for(request, campaign_pk, number, "supervision.view_candidates")
    steps = steps_open_to(found, states.MEETING_STEPS, request.user)
    cases = ExposureCase.objects.filter(meeting=found).select_related("meeting").in_order()
    context = {
        "campaign": found.campaign,
        "meeting": found,
        "reading": reading(found, beside=True),
        "cases": [case for case in cases if case.is_included],
        "kept_back": [case for case in cases if not case.is_included],
        "steps": {step.name for step in steps},
        "may_write": found.state == states.MeetingState.PREPARING
        and request.user.has_perm("supervision.prepare_meeting", found),
        "kinds": PaperKind.choices,
    }
    return render(request, "supervision/report_detail.html", context)


@require_http_methods(["GET", "POST"])
@needs("supervision.prepare_meeting")
def texts(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """What the report says around its cases."""
    found = meeting_for(request, campaign_pk, number, "supervision.prepare_meeting")
    if found.state != states.MeetingState.PREPARING:
        return too_late(request, found)
    form = ReportForm(posted(request), instance=found)
    back = reverse("supervision:report", args=[campaign_pk, number])
    return answered(
        request,
        form,
        lambda: actions.revise_meeting(found, by=request.user, **form.cleaned_data),
        page="supervision/report_edit.html",
        part="supervision/_report_form.html",
        context={"campaign": found.campaign, "meeting": found, "back": back},
        done=lambda: _("The texts are saved. Check what others will read, then submit the report."),
        back=back,
    )


@require_POST
@needs("supervision.view_candidates")
def draft(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """A paper as it would be issued now; it says that it is a draft, and a worker draws it."""
    found = meeting_for(request, campaign_pk, number, "supervision.view_candidates")
    kind = request.POST.get("kind", "")
    if kind not in PaperKind.values:
        raise Http404
    if found.is_issued:
        return too_late(request, found)
    job = request_job(
        documents.DRAFT_JOB,
        {"meeting": found.pk, "kind": kind},
        by=request.user,
        title=f"{PaperKind(kind).label} · {found.title}",
    )
    return go_to(request, job.get_absolute_url())


@require_GET
@needs("supervision.view_meeting")
def paper(request: Request, campaign_pk: int, number: int, kind: str) -> HttpResponse:
    """The file that was issued, as it is kept."""
    found = meeting_or_404(request, campaign_pk, number)
    kept = get_object_or_404(found.papers.visible_to(request.user), kind=kind)
    content_type = DOCX if kind == PaperKind.REPORT_DOCX else files.PDF.content_type
    return files.send(  # type: ignore[return-value]
        kept.path,
        name=kept.file_name,
        content_type=content_type,
        download="download" in request.GET,
    )


@require_GET
@needs("supervision.view_statistics")
def statistics(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Each figure says what it counts, and opens exactly the rows that it counts."""
    found = meeting_for(request, campaign_pk, number, "supervision.view_statistics")
    context = {
        "campaign": found.campaign,
        "meeting": found,
        "statistics": queries.statistics(found),
        "opens_handlings": request.user.has_perm("supervision.view_handlings", found.campaign),
    }
    return render(request, "supervision/statistics_detail.html", context)
