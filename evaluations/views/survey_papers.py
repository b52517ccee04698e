"""The papers of a survey: posters, slips with codes, and the result on paper and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import needs
from core.errors import ActionRefusedError
from evaluations.documents import surveys as documents
from evaluations.forms.surveys import CodesForm
from evaluations.models import Access, Survey
from evaluations.states import SurveyState
from evaluations.views.surveys import posted, step_context, survey_for, survey_or_404, too_late
from evaluations.workbooks.surveys import result_workbook

if TYPE_CHECKING:
    from organisation.http import Request

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@needs("evaluations.run_survey")
def codes(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    """The sheets come as the answer and are kept nowhere."""
    found = survey_for(request, campaign_pk, pk)
    if found.state != SurveyState.OPEN or found.access != Access.ONE_TIME:
        return too_late(request, found)
    form = CodesForm(posted(request), survey=found)
    if request.method == "POST" and form.is_valid():
        try:
            sheets = documents.print_codes(found, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _file(_("%(survey)s, slips.pdf") % {"survey": found.name}, sheets, PDF)
    context = step_context(
        found,
        _("Print slips with one-time codes"),
        _("Make the slips and save the file"),
        lead=_(
            "The codes are kept nowhere: print the file at once and delete it. They cannot be shown"
            " again, but more can be made. Let everybody draw a slip by himself."
        ),
        is_file=True,
    )
    return render(
        request,
        "evaluations/survey_step.html",
        context | {"form": form},
        status=422 if form.errors else 200,
    )


def _file(name: str, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@needs("evaluations.run_survey")
def posters(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    found = survey_for(request, campaign_pk, pk)
    if found.state != SurveyState.OPEN or found.access != Access.OPEN:
        return too_late(request, found)
    name = _("%(survey)s, posters.pdf") % {"survey": found.name}
    return _file(name, documents.render_posters(found), PDF)


@require_GET
@needs("evaluations.view_survey")
def result_pdf(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    found = survey_or_404(request, campaign_pk, pk)
    content = documents.render_result(found)
    return _result(found, content, "pdf", PDF)


@require_GET
@needs("evaluations.view_survey")
def result_xlsx(request: Request, campaign_pk: int, pk: int) -> HttpResponse:
    found = survey_or_404(request, campaign_pk, pk)
    return _result(found, result_workbook(found), "xlsx", XLSX)


def _result(found: Survey, content: bytes | None, ending: str, kind: str) -> HttpResponse:
    if content is None:
        raise Http404
    return _file(f"{found.name}.{ending}", content, kind)
