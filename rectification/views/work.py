"""What a department adds to an item, and how evidence is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import files
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from rectification import actions
from rectification.forms import (
    EvidenceForm,
    MeasureDoneForm,
    ProgressForm,
    WithdrawEvidenceForm,
)
from rectification.http import item_for, item_or_404, posted
from rectification.models import Evidence, LedgerItem

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from typing import Any

    from django import forms
    from django_stubs_ext import StrOrPromise

    from organisation.http import Request

WORK_PERMISSION = "rectification.report_progress"


def _small_form(
    request: Request,
    item: LedgerItem,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: StrOrPromise,
    done: str,
    button: StrOrPromise,
    back: str = "",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """A form of a field or two: do it and go back to the item, or show what was wrong with it."""
    back = back or item.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return go_to(request, back)
    return render_part(
        request,
        "rectification/item_small_form.html",
        "rectification/_small_form.html",
        {
            "campaign": item.campaign,
            "item": item,
            "form": form,
            "title": title,
            "button": button,
            "back": back,
            **(context or {}),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@needs("rectification.report_progress")
def progress(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    item = item_for(request, campaign_pk, number, WORK_PERMISSION)
    form = ProgressForm(posted(request))
    return _small_form(
        request,
        item,
        form,
        lambda: actions.report_progress(item, by=request.user, text=form.cleaned_data["text"]),
        title=_("Report progress"),
        button=_("Save the note"),
        done=_("The note is kept. The item stays with you until you apply for sign-off."),
    )


@require_http_methods(["GET", "POST"])
@needs("rectification.report_progress")
def measure_done(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    item = item_for(request, campaign_pk, number, WORK_PERMISSION)
    measure = get_object_or_404(item.measures, pk=pk)
    form = MeasureDoneForm(posted(request))
    return _small_form(
        request,
        item,
        form,
        lambda: actions.complete_measure(
            measure, by=request.user, done_on=form.cleaned_data["done_on"]
        ),
        title=_("Measure carried out"),
        button=_("Save"),
        done=_("The measure is marked as carried out. Add what shows it, if there is anything."),
        context={"quoted": measure.text},
    )


@require_http_methods(["GET", "POST"])
@needs("rectification.add_evidence")
def add_evidence(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Files from a phone or a computer: plain form, several at once, all taken or none."""
    item = item_for(request, campaign_pk, number, "rectification.add_evidence")
    form = EvidenceForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.add_evidence(
                item,
                by=request.user,
                uploads=form.uploads,
                kind=given["kind"],
                caption=given["caption"],
                taken_on=given["taken_on"],
            )
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("%(count)s files are kept as evidence. Next: apply for sign-off, or add more.")
                % {"count": len(made)},
            )
            return go_to(request, item.get_absolute_url())
    return render_part(
        request,
        "rectification/evidence_add.html",
        "rectification/_evidence_form.html",
        {"campaign": item.campaign, "item": item, "form": form},
        status=422 if form.errors else 200,
    )


def _evidence_or_404(request: Request, campaign_pk: int, number: int, key: uuid.UUID) -> Evidence:
    item = item_or_404(request, campaign_pk, number)
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user).for_page(request.user), item=item, key=key
    )
    evidence.item = item
    return evidence


@require_GET
@needs("rectification.open_evidence")
def evidence(request: Request, campaign_pk: int, number: int, key: uuid.UUID) -> HttpResponse:
    """One piece at a size that can be judged, with the next one a press away."""
    piece = _evidence_or_404(request, campaign_pk, number, key)
    standing = [
        one
        for one in Evidence.objects.filter(item=piece.item).for_page(request.user)
        if one.withdrawn_at is None or one == piece
    ]
    at = standing.index(piece)
    context = {
        "campaign": piece.item.campaign,
        "item": piece.item,
        "evidence": piece,
        "place": at + 1,
        "total": len(standing),
        "before": standing[at - 1] if at else None,
        "after": standing[at + 1] if at + 1 < len(standing) else None,
        "is_shown": piece.content_type in files.SHOWN_IN_PLACE,
    }
    return render(request, "rectification/evidence_detail.html", context)


@require_GET
@needs("rectification.open_evidence")
def evidence_file(request: Request, campaign_pk: int, number: int, key: uuid.UUID) -> HttpResponse:
    """The shown copy itself; that it was opened is recorded, because a verifier vouches for it."""
    piece = _evidence_or_404(request, campaign_pk, number, key)
    response = files.send(
        piece.shown_path,
        name=piece.file_name,
        content_type=piece.content_type,
        download="download" in request.GET,
    )
    actions.open_evidence(piece, by=request.user)
    return response  # type: ignore[return-value]


evidence_file.records_reading = "who opened which evidence is part of sign-off"  # type: ignore[attr-defined]


@require_GET
@needs("rectification.open_evidence")
def evidence_thumb(request: Request, campaign_pk: int, number: int, key: uuid.UUID) -> HttpResponse:
    """A small picture for the list; to see one is not to have opened it."""
    piece = _evidence_or_404(request, campaign_pk, number, key)
    if not piece.is_picture:
        raise Http404
    response = HttpResponse(files.thumbnail(piece.shown_path), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response


@require_http_methods(["GET", "POST"])
@needs("rectification.add_evidence")
def withdraw_evidence(
    request: Request, campaign_pk: int, number: int, key: uuid.UUID
) -> HttpResponse:
    item = item_for(request, campaign_pk, number, "rectification.add_evidence")
    piece = get_object_or_404(Evidence, item=item, key=key)
    piece.item = item
    form = WithdrawEvidenceForm(posted(request))
    return _small_form(
        request,
        item,
        form,
        lambda: actions.withdraw_evidence(
            piece, by=request.user, reason=form.cleaned_data["reason"]
        ),
        title=_("Withdraw evidence"),
        button=_("Withdraw"),
        done=_("The evidence is withdrawn; it stays listed as withdrawn."),
        context={"quoted": f"{piece.file_name} · {piece.caption}"},
    )
