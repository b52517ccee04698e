"""The leader's page: read what others will read, and approve it or return it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.models import Letterhead
from core.access import needs
from core.documents import MissingGlyphError
from core.errors import ActionRefusedError
from rectification.http import posted
from supervision import actions, documents, queries, states
from supervision.forms import ApproveForm, ReasonForm
from supervision.http import meeting_or_404
from supervision.models import ExposureMeeting
from supervision.views.answering import and_who_has_it, answered, small_form
from supervision.views.meetings import too_late
from supervision.views.reading import reading

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request


def _refused(request: Request, found: ExposureMeeting) -> HttpResponse | None:
    """Who may not is refused; who comes too late is told what became of it meanwhile."""
    if not request.user.has_perm(states.APPROVE.permission, found):
        raise PermissionDenied
    if found.state not in states.APPROVE.sources:
        return too_late(request, found)
    return None


@require_http_methods(["GET", "POST"])
@needs("supervision.approve_report")
def approve(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """With one press the report has its number and date, and its papers are drawn and kept."""
    found = meeting_or_404(request, campaign_pk, number)
    if refused := _refused(request, found):
        return refused
    letterhead = Letterhead.objects.filter(unit=found.campaign.host).first()
    letterhead = letterhead or Letterhead(unit=found.campaign.host)
    told = queries.report_of(found)
    form = ApproveForm(
        posted(request), initial=ApproveForm.proposed(found, letterhead, told.fingerprint)
    )
    return answered(
        request,
        form,
        lambda: _issue(found, request, form),
        page="supervision/report_approve.html",
        part="supervision/_approve_form.html",
        context={
            "campaign": found.campaign,
            "meeting": found,
            "reading": reading(found, beside=True),
            "report": told,
            "letterhead": letterhead,
        },
        done=lambda: _issued(found),
        back=found.get_absolute_url(),
    )


def _issue(found: ExposureMeeting, request: Request, form: ApproveForm) -> None:
    try:
        documents.issue(found, by=request.user, **form.cleaned_data)
    except MissingGlyphError as missing:
        raise ActionRefusedError(str(missing)) from missing


def _issued(found: ExposureMeeting) -> str:
    now = ExposureMeeting.objects.select_related("document_number").get(pk=found.pk)
    words = _("The report is issued as %(number)s.") % {"number": now.document_number}
    return and_who_has_it(words, found)


@require_http_methods(["GET", "POST"])
@needs("supervision.approve_report")
def return_report(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    found = meeting_or_404(request, campaign_pk, number)
    if refused := _refused(request, found):
        return refused
    form = ReasonForm(posted(request))
    return small_form(
        request,
        form,
        lambda: actions.return_report(found, by=request.user, **form.cleaned_data),
        title=states.RETURN.label,
        button=states.RETURN.label,
        back=found.get_absolute_url(),
        done=lambda: and_who_has_it(_("The report is returned."), found),
        campaign=found.campaign,
        meeting=found,
    )
