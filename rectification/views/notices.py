"""Public notices: read by everybody in the institution, objected to by anybody in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from campaign.http import campaign_or_404
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from rectification import actions, queries
from rectification.forms import DecideObjectionForm, NoticeObjectionForm
from rectification.http import item_for, notice_or_404, posted
from rectification.models import LedgerItem, NoticeObjection
from rectification.views.item import tell

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request


@require_GET
@needs("rectification.object_to_notice")
def notices(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    items = LedgerItem.objects.on_notice_to(request.user).filter(campaign=campaign)
    seen = set(
        LedgerItem.objects.visible_to(request.user)
        .filter(campaign=campaign, pk__in=items.values("pk"))
        .values_list("pk", flat=True)
    )
    context = {
        "campaign": campaign,
        "notices": [(notice, notice.item.pk in seen) for notice in queries.notices(items)],
    }
    return render(request, "rectification/notice_list.html", context)


@require_http_methods(["GET", "POST"])
@needs("rectification.object_to_notice")
def object_to_notice(request: Request, campaign_pk: int, number: int) -> HttpResponse:
    campaign, item = notice_or_404(request, campaign_pk, number)
    form = NoticeObjectionForm(posted(request))
    back = reverse("rectification:notices", args=[campaign.pk])
    [notice] = queries.notices(LedgerItem.objects.filter(pk=item.pk))
    if request.method == "POST" and form.is_valid():
        try:
            actions.object_to_notice(item, by=request.user, text=form.cleaned_data["text"])
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _(
                    "Your objection to %(code)s is received. The campaign office or the discipline "
                    "office decides it; until then nothing is signed off."
                )
                % {"code": item.code},
            )
            return go_to(request, back)
    return render_part(
        request,
        "rectification/notice_object.html",
        "rectification/_small_form.html",
        {
            "campaign": campaign,
            "item": item,
            "notice": notice,
            "form": form,
            "back": back,
            "button": _("Submit the objection"),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@needs("rectification.end_notice")
def decide_objection(request: Request, campaign_pk: int, number: int, pk: int) -> HttpResponse:
    item = item_for(request, campaign_pk, number, "rectification.end_notice")
    objection = get_object_or_404(
        NoticeObjection.objects.select_related("by", "attempt__item"), pk=pk, attempt__item=item
    )
    form = DecideObjectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.decide_notice_objection(
                objection,
                by=request.user,
                upheld=given["decision"] == DecideObjectionForm.UPHOLD,
                answer=given["answer"],
            )
        except ActionRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, item, _("The objection to %(code)s is decided."))
            return go_to(request, item.get_absolute_url())
    return render_part(
        request,
        "rectification/item_small_form.html",
        "rectification/_small_form.html",
        {
            "campaign": item.campaign,
            "item": item,
            "form": form,
            "title": _("Decide the objection"),
            "quoted": objection.text,
            "back": item.get_absolute_url(),
            "button": _("Decide"),
        },
        status=422 if form.errors else 200,
    )
