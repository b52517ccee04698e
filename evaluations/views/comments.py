"""Comments before their reviewers: one by one, in random order, and released together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaign.http import campaign_or_404
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, is_swap, render_part
from evaluations import actions
from evaluations.forms.results import ReviewForm
from evaluations.models import CommentDecision, Round
from evaluations.queries import comments as queries

if TYPE_CHECKING:
    import uuid

    from django.http import HttpResponse

    from organisation.http import Request

ROWS_A_PAGE = 20
DECIDED = "decided"


def _round_for_review(request: Request, campaign_pk: int, number: int) -> Round:
    """A counted round whose comments this person reviews. A named reviewer need not vote in it."""
    campaign = campaign_or_404(request, campaign_pk)
    found = get_object_or_404(
        Round.objects.select_related("election"),
        campaign=campaign,
        number=number,
        state__in=queries.COUNTED,
    )
    found.campaign = campaign
    if not request.user.has_perm("evaluations.review_comments", found):
        if Round.objects.visible_to(request.user).filter(pk=found.pk).exists():
            raise PermissionDenied
        raise Http404
    return found


@require_GET
@needs("evaluations.review_comments")
def comments(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Those to be decided on; under “decided” a second look at the others."""
    round_ = _round_for_review(request, campaign_pk, number)
    return _listed(request, round_, request.GET.get("show", ""))


def _listed(request: Request, round_: Round, show: str, refused: str = "") -> HttpResponse:
    everything = queries.about_others(round_, request.user)
    wanted = everything.filter(review__isnull=show != DECIDED)
    page = Paginator(wanted, ROWS_A_PAGE).get_page(request.GET.get("page"))
    left = everything.filter(review__isnull=True).count()
    context = {
        "campaign": round_.campaign,
        "round": round_,
        "page": page,
        "reviewed": queries.reviewed(round_, list(page)),
        "show": show,
        "refused": refused,
        "left": left,
        "total": everything.count(),
        "is_released": queries.is_released(round_),
        "decisions": CommentDecision.choices,
        "here": reverse("results:comments", args=[round_.campaign_id, round_.number]),
    }
    return render_part(
        request,
        "evaluations/comment_list.html",
        "evaluations/_comment_list.html",
        context,
        status=422 if refused else 200,
    )


@require_POST
@needs("evaluations.review_comments")
def review(request: Request, campaign_pk: int, number: int, pk: uuid.UUID) -> HttpResponse:
    round_ = _round_for_review(request, campaign_pk, number)
    comment = get_object_or_404(queries.about_others(round_, request.user), pk=pk)
    form = ReviewForm(request.POST)
    show = request.POST.get("show", "")
    refused = ""
    if form.is_valid():
        try:
            actions.review_comment(comment, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refusal:
            refused = str(refusal)
    else:
        refused = " ".join(str(e) for errors in form.errors.values() for e in errors)
    if is_swap(request) or refused:
        return _listed(request, round_, show, refused)
    query = f"?show={DECIDED}" if show == DECIDED else ""
    return go_to(request, reverse("results:comments", args=[campaign_pk, number]) + query)


@require_POST
@needs("evaluations.review_comments")
def release(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    round_ = _round_for_review(request, campaign_pk, number)
    try:
        actions.release_comments(round_, by=request.user)
    except ActionRefusedError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            _(
                "Released. The heads and the leadership read what you let through, and each writer’s device tells her what became of hers."
            ),
        )
    return go_to(request, reverse("results:comments", args=[campaign_pk, number]))
