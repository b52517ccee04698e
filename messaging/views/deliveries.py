"""For the administrator: which messages went out and which did not. Never what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from messaging import actions
from messaging.models import Delivery, DeliveryState

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request

DELIVERIES_A_PAGE = 50
MOST_DIGITS = 18


@require_GET
@needs("messaging.view_deliveries")
def delivery_list(request: Request) -> HttpResponse:
    rows = Delivery.objects.visible_to(request.user).select_related("person").newest_first()
    state = request.GET.get("state", "")
    if state in DeliveryState.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, DELIVERIES_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "page": page,
        "state": state,
        "states": DeliveryState.choices,
        "may_send_again": any(row.state == DeliveryState.FAILED for row in page.object_list),
    }
    return render_part(
        request, "messaging/delivery_list.html", "messaging/_delivery_table.html", context
    )


@require_POST
@needs("messaging.send_again")
def send_again(request: Request) -> HttpResponse:
    typed = request.POST.getlist("pk")
    chosen = [int(pk) for pk in typed if pk.isdecimal() and len(pk) <= MOST_DIGITS]
    try:
        count = actions.send_again(chosen, by=request.user)
    except ActionRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("%(n)s messages are on their way again; look here in a minute.") % {"n": count},
        )
    return go_to(request, reverse("messaging:deliveries") + "?state=failed")
