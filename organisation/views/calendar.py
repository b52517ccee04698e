"""The working calendar: a page per year, and the correction of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from organisation import actions, queries
from organisation.forms.calendar import CorrectDayForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request

FIRST_YEAR, LAST_YEAR = 2000, 2100


@require_GET
@needs("organisation.view_calendar")
def this_year(request: Request) -> HttpResponse:
    return redirect("organisation:calendar", timezone.localdate().year)


@require_GET
@needs("organisation.view_calendar")
def year_page(request: Request, year: int) -> HttpResponse:
    _known(year)
    context: dict[str, object] = {
        "shown": queries.year_shown(year),
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "today": timezone.localdate(),
        "may_change": request.user.has_perm("organisation.change_calendar"),
    }
    page = "organisation/calendar_year.html"
    return render_part(request, page, page, context)


@require_http_methods(["GET", "POST"])
@needs("organisation.change_calendar")
def correct_day(request: Request, year: int) -> HttpResponse:
    _known(year)
    form = CorrectDayForm(request.POST or None, year=year, initial={"day": request.GET.get("day")})
    if form.is_valid():
        try:
            made = actions.correct_day(by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("Version %(version)s counts from now on; deadlines already set stay as they are.")
                % {"version": made.version},
            )
            return go_to(request, reverse("organisation:calendar", args=[year]))
    page = "organisation/calendar_correct.html"
    context: dict[str, object] = {"form": form, "year": year}
    return render_part(request, page, page, context, status=422 if form.errors else 200)


def _known(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
