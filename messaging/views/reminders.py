"""How I am reminded: the channel, a test, the calendar of my deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import needs, open_to_anyone
from core.errors import ActionRefusedError
from core.htmx import go_to
from messaging import actions, channels, sources
from messaging.documents import calendar_file
from messaging.forms import ChoiceForm
from messaging.models import CalendarLink, Delivery, ReminderChoice
from messaging.queries import hours

if TYPE_CHECKING:
    from django.http import HttpRequest

    from organisation.http import Request

LAST_SHOWN = 10


@never_cache
@require_http_methods(["GET", "POST"])
@needs("messaging.choose_reminders")
def choice(request: Request) -> HttpResponse:
    person = request.user
    kept = ReminderChoice.objects.filter(person=person).first() or ReminderChoice(person=person)
    initial = {
        "channel": kept.channel if channels.channel(kept.channel) else channels.NONE,
        "address": kept.address,
        "wants_digest": kept.wants_digest,
    }
    form = ChoiceForm(request.POST or None, person=person, initial=initial)
    if form.is_valid():
        chosen = actions.choose(by=person, **form.cleaned_data)
        messages.success(request, _saved(chosen))
        return go_to(request, reverse("messaging:choice"))
    mine = Delivery.objects.filter(person=person).newest_first()
    context = {
        "form": form,
        "link": CalendarLink.objects.filter(person=person).first(),
        "deliveries": mine[:LAST_SHOWN],
        "hours": hours(),
    }
    status = 422 if form.errors else 200
    return render(request, "messaging/reminder_choice.html", context, status=status)


def _saved(chosen: ReminderChoice) -> str:
    if chosen.channel == channels.NONE:
        return _("Saved. No message is sent to you; what waits is always in your work queue.")
    return _("Saved. Send yourself a test message to see that it arrives.")


@require_POST
@needs("messaging.choose_reminders")
def send_test(request: Request) -> HttpResponse:
    try:
        actions.send_test(by=request.user)
    except ActionRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("A test message is on its way. Below you see in a minute whether it was sent."),
        )
    return go_to(request, reverse("messaging:choice"))


@never_cache
@require_POST
@needs("messaging.choose_reminders")
def make_calendar_link(request: Request) -> HttpResponse:
    """The page with the link is shown this once; only a hash of the secret is kept."""
    secret = actions.make_calendar_link(by=request.user)
    url = request.build_absolute_uri(reverse("messaging:calendar_feed", args=[secret]))
    return render(request, "messaging/calendar_link_once.html", {"url": url})


@require_POST
@needs("messaging.choose_reminders")
def end_calendar_link(request: Request) -> HttpResponse:
    try:
        actions.end_calendar_link(by=request.user)
    except ActionRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The link is ended; it opens nothing any more."))
    return go_to(request, reverse("messaging:choice"))


@require_GET
@cache_control(private=True, max_age=900)
@open_to_anyone("a calendar program cannot sign in: the secret in the address is the key")
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    link = (
        CalendarLink.objects.filter(
            secret_hash=CalendarLink.hash_of(secret), person__is_active=True
        )
        .select_related("person")
        .first()
    )
    if link is None:
        raise Http404
    with translation.override(link.person.language or translation.get_language()):
        content = calendar_file(sources.entries_of(link.person))
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
