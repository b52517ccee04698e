"""What the clock does in evaluations. Each is safe to run twice, also at once."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from evaluations.actions import forget_bundles as forget
from evaluations.actions import surveys
from organisation.models import SYSTEM


@shared_task(acks_late=True)
def close_surveys() -> int:
    """Every minute: put keys back that a restart took, count what is over, tidy up after a kill."""
    surveys.look_after_keys()
    return surveys.close_what_is_over(timezone.now(), by=SYSTEM)


@shared_task(acks_late=True)
def forget_bundles() -> int:
    """Every day: destroy recount bundles whose time for appeals is over."""
    return forget(timezone.localdate())
