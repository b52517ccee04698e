"""Many problems at once: the list, the same as a workbook, and one step for all that are ticked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaign.http import campaign_for
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from issues import actions, queries, states
from issues.filters import IssueFilter
from issues.forms import BatchForm
from issues.workbooks import file_name, write_list
from messaging.actions import request_job

if TYPE_CHECKING:
    from organisation.http import Request

ROWS_A_PAGE = 50
ROWS_AT_ONCE = 2_000
"""More are written by a worker."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Tab:
    """A state with how many there are; it opens exactly those."""

    state: str
    label: str
    count: int


@require_GET
@needs("issues.view_issue")
def issue_list(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_for(request, campaign_pk, "issues.view_issue")
    person = request.user
    found = IssueFilter(request.GET, campaign=campaign, by=person)
    page = Paginator(found.ordered.for_list(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "filter": found,
        "page": page,
        "tabs": _tabs(queries.by_state(found.any_state)),
        "state": request.GET.get("state", ""),
        "sort": request.GET.get("sort", ""),
        "is_filtered": bool(found.in_words),
        "rows": [(one, person.has_perm("issues.view_reporter", one)) for one in page],
        "may_review": person.has_perm("issues.review_issue", campaign),
        "may_import": person.has_perm("issues.import_issues", campaign),
        "may_report": person.has_perm("issues.report_issue", campaign),
        "by_worker": page.paginator.count > ROWS_AT_ONCE,
        "batch": BatchForm(campaign=campaign, by=person),
    }
    return render_part(request, "issues/issue_list.html", "issues/_issue_table.html", context)


def _tabs(counts: dict[str, int]) -> list[Tab]:
    """Every state that occurs, in the order of the work; what awaits review always."""
    everything = Tab("", _("All"), sum(counts.values()))
    return [everything] + [
        Tab(state.value, str(state.label), counts.get(state.value, 0))
        for state in states.State
        if counts.get(state.value) or state == states.State.REPORTED
    ]


@require_http_methods(["GET", "POST"])
@needs("issues.view_issue")
def export(request: Request, campaign_pk: int) -> HttpResponse:
    """The rows of the list as it is filtered now, all pages of it; a POST leaves it to a worker."""
    campaign = campaign_for(request, campaign_pk, "issues.view_issue")
    if request.method == "POST":
        arguments = {"campaign": campaign.pk, "query": request.GET.urlencode()}
        job = request_job("issues_list", arguments, by=request.user, title=str(campaign))
        return go_to(request, job.get_absolute_url())
    response = HttpResponse(content_type=XLSX)
    found = IssueFilter(request.GET, campaign=campaign, by=request.user)
    write_list(response, found)  # type: ignore[arg-type]
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name(campaign)
    )
    return response


@require_POST
@needs("issues.review_issue")
def batch(request: Request, campaign_pk: int) -> HttpResponse:
    """One step with each ticked problem; the page says of each what became of it."""
    campaign = campaign_for(request, campaign_pk, "issues.review_issue")
    form = BatchForm(request.POST, campaign=campaign, by=request.user)
    outcomes: list[actions.Outcome] = []
    if form.is_valid():
        given = form.cleaned_data
        try:
            outcomes = actions.review_each(
                given["pk"],
                given["step"],
                by=request.user,
                reason=given["reason"],
                into=given["into"],
            )
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
    done = sum(one.is_done for one in outcomes)
    context = {
        "campaign": campaign,
        "form": form,
        "outcomes": outcomes,
        "ticked": request.POST.getlist("pk"),
        "step": form.cleaned_data.get("step"),
        "done": done,
        "refused": len(outcomes) - done,
    }
    return render(request, "issues/issue_batch.html", context, status=422 if form.errors else 200)
