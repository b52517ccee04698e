"""For the administrator: which other systems are told of what, and whether they took it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
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
from messaging.actions import webhooks
from messaging.forms import WebhookForm
from messaging.models import Webhook, WebhookDelivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from organisation.http import Request

ROWS_A_PAGE = 50
MANAGE = webhooks.MANAGE


@require_GET
@needs(MANAGE)
def webhook_list(request: Request) -> HttpResponse:
    rows = Webhook.objects.visible_to(request.user).select_related("unit").order_by("made_at", "pk")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {"page": page, "hosts": settings.WEBHOOK_HOSTS}
    return render_part(
        request, "messaging/webhook_list.html", "messaging/_webhook_table.html", context
    )


@never_cache
@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def make_webhook(request: Request) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if form.is_valid():
        try:
            made = webhooks.make_webhook(by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return _secret_once(request, made)
    page = "organisation/entry_form.html"
    context: dict[str, object] = {
        "form": form,
        "title": _("New webhook"),
        "back": reverse("messaging:webhooks"),
    }
    return render_part(request, page, page, context, status=422 if form.errors else 200)


def _secret_once(request: Request, made: Webhook) -> HttpResponse:
    """The only page on which a secret ever stands."""
    context = {"webhook": made, "secret": webhooks.secret_text(made)}
    return render(request, "messaging/webhook_secret.html", context)


def _webhook_or_404(request: Request, pk: int) -> Webhook:
    rows = Webhook.objects.visible_to(request.user).select_related("unit")
    return get_object_or_404(rows, pk=pk)


@require_GET
@needs(MANAGE)
def webhook(request: Request, pk: int) -> HttpResponse:
    found = _webhook_or_404(request, pk)
    page = Paginator(found.deliveries.newest_first(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {"webhook": found, "page": page}
    return render_part(
        request, "messaging/webhook_detail.html", "messaging/_webhook_log.html", context
    )


@require_POST
@needs(MANAGE)
def ping(request: Request, pk: int) -> HttpResponse:
    found = _webhook_or_404(request, pk)
    said = _("The try-out is on its way; the log below says in a minute whether it was taken.")
    return _done(request, found, lambda: webhooks.ping(found, by=request.user), said)


@require_POST
@needs(MANAGE)
def switch(request: Request, pk: int) -> HttpResponse:
    """Stop it, or start it again."""
    found = _webhook_or_404(request, pk)
    if found.is_active:
        said = _("The webhook is stopped; what is to be told waits until you start it.")
        return _done(request, found, lambda: webhooks.stop_webhook(found, by=request.user), said)
    said = _("The webhook is in use again; what waited is being told now.")
    return _done(request, found, lambda: webhooks.start_webhook(found, by=request.user), said)


@never_cache
@require_POST
@needs(MANAGE)
def renew_secret(request: Request, pk: int) -> HttpResponse:
    return _secret_once(
        request, webhooks.renew_secret(_webhook_or_404(request, pk), by=request.user)
    )


@require_POST
@needs(MANAGE)
def tell_again(request: Request, pk: int, delivery_pk: int) -> HttpResponse:
    found = _webhook_or_404(request, pk)
    delivery = get_object_or_404(WebhookDelivery, webhook=found, pk=delivery_pk)
    said = _("It is on its way again; the log below says in a minute whether it was taken.")
    return _done(request, found, lambda: webhooks.tell_again(delivery, by=request.user), said)


def _done(request: Request, found: Webhook, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except ActionRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return go_to(request, found.get_absolute_url())
