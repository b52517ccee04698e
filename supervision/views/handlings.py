"""How people were dealt with, for the few who may know; and the unit's letterhead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from campaign.actions import next_number, set_letterhead
from campaign.http import campaign_for, campaign_or_404
from campaign.models import Letterhead
from core.access import needs
from core.htmx import render_part
from core.official import Number, OfficialPaper
from rectification.http import posted
from supervision import actions
from supervision.filters import HandlingFilter
from supervision.forms import FinalForm, HandlingForm, LetterheadForm, NamingForm
from supervision.http import handling_for
from supervision.models import Handling
from supervision.views.answering import answered, small_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from organisation.http import Request
    from organisation.models import Unit

ROWS_A_PAGE = 50


@require_GET
@needs("supervision.view_handlings")
def handlings(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_for(request, campaign_pk, "supervision.view_handlings")
    found = HandlingFilter(request.GET, campaign=campaign, by=request.user)
    person = request.user
    context = {
        "campaign": campaign,
        "filter": found,
        "page": Paginator(found.rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "is_by_person": bool(found.form.is_valid() and found.form.cleaned_data.get("people")),
        "is_filtered": bool(request.GET),
        "may_record": person.has_perm("supervision.record_handling", campaign),
        "may_name": person.has_perm("supervision.approve_naming", campaign),
    }
    return render_part(
        request, "supervision/handling_list.html", "supervision/_handling_table.html", context
    )


@require_http_methods(["GET", "POST"])
@needs("supervision.record_handling")
def add_handling(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_for(request, campaign_pk, "supervision.record_handling")
    blank = Handling(campaign=campaign, recorded_by=request.user)
    form = HandlingForm(posted(request), campaign=campaign, by=request.user, instance=blank)
    back = reverse("supervision:handlings", args=[campaign.pk])
    return small_form(
        request,
        form,
        lambda: actions.record_handling(campaign, by=request.user, **form.cleaned_data),
        title=_("Record how a person was dealt with"),
        button=_("Save"),
        back=back,
        done=lambda: _("Recorded. Nobody is named in a report before a principal approves it."),
        campaign=campaign,
    )


Step = tuple["type[forms.Form]", "Callable[..., Any]", str, "StrOrPromise", "StrOrPromise"]
STEPS: dict[str, Step] = {
    "conclude": (
        FinalForm,
        actions.conclude_handling,
        "supervision.record_handling",
        gettext_lazy("Declare the handling final"),
        gettext_lazy("It is final. A principal may now approve naming."),
    ),
    "name": (
        NamingForm,
        actions.approve_naming,
        "supervision.approve_naming",
        gettext_lazy("Approve naming in reports"),
        gettext_lazy("The name may stand in reports of this item from now on."),
    ),
    "mask": (
        NamingForm,
        actions.withdraw_naming,
        "supervision.approve_naming",
        gettext_lazy("Withdraw the approval of naming"),
        gettext_lazy("The name is masked again in every report not yet issued."),
    ),
}


@require_http_methods(["GET", "POST"])
@needs("supervision.view_handlings")
def handling_step(request: Request, campaign_pk: int, pk: int, step: str) -> HttpResponse:
    """Declare it final; approve naming; withdraw that."""
    if step not in STEPS:
        raise Http404
    form_class, act, permission, title, words = STEPS[step]
    handling = handling_for(request, campaign_pk, pk, permission)
    form = form_class(posted(request))
    return small_form(
        request,
        form,
        lambda: act(handling, by=request.user, **form.cleaned_data),
        title=title,
        button=title,
        back=reverse("supervision:handlings", args=[campaign_pk]),
        done=lambda: str(words),
        campaign=handling.campaign,
        quoted=str(handling),
    )


@require_http_methods(["GET", "POST"])
@needs("campaign.set_letterhead")
def letterhead(request: Request, campaign_pk: int) -> HttpResponse:
    """What the host unit's papers show at head and foot."""
    campaign = campaign_or_404(request, campaign_pk)
    if not request.user.has_perm("campaign.set_letterhead", campaign.host):
        raise PermissionDenied
    host = campaign.host
    kept = Letterhead.objects.filter(unit=host).first() or Letterhead(unit=host)
    form = LetterheadForm(posted(request), instance=kept)
    return answered(
        request,
        form,
        lambda: set_letterhead(host, by=request.user, **form.cleaned_data),
        page="supervision/letterhead_edit.html",
        part="supervision/_letterhead_form.html",
        context={
            "campaign": campaign,
            "paper": _sample(host),
        },
        done=lambda: _("The letterhead is saved. Papers issued before stay as they are."),
        back=reverse("supervision:letterhead", args=[campaign.pk]),
    )


def _sample(host: Unit) -> OfficialPaper:
    """The frame of the next paper, as it would be issued today."""
    kept = Letterhead.objects.filter(unit=host).first() or Letterhead(unit=host)
    today = timezone.localdate()
    serial = next_number(host, word=kept.number_word, year=today.year)
    return OfficialPaper(
        title="",
        body=(),
        mark=kept.mark,
        number=Number(kept.number_word, today.year, serial),
        signature=kept.signing_organ,
        date=today,
        has_seal=kept.has_seal,
        printed_by=kept.printing_office,
        printed_on=today,
    )
