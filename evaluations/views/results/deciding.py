"""The forms of the Party committee and of the discipline office about one head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import files
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to
from core.official import render_official
from evaluations import actions, states
from evaluations.counting.ladder import Rung
from evaluations.documents.letter import NAMES, drawn, issue
from evaluations.documents.talk import decision_paper
from evaluations.forms.results import (
    CarryOutForm,
    ConfirmForm,
    DecideForm,
    JudgeForm,
    WordsForm,
)
from evaluations.models import Consequence
from evaluations.views.results.finding import (
    appeal_of,
    as_pdf,
    confirmation_of,
    consequence_of,
    consequence_or_404,
    head_url,
    subject_for,
    subject_or_404,
)
from evaluations.views.results.reading import head_context
from evaluations.views.rounds.answering import answered, posted

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from evaluations.models import Subject
    from organisation.http import Request

FORM = "evaluations/result_form.html", "evaluations/_result_form.html"


def decided(
    request: Request,
    subject: Subject,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    title: StrOrPromise,
    done: Callable[[], str],
    **context: Any,
) -> HttpResponse:
    """A form beside all that is known of the head's result."""
    page, part = FORM
    back = head_url(subject)
    known = head_context(request, subject)
    return answered(
        request,
        form,
        act,
        page=page,
        part=part,
        context={**known, "title": title, "button": title, "back": back, **context},
        done=done,
        back=back,
    )


def too_late(request: Request, subject: Subject) -> HttpResponse:
    """Somebody else has done it meanwhile."""
    messages.warning(request, _("This has been done already, or cannot be done any more."))
    return go_to(request, head_url(subject))


