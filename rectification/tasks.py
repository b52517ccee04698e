"""What the clock does in the ledger."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from rectification import notifications


@shared_task(acks_late=True)
def announce_overdue() -> int:
    """Tell other systems of items whose deadline has passed. Run twice, each is told once."""
    return notifications.tell_of_overdue(timezone.localdate())
