"""Tokens for other systems: one's own, and for the administrator all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from organisation import actions
from organisation.forms.tokens import TokenForm
from organisation.models import ApiToken

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request
    from organisation.models.tokens import ApiTokenQuerySet

TOKENS_A_PAGE = 50


@require_GET
@needs("organisation.use_tokens")
def my_tokens(request: Request) -> HttpResponse:
    mine = ApiToken.objects.filter(person=request.user).select_related("person")
    return _list(request, mine.newest_first(), is_overview=False)


@require_GET
@needs("organisation.oversee_tokens")
def all_tokens(request: Request) -> HttpResponse:
    everybodys = ApiToken.objects.visible_to(request.user).select_related("person")
    return _list(request, everybodys.newest_first(), is_overview=True)


def _list(request: Request, tokens: ApiTokenQuerySet, *, is_overview: bool) -> HttpResponse:
    page = Paginator(tokens, TOKENS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {"page": page, "is_overview": is_overview}
    return render_part(
        request, "organisation/token_list.html", "organisation/_token_table.html", context
    )


@never_cache
@require_http_methods(["GET", "POST"])
@needs("organisation.use_tokens")
def make_token(request: Request) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            token, text = actions.make_token(request.user, by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            context = {"token": token, "text": text}
            return render(request, "organisation/token_once.html", context)
    page = "organisation/entry_form.html"
    asked: dict[str, object] = {
        "form": form,
        "title": _("New API token"),
        "back": reverse("organisation:my_tokens"),
    }
    return render_part(request, page, page, asked, status=422 if form.errors else 200)


@require_POST
@needs("organisation.revoke_token")
def revoke_token(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    try:
        actions.revoke_token(token, by=request.user)
    except ActionRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("“%(name)s” is withdrawn; the system that uses it is let in no more.")
            % {"name": token.name},
        )
    is_own = token.person_id == request.user.pk
    return go_to(request, reverse(f"organisation:{'my' if is_own else 'all'}_tokens"))