@require_http_methods(["GET", "POST"])
@needs("evaluations.confirm_grade")
def confirm(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    subject = subject_for(request, campaign_pk, number, pk, "evaluations.confirm_grade")
    if confirmation_of(subject) is not None:
        return too_late(request, subject)
    form = ConfirmForm(posted(request))

    def done() -> str:
        if form.cleaned_data["is_confirmed"]:
            return _("Confirmed. Now decide on the measure; a proposal is made.")
        return _("Not confirmed. Nothing follows from this grade, and it is not counted.")

    return decided(
        request,
        subject,
        form,
        lambda: actions.confirm_grade(subject, by=request.user, **form.cleaned_data),
        title=_("Decide on the confirmation"),
        done=done,
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.decide_consequence")
def decide(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """The ladder proposes; what is chosen, and why, is the committee's."""
    subject = subject_for(request, campaign_pk, number, pk, "evaluations.decide_consequence")
    confirmation = confirmation_of(subject)
    if confirmation is None:
        raise Http404
    if not confirmation.is_confirmed or consequence_of(request, subject) is not None:
        return too_late(request, subject)
    form = DecideForm(posted(request), initial={"rung": confirmation.proposed})

    def done() -> str:
        if form.cleaned_data["rung"] == Rung.NONE:
            return _("Decided: no measure. The matter is closed.")
        return _("Decided. The discipline office carries it out now.")

    return decided(
        request,
        subject,
        form,
        lambda: actions.decide_consequence(confirmation, by=request.user, **form.cleaned_data),
        title=_("Decide on the measure"),
        done=done,
    )


def _measure(
    request: Request, campaign_pk: int, number: int, pk: int, permission: str
) -> tuple[Subject, Consequence]:
    subject = subject_for(request, campaign_pk, number, pk, permission)
    return subject, consequence_or_404(request, subject)


@require_http_methods(["GET", "POST"])
@needs("evaluations.carry_out")
def carry_out(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """Write the letter or the record; pressed once, it is drawn, kept and never changed."""
    subject, measure = _measure(request, campaign_pk, number, pk, "evaluations.carry_out")
    if measure.state not in states.CARRY_OUT.sources:
        return too_late(request, subject)
    form = CarryOutForm(posted(request), consequence=measure, today=timezone.localdate())
    has_paper = measure.rung in Consequence.PAPERS
    return decided(
        request,
        subject,
        form,
        lambda: issue(measure, by=request.user, execution=form.execution()),
        title=_("Issue the paper and carry it out") if has_paper else _("Record the execution"),
        done=lambda: _(
            "Carried out. The head reads it now; the day of the follow-up is noted for you."
        ),
        draft_url=head_url(subject, "draft") if has_paper else "",
    )


@require_POST
@needs("evaluations.carry_out")
def draft(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """The paper as it would be issued, marked as a draft and kept nowhere."""
    subject, measure = _measure(request, campaign_pk, number, pk, "evaluations.carry_out")
    if measure.state not in states.CARRY_OUT.sources or measure.rung not in Consequence.PAPERS:
        return too_late(request, subject)
    form = CarryOutForm(request.POST, consequence=measure, today=timezone.localdate())
    refused = ""
    if form.is_valid():
        try:
            return as_pdf(drawn(measure, form.execution(), is_draft=True), "代拟稿.pdf")
        except ActionRefusedError as refusal:
            refused = str(refusal)
    messages.warning(request, refused or _("Fill in what is missing, then look at the draft."))
    return go_to(request, head_url(subject, "carry_out"))


@require_GET
@needs("evaluations.view_round")
def paper(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """The paper that was issued, as it is kept: for readers of grades and for the head himself."""
    subject = subject_or_404(request, campaign_pk, number, pk)
    measure = consequence_or_404(request, subject)
    if not measure.paper_path:
        raise Http404
    return files.send(  # type: ignore[return-value]
        measure.paper_path,
        name=f"{NAMES[measure.rung]}.pdf",
        content_type=files.PDF.content_type,
        download="download" in request.GET,
    )


@require_GET
@needs("evaluations.view_results")
def sheet(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    """The sheet for the committee, drawn from what has been decided so far."""
    subject = subject_for(request, campaign_pk, number, pk, "evaluations.view_results")
    known = head_context(request, subject)
    confirmation = known["confirmation"]
    if confirmation is None or subject.person_id == request.user.pk:
        raise Http404
    told = decision_paper(known["outcome"], confirmation, known["consequence"])  # type: ignore[arg-type]
    return as_pdf(render_official(told), "认定及处理审批表.pdf")


@require_http_methods(["GET", "POST"])
@needs("evaluations.carry_out")
def follow_up(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    subject, measure = _measure(request, campaign_pk, number, pk, "evaluations.carry_out")
    if measure.state not in states.FOLLOW_UP.sources:
        return too_late(request, subject)
    form = WordsForm(posted(request), label=_("What the follow-up found"), most=4000)
    return decided(
        request,
        subject,
        form,
        lambda: actions.follow_up(measure, by=request.user, found=form.cleaned_data["text"]),
        title=_("Record the follow-up and close"),
        done=lambda: _("The follow-up is recorded, and the matter is closed."),
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.decide_consequence")
def withdraw(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    subject, measure = _measure(request, campaign_pk, number, pk, "evaluations.decide_consequence")
    if measure.state not in states.WITHDRAW.sources:
        return too_late(request, subject)
    form = WordsForm(posted(request), label=_("Why it is withdrawn"), most=1000)
    return decided(
        request,
        subject,
        form,
        lambda: actions.withdraw_consequence(
            measure, by=request.user, reason=form.cleaned_data["text"]
        ),
        title=_("Withdraw the measure"),
        done=lambda: _("The measure is withdrawn."),
        is_grave=True,
    )


@require_http_methods(["GET", "POST"])
@needs("evaluations.judge_appeal")
def judge(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    subject = subject_for(request, campaign_pk, number, pk, "evaluations.judge_appeal")
    appeal = appeal_of(subject)
    if appeal is None:
        raise Http404
    if appeal.state not in states.UPHOLD.sources:
        return too_late(request, subject)
    form = JudgeForm(posted(request))
    return decided(
        request,
        subject,
        form,
        lambda: actions.judge_appeal(appeal, by=request.user, **form.cleaned_data),
        title=_("Answer the appeal"),
        done=lambda: _("The appeal is answered; the head reads it on his own page."),
    )
