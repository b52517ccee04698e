"""How a form of this app is answered: do it and go on, or show what was wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages

from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from supervision import queries
from supervision.models import ExposureMeeting

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from organisation.http import Request


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
    return render_part(
        request, page, part, {**context, "form": form}, status=422 if form.errors else 200
    )


def small_form(
    request: Request,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    title: StrOrPromise,
    button: StrOrPromise,
    back: str,
    done: Callable[[], str],
    next_page: Callable[[], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """A form of a field or two on a page of its own."""
    return answered(
        request,
        form,
        act,
        page="supervision/small_form.html",
        part="supervision/_small_form.html",
        context={"title": title, "button": button, "back": back, **context},
        done=done,
        back=next_page or back,
    )


def and_who_has_it(words: str, meeting: ExposureMeeting) -> str:
    """What is done, and who has the report now: read afresh, because the step changed it."""
    now = ExposureMeeting.objects.select_related("campaign").get(pk=meeting.pk)
    return f"{words} {queries.turn(now).words}"
