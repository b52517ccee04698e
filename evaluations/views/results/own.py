"""A head's own result: what he reads of it, says to it and answers. Of others he sees nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from campaign.http import campaign_or_404
from core.access import needs
from evaluations import actions, states
from evaluations.forms.results import WordsForm
from evaluations.models import Statement
from evaluations.models.result import appeal_until
from evaluations.queries import outcomes as queries
from evaluations.queries.comments import is_released, words_for_the_head
from evaluations.views.results.finding import (
    appeal_of,
    confirmation_of,
    consequence_of,
    consequence_or_404,
    head_url,
    subject_or_404,
)
from evaluations.views.rounds.answering import answered, posted

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from evaluations.models import Subject
    from organisation.http import Request


@require_GET
@needs("evaluations.view_own_result")
def mine(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    context = {"campaign": campaign, "outcomes": queries.own_outcomes(campaign, request.user)}
    return render(request, "evaluations/result_mine.html", context)


def _own(request: Request, campaign_pk: int, number: int, pk: int) -> Subject:
    """His own result; anybody else's is not there. Its sister in another campaign is his own list."""
    request.page_in_campaign = "results:mine"  # type: ignore[attr-defined]
    subject = subject_or_404(request, campaign_pk, number, pk)
    if subject.person_id != request.user.pk:
        raise Http404
    return subject


@require_GET
@needs("evaluations.view_own_result")
def own(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    subject = _own(request, campaign_pk, number, pk)
    return render(request, "evaluations/result_own.html", _context(request, subject))


def _context(request: Request, subject: Subject) -> dict[str, object]:
    round_ = subject.round
    told = queries.outcome(subject, request.user)
    assert told is not None  # noqa: S101 -- found by the same query
    confirmation, appeal = confirmation_of(subject), appeal_of(subject)
    consequence = consequence_of(request, subject)
    until = appeal_until(subject)
    return {
        "campaign": round_.campaign,
        "round": round_,
        "subject": subject,
        "outcome": queries.Outcome(subject, told.shown, told.earlier),
        "dimensions": queries.dimension_figures(told.shown, round_),
        "rules": round_.rules,
        "words": words_for_the_head(subject),
        "is_released": is_released(round_),
        "statement": Statement.objects.filter(subject=subject).first(),
        "confirmation": confirmation,
        "consequence": consequence,
        "appeal": appeal,
        "appeal_until": until,
        "may_state": confirmation is None,
        "may_appeal": appeal is None and until is not None and timezone.localdate() <= until,
        "may_answer": consequence is not None
        and consequence.state in states.ANSWER.sources
        and consequence.reply_due_on is not None,
    }


def _said(
    request: Request,
    subject: Subject,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    title: StrOrPromise,
    done: Callable[[], str],
    hint: StrOrPromise,
) -> HttpResponse:
    back = head_url(subject, "own")
    round_ = subject.round
    return answered(
        request,
        form,
        act,
        page="evaluations/result_say.html",
        part="evaluations/_result_form.html",
        context={
            "campaign": round_.campaign,
            "round": round_,
            "subject": subject,
            "title": title,
            "button": title,
            "hint": hint,
            "back": back,
        },
        done=done,
        back=back,
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.state_views")
def statement(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    subject = _own(request, campaign_pk, number, pk)
    given = Statement.objects.filter(subject=subject).first()
    form = WordsForm(
        posted(request), label=_("My view"), initial={"text": given.text if given else ""}
    )
    return _said(
        request,
        subject,
        form,
        lambda: actions.state_views(subject, by=request.user, text=form.cleaned_data["text"]),
        title=_("State my view"),
        done=lambda: _(
            "Your view is recorded. Who decides reads it; until then you can change it here."
        ),
        hint=_("Read by the Party committee, the leading group and the discipline office alone."),
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.state_views")
def appeal(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    subject = _own(request, campaign_pk, number, pk)
    form = WordsForm(posted(request), label=_("What I appeal against, and why"))
    return _said(
        request,
        subject,
        form,
        lambda: actions.file_appeal(subject, by=request.user, text=form.cleaned_data["text"]),
        title=_("Appeal"),
        done=lambda: _("Your appeal is filed. A principal answers it; you read the answer here."),
        hint=_(
            "You can ask to have the count or the decision examined, once. The ballots stay sealed; the commission can count them again."
        ),
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.answer_consequence")
def answer(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    subject = _own(request, campaign_pk, number, pk)
    measure = consequence_or_404(request, subject)
    form = WordsForm(posted(request), label=_("My answer"), most=4000)
    return _said(
        request,
        subject,
        form,
        lambda: actions.answer_consequence(
            measure, by=request.user, text=form.cleaned_data["text"]
        ),
        title=_("Answer in writing"),
        done=lambda: _("Your answer is handed in. The discipline office has it now."),
        hint=_("What you found when you looked into it, what you change, and by when."),
    )
