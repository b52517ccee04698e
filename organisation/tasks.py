"""What the clock does here."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from organisation.actions import answers


@shared_task
def forget_answers() -> int:
    """Remove the answers kept for repetitions when their day is over."""
    return answers.forget_answers(now=timezone.now())
