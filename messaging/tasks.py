"""What workers do, and the clock that looks after them. Each is safe to run twice, also at once."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from celery import shared_task
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import ActionRefusedError
from messaging import actions, channels, jobs
from messaging.actions import planning, sending, webhooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from messaging.models import Job

logger = logging.getLogger(__name__)
SELDOM = 0.5  # seconds between two notes of progress
TURN = 55.0  # seconds that one sender goes on before another takes its turn
SENDERS = 4
A_HANDFUL = 25
"""So many messages are worth a sender of their own, up to ``SENDERS`` at once."""


@shared_task(acks_late=True)
def run_job(pk: int) -> bool:
    """Do a job that is waiting. Called twice, one of the two finds nothing to do."""
    job = actions.start(pk, now=timezone.now())
    if job is None:
        return False
    with translation.override(job.language or settings.LANGUAGE_CODE):
        try:
            with _kept_alive(job):
                result = jobs.kind(job.kind).work(
                    job.arguments, by=job.owner, progress=_Progress(job)
                )
            actions.finish(job, result)
        except actions.JobLostError:
            logger.warning("job %s was taken over from attempt %s", job.key, job.attempts)
            return False
        except ActionRefusedError as refusal:
            actions.fail(job, str(refusal))
        except Exception:
            logger.exception("job %s failed", job.key)
            actions.fail(
                job, _("The file could not be made. The administrator finds the reason in the log.")
            )
    return True


@shared_task(acks_late=True)
def reconcile_jobs() -> int:
    """Have lost jobs done again and remove files after their time."""
    now = timezone.now()
    actions.expire(now=now)
    return actions.reconcile(now=now)


@shared_task(acks_late=True)
def remind() -> int:
    """Every minute: plan what is due, end what is too late, and call out those who send it."""
    now = timezone.now()
    planning.plan(now)
    planning.plan_urgent(now)
    sending.settle(now)
    due = sending.under_way(now)
    for _nth in range(min(SENDERS, -(-due // A_HANDFUL))):
        deliver.delay()
    return due


@shared_task(acks_late=True)
def deliver() -> int:
    """Send one message after the other until none is due, or the next minute's turn has come."""
    end = time.monotonic() + TURN
    sent = 0
    with channels.Post() as post:
        while time.monotonic() < end and (delivery := sending.take(timezone.now())):
            sending.send(delivery, post, now=timezone.now())
            sent += 1
    return sent


@shared_task(acks_late=True)
def tell_webhooks() -> int:
    """Send other systems what is due. Run twice at once, each message is sent by one of the two.

    One that does not answer holds a worker up for a turn at most; the next turn goes on.
    """
    sent, end = 0, time.monotonic() + TURN
    while time.monotonic() < end and (delivery := webhooks.take(timezone.now())) is not None:
        sent += webhooks.send(delivery, now=timezone.now())
    return sent


class _Progress:
    """Writes down how far a job is, but not a hundred times a second."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() < self._next and done < total:
            return
        self._next = time.monotonic() + SELDOM
        actions.renew(self._job, now=timezone.now(), done=done, total=total)


@contextmanager
def _kept_alive(job: Job) -> Iterator[None]:
    """Renew the lease while the work goes on, also when it says nothing for minutes."""
    over = threading.Event()
    keeper = threading.Thread(target=_renew_until, args=(job, over), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _renew_until(job: Job, over: threading.Event) -> None:
    end = timezone.now() + jobs.LONGEST
    try:
        while not over.wait((jobs.LEASE / 3) / dt.timedelta(seconds=1)) and timezone.now() < end:
            actions.renew(job, now=timezone.now())
    except actions.JobLostError:
        return
    finally:
        connection.close()
