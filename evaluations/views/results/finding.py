"""The head that an address of results names, and what belongs to his result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header

from campaign.http import campaign_or_404
from core.files import PDF
from evaluations.models import Appeal, Confirmation, Consequence, Publication, Round, Subject
from evaluations.states import RoundState

if TYPE_CHECKING:
    from organisation.http import Request


def published_or_404(request: Request, campaign_pk: int, number: int) -> Round:
    """A round whose results are out, for a reader of grades; 403 for anybody else who sees it."""
    campaign = campaign_or_404(request, campaign_pk)
    rounds = Round.objects.visible_to(request.user).select_related("election")
    found = get_object_or_404(rounds, campaign=campaign, number=number, state=RoundState.PUBLISHED)
    found.campaign = campaign
    if not request.user.has_perm("evaluations.view_results", found):
        raise PermissionDenied
    return found


def subject_or_404(request: Request, campaign_pk: int, number: int, pk: int) -> Subject:
    """A head whose published result this reader may read: the leadership's, or his own."""
    campaign = campaign_or_404(request, campaign_pk)
    visible = Publication.objects.visible_to(request.user)
    subject = get_object_or_404(
        Subject.objects.select_related("round__election", "person", "unit"),
        round__campaign=campaign,
        round__number=number,
        publication__in=visible,
        pk=pk,
    )
    subject.round.campaign = campaign
    return subject


def subject_for(
    request: Request, campaign_pk: int, number: int, pk: int, permission: str
) -> Subject:
    """404 where the result is none of his business, 403 where he may not do this about it."""
    subject = subject_or_404(request, campaign_pk, number, pk)
    if not request.user.has_perm(permission, subject):
        raise PermissionDenied
    return subject


def confirmation_of(subject: Subject) -> Confirmation | None:
    found = Confirmation.objects.filter(subject=subject).select_related("decided_by").first()
    if found is not None:
        found.subject = subject
    return found


def consequence_of(request: Request, subject: Subject) -> Consequence | None:
    """What follows, as far as this reader may know of it."""
    found = (
        Consequence.objects.visible_to(request.user)
        .filter(confirmation__subject=subject)
        .select_related("confirmation", "document_number", "interviewer", "recorder", "decided_by")
        .first()
    )
    if found is not None:
        found.confirmation.subject = subject
    return found


def consequence_or_404(request: Request, subject: Subject) -> Consequence:
    found = consequence_of(request, subject)
    if found is None:
        raise Http404
    return found


def appeal_of(subject: Subject) -> Appeal | None:
    found = Appeal.objects.filter(subject=subject).select_related("answered_by").first()
    if found is not None:
        found.subject = subject
    return found


def head_url(subject: Subject, page: str = "head") -> str:
    """A page about this head: of those who decide, or his own."""
    round_ = subject.round
    return reverse(f"results:{page}", args=[round_.campaign_id, round_.number, subject.pk])


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """A paper drawn for this reader alone and kept nowhere."""
    response = HttpResponse(content, content_type=PDF.content_type)
    disposition = content_disposition_header(as_attachment=False, filename=name)
    response.headers["Content-Disposition"] = disposition or "inline"
    return response
