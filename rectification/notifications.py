"""What other systems are told of an item: number, state, dates, link. Never what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from messaging.actions import announce, announce_each
from messaging.models import Webhook, WebhookEvent
from rectification.models import LedgerItem

if TYPE_CHECKING:
    import datetime as dt

    from rectification.models import Attempt


def payload_of(item: LedgerItem, state: str) -> dict[str, Any]:
    return {
        "number": item.code,
        "campaign": item.campaign.code,
        "state": state,
        "deadline": item.due_on and item.due_on.isoformat(),
        "original_deadline": item.original_due_on and item.original_due_on.isoformat(),
        "closed_on": item.closed_on and item.closed_on.isoformat(),
        "link": settings.SITE_URL + item.get_absolute_url(),
    }


def tell_of_sign_off(item: LedgerItem, attempt: Attempt, *, state: str) -> None:
    """In the transaction of the sign-off; ``state`` is the one that the item comes to."""
    announce(
        WebhookEvent.CLOSED,
        unit=item.campaign.host,
        payload=payload_of(item, state),
        key=f"{WebhookEvent.CLOSED}:{attempt.pk}",
    )


def tell_of_overdue(today: dt.date) -> int:
    """Each overdue item once for each deadline that it misses; said before is not said again."""
    told = Webhook.objects.told_of(WebhookEvent.OVERDUE)
    items = (
        LedgerItem.objects.overdue(today)
        .filter(campaign__host__in=told.values("unit"))
        .select_related("campaign")
        .order_by("pk")
    )
    return announce_each(
        WebhookEvent.OVERDUE,
        (
            (
                item.campaign.host_id,
                payload_of(item, item.state),
                f"{WebhookEvent.OVERDUE}:{item.pk}:{item.due_on}",
            )
            for item in items.iterator(1000)
        ),
    )
