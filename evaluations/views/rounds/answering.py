"""How a form about a round is answered: do it and go on, or show what was wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from core.documents import MissingGlyphError
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms

    from evaluations.models import Round
    from organisation.http import Request


def posted(request: Request) -> Any:
    """What a form is bound to. One without any field is posted too, with nothing in it."""
    return request.POST if request.method == "POST" else None


def answered(
    request: Request,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    page: str,
    part: str,
    context: dict[str, Any],
    done: Callable[[], str],
    back: str | Callable[[], str],
) -> HttpResponse:
    """``done`` and ``back`` are asked after the act, because it may decide what they say."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done())
            return go_to(request, back if isinstance(back, str) else back())
    status = 422 if form.errors else 200
    return render_part(request, page, part, {**context, "form": form}, status=status)


def small_form(
    request: Request,
    form: forms.BaseForm,
    act: Callable[[], Any],
    round_: Round,
    *,
    back: str = "",
    next_page: str = "",
    done: Callable[[], str],
    **context: Any,
) -> HttpResponse:
    """A form of a field or two on a page of its own."""
    back = back or round_.get_absolute_url()
    return answered(
        request,
        form,
        act,
        page="evaluations/round_small_form.html",
        part="evaluations/_round_small_form.html",
        context={
            "campaign": round_.campaign,
            "round": round_,
            "back": back,
            "words": "",
            **context,
        },
        done=done,
        back=next_page or back,
    )


def too_late(request: Request, round_: Round) -> HttpResponse:
    messages.warning(
        request,
        _("Nothing can be changed now: the state is “%(state)s”.")
        % {"state": round_.get_state_display()},
    )
    return go_to(request, round_.get_absolute_url())


def file(content: bytes | str, name: str, kind: str, *, shown: bool = False) -> HttpResponse:
    """A file that was made for this one answer, and is kept nowhere."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment=not shown, filename=name)
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def paper(
    request: Request, round_: Round, draw: Callable[[Round], bytes], name: str
) -> HttpResponse:
    """A PDF to look at; a character that no font has is said on the round's page."""
    try:
        content = draw(round_)
    except MissingGlyphError as missing:
        messages.error(request, str(missing))
        return go_to(request, round_.get_absolute_url())
    return file(content, f"{round_.name}{name}.pdf", "application/pdf", shown=True)
