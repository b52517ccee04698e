"""What other systems are told of exposure: number, dates, link. Never what the report says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from messaging.actions import announce
from messaging.models import WebhookEvent

if TYPE_CHECKING:
    from supervision.models import ExposureMeeting


def tell_of_issue(meeting: ExposureMeeting, *, state: str) -> None:
    """In the transaction of the issue; ``state`` is the one that the meeting comes to."""
    announce(
        WebhookEvent.EXPOSED,
        unit=meeting.campaign.host,
        payload={
            "number": str(meeting.document_number),
            "campaign": meeting.campaign.code,
            "meeting": meeting.number,
            "state": state,
            "issued_on": meeting.issued_on and meeting.issued_on.isoformat(),
            "held_on": meeting.held_on.isoformat(),
            "link": settings.SITE_URL + meeting.get_absolute_url(),
        },
        key=f"{WebhookEvent.EXPOSED}:{meeting.pk}",
    )
