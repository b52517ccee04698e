"""What the leadership and the discipline office read: rounds, one round, one head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from audit import trail
from campaign.http import campaign_for, campaign_or_404
from core.access import needs
from core.official import render_official
from core.workflow import steps_open_to
from evaluations import states
from evaluations.documents.circular import circular_paper
from evaluations.models import Statement
from evaluations.models.result import appeal_until
from evaluations.queries import outcomes as queries
from evaluations.queries.comments import digest_of, is_released, words_for_leaders
from evaluations.queries.standing import standing
from evaluations.queries.waiting import DUTIES, waiting_rows
from evaluations.views.results.finding import (
    appeal_of,
    as_pdf,
    confirmation_of,
    consequence_of,
    published_or_404,
    subject_for,
)
from evaluations.workbooks.results import write_results

if TYPE_CHECKING:
    from evaluations.models import Subject
    from organisation.http import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs("evaluations.view_results")
def round_list(request: Request, campaign_pk: int) -> HttpResponse:
    """Rounds whose results are out, for those who read them all."""
    campaign = campaign_for(request, campaign_pk, "evaluations.view_results")
    context = {"campaign": campaign, "rounds": queries.published_rounds(campaign)}
    return render(request, "evaluations/result_list.html", context)


@require_GET
@needs("evaluations.view_results")
def rounds(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """Every head of one round, in the order of the roll; nobody is ranked."""
    round_ = published_or_404(request, campaign_pk, number)
    told = queries.outcomes(round_, request.user)
    context = {
        "campaign": round_.campaign,
        "round": round_,
        "outcomes": told,
        "summary": queries.summary(round_, told),
        "digest": digest_of(round_),
        "is_released": is_released(round_),
        "rules": round_.rules,
    }
    return render(request, "evaluations/result_round.html", context)


@require_GET
@needs("evaluations.view_results")
def circular(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    """The overall circular as PDF: figures without names."""
    round_ = published_or_404(request, campaign_pk, number)
    told = queries.outcomes(round_, request.user)
    content = render_official(circular_paper(round_, told))
    return as_pdf(content, f"{round_.name}情况通报.pdf")


@require_GET
@needs("evaluations.view_results")
def workbook(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    round_ = published_or_404(request, campaign_pk, number)
    response = HttpResponse(content_type=XLSX)
    write_results(response, round_, queries.outcomes(round_, request.user))  # type: ignore[arg-type]
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{round_.name}评议结果（内部资料）.xlsx"
    )
    return response


@require_GET
@needs("evaluations.view_results")
def head(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """One head's result, how it was reached, and what was decided. His own he reads elsewhere."""
    subject = subject_for(request, campaign_pk, number, pk, "evaluations.view_results")
    if subject.person_id == request.user.pk:
        return redirect("results:own", campaign_pk, number, pk)
    return render(request, "evaluations/result_head.html", head_context(request, subject))


def head_context(request: Request, subject: Subject) -> dict[str, object]:
    """All that is known of a head's result by those who decide about it."""
    person, round_ = request.user, subject.round
    told = queries.outcome(subject, person)
    assert told is not None  # noqa: S101 -- found by the same query
    told = queries.Outcome(subject, told.shown, told.earlier)
    confirmation, consequence = confirmation_of(subject), consequence_of(request, subject)
    appeal = appeal_of(subject)
    steps = steps_open_to(consequence, states.CONSEQUENCE_STEPS, person) if consequence else []
    about = [one for one in (confirmation, consequence, appeal) if one is not None]
    return {
        "campaign": round_.campaign,
        "round": round_,
        "subject": subject,
        "outcome": told,
        "dimensions": queries.dimension_figures(told.shown, round_),
        "rules": round_.rules,
        "margin": queries.margin(told.shown, round_) if told.is_poor else None,
        "standing": standing(subject, if_confirmed=confirmation is None) if told.is_poor else None,
        "statement": Statement.objects.filter(subject=subject).first(),
        "confirmation": confirmation,
        "consequence": consequence,
        "appeal": appeal,
        "appeal_until": appeal_until(subject),
        "words": words_for_leaders(subject),
        "steps": {step.name for step in steps},
        "may_confirm": confirmation is None
        and told.is_poor
        and person.has_perm("evaluations.confirm_grade", subject),
        "may_decide": confirmation is not None
        and confirmation.is_confirmed
        and consequence is None
        and person.has_perm("evaluations.decide_consequence", subject),
        "may_judge": appeal is not None
        and appeal.state == states.AppealState.FILED
        and person.has_perm("evaluations.judge_appeal", subject),
        "timeline": trail.entries(about)[::-1],
    }


@require_GET
@needs("evaluations.view_round")
def waiting(request: Request, campaign_pk: int, duty: str) -> HttpResponse:
    """All that waits for this reader under one verb. Here, and not in messages, heads are named."""
    campaign = campaign_or_404(request, campaign_pk)
    wanted = next((one for one in DUTIES if one.key == duty), None)
    if wanted is None:
        raise Http404
    rows = waiting_rows(wanted, request.user, timezone.localdate(), campaign.pk)
    context = {
        "campaign": campaign,
        "duty": wanted,
        "rows": [(subject, n, wanted.url(subject.round, subject.pk)) for subject, n in rows],
    }
    return render(request, "evaluations/result_waiting.html", context)
