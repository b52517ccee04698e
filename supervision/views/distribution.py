"""The report on its way to departments, and who has said that he has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to
from rectification.http import posted
from supervision import actions
from supervision.forms import DistributeForm
from supervision.http import meeting_for, meeting_or_404
from supervision.models import Distribution
from supervision.views.answering import answered

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request


@require_http_methods(["GET", "POST"])
@needs("supervision.view_candidates")
def distribution(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Those who run the campaign see who has it; the office sends it to more departments."""
    found = meeting_for(request, campaign_pk, number, "supervision.view_candidates")
    may_send = request.user.has_perm("supervision.prepare_meeting", found)
    if request.method == "POST" and not may_send:
        raise PermissionDenied
    form = DistributeForm(posted(request), meeting=found)
    sent = found.distributions.select_related("unit", "acknowledged_by")
    made: list[Distribution] = []
    return answered(
        request,
        form,
        lambda: made.extend(
            actions.distribute(found, by=request.user, units=form.cleaned_data["units"])
        ),
        page="supervision/distribution_detail.html",
        part="supervision/_distribution.html",
        context={
            "campaign": found.campaign,
            "meeting": found,
            "sent": sent.order_by("unit__position", "unit", "pk"),
            "may_send": may_send and found.is_issued,
        },
        done=lambda: (
            _("The report is sent to %(n)s departments; each is asked to acknowledge it.")
            % {"n": len(made)}
        ),
        back=reverse("supervision:distribution", args=[campaign_pk, number]),
    )


@require_POST
@needs("supervision.acknowledge_report")
def acknowledge(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    found = meeting_or_404(request, campaign_pk, number)
    sent = get_object_or_404(Distribution.objects.select_related("unit"), meeting=found, pk=pk)
    try:
        actions.acknowledge(sent, by=request.user)
    except ActionRefusedError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(unit)s has acknowledged the report. The campaign office sees it.")
            % {"unit": sent.unit},
        )
    return go_to(request, found.get_absolute_url())
