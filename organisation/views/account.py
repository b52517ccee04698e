"""One's own account: signing in and out, sessions, password, language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, login, logout, update_session_auth_hash
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from core.access import needs, open_to_anyone
from core.errors import ActionRefusedError
from core.htmx import go_to
from organisation import actions, http
from organisation.forms.account import ChangePasswordForm, SignInForm
from organisation.models import SignIn

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from organisation.http import Request

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"  # noqa: S105 -- a path, no password


def where_to(request: HttpRequest) -> str:
    """The page that was asked for before signing in, if it is one of ours."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@open_to_anyone("nobody has signed in before signing in")
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(where_to(request))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.sign_in(
                **form.cleaned_data,
                address=http.address_of(request),
                browser=http.browser_of(request),
            )
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            login(request, person, backend=PASSWORD_BACKEND)
            return redirect(where_to(request))
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    context = {"form": form, "next": wanted}
    status = 422 if form.errors else 200
    return render(request, "organisation/sign_in.html", context, status=status)


@require_POST
@needs("organisation.use_account")
def sign_out(request: Request) -> HttpResponse:
    actions.sign_out(request.user, request.session.session_key or "")
    logout(request)
    messages.success(request, _("You have signed out."))
    return redirect("organisation:sign_in")


@require_GET
@needs("organisation.use_account")
def my_sign_ins(request: Request) -> HttpResponse:
    mine = SignIn.objects.filter(employee_number=request.user.employee_number)
    context = {
        "open": mine.open().newest_first(),
        "earlier": mine.exclude(pk__in=mine.open()).newest_first()[:30],
        "this": request.session.session_key,
        "limit": settings.SIGN_IN_SESSIONS,
    }
    return render(request, "organisation/my_sign_ins.html", context)


@require_POST
@needs("organisation.use_account")
def sign_out_everywhere(request: Request) -> HttpResponse:
    """Everywhere is here too."""
    actions.sign_out_everywhere(request.user, by=request.user)
    logout(request)
    messages.success(request, _("You have been signed out on every device. Sign in again here."))
    return redirect("organisation:sign_in")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@needs("organisation.use_account")
def change_password(request: Request) -> HttpResponse:
    person = request.user
    form = ChangePasswordForm(request.POST or None, person=person)
    if form.is_valid():
        was, key = person.must_change_password, request.session.session_key or ""
        actions.change_password(
            person, form.cleaned_data["new_password"], by=person, session_key=key
        )
        update_session_auth_hash(request, person)
        actions.follow_session(key, request.session.session_key or "")
        messages.success(
            request, _("Your password has been changed. All your other sessions have ended.")
        )
        return go_to(request, resolve_url("desk:home" if was else "organisation:me"))
    context = {"form": form, "is_due": person.must_change_password}
    status = 422 if form.errors else 200
    return render(request, "organisation/change_password.html", context, status=status)


@require_POST
@open_to_anyone("the sign-in page offers both languages")
def choose_language(request: HttpRequest) -> HttpResponse:
    """Kept for this browser in a cookie, and for whoever has signed in, with the person."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        actions.choose_language(request.user, language, by=request.user)
    return set_language(request)
