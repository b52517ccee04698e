"""My files: what I asked for, how far it is, and the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.access import needs
from core.htmx import go_to, render_part
from messaging import actions
from messaging.models import Job

if TYPE_CHECKING:
    from uuid import UUID

    from organisation.http import Request

JOBS_A_PAGE = 50


@require_GET
@needs("messaging.view_job")
@never_cache
def job_list(request: Request) -> HttpResponse:
    rows = Job.objects.visible_to(request.user).newest_first()
    page = Paginator(rows, JOBS_A_PAGE).get_page(request.GET.get("page"))
    return render_part(
        request, "messaging/job_list.html", "messaging/_job_table.html", {"page": page}
    )


@require_GET
@needs("messaging.view_job")
@never_cache
def job_detail(request: Request, key: UUID) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), key=key)
    return render_part(
        request, "messaging/job_detail.html", "messaging/_job_progress.html", {"job": job}
    )


@require_GET
@needs("messaging.view_job")
@never_cache
def job_file(request: Request, key: UUID) -> FileResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), key=key)
    if not job.is_ready:
        raise Http404
    return FileResponse(job.open(), as_attachment=True, filename=job.file_name)


@require_POST
@needs("messaging.view_job")
def job_again(request: Request, key: UUID) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), key=key)
    again = actions.request_again(job, by=request.user)
    messages.success(request, _("The file is being made again; it will be found on this page."))
    return go_to(request, again.get_absolute_url())
