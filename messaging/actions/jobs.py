"""Asking for a job, and the life of one in the hands of workers.

Each step of a worker is one conditional ``UPDATE``: whoever does not find the row as he left it
has lost the job to another, and what he made is thrown away.
"""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Any

from celery import signature
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit import trail
from messaging import jobs
from messaging.models import Job, JobState
from organisation.models import Person

if TYPE_CHECKING:
    import datetime as dt

logger = logging.getLogger(__name__)


class JobLostError(Exception):
    """Another worker has the job now, or it is done."""


@transaction.atomic
def request_job(kind: str, arguments: dict[str, Any], *, by: Person, title: str = "") -> Job:
    """Put a job down for a worker. Asked for twice while it is being made, it is made once."""
    jobs.kind(kind)
    Person.objects.select_for_update().get(pk=by.pk)  # a second click waits for the first
    waiting = Job.objects.active().filter(owner=by, kind=kind, arguments=arguments)
    if (job := waiting.newest_first().first()) is not None:
        return job
    job = Job.objects.create(
        owner=by,
        kind=kind,
        arguments=arguments,
        title=title,
        language=translation.get_language() or "",
        lease_until=timezone.now() + jobs.PATIENCE,
    )
    trail.record(
        "messaging.request_job",
        subject=job,
        by=by,
        after={"kind": kind, "title": title},
        detail={"arguments": arguments},
    )
    _call_out(job.pk)
    return job


def request_again(job: Job, *, by: Person) -> Job:
    """Ask anew for a file that failed or was removed: a new job, as things are now."""
    return request_job(job.kind, job.arguments, by=by, title=job.title)


def _call_out(pk: int) -> None:
    transaction.on_commit(signature("messaging.tasks.run_job", (pk,), immutable=True).delay)


def start(pk: int, *, now: dt.datetime) -> Job | None:
    """Take the job, or nothing: somebody else has it."""
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("owner")
            .filter(pk=pk, state=JobState.QUEUED)
            .first()
        )
        if job is None:
            return None
        job.state = JobState.RUNNING
        job.attempts += 1
        job.done = job.total = 0
        job.started_at, job.lease_until = now, now + jobs.LEASE
        job.save()
        return job


def _mine(job: Job) -> Any:
    """The row as long as this attempt is the one that counts."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def renew(job: Job, *, now: dt.datetime, **progress: int) -> None:
    """Tell that the worker lives, and how far it is."""
    if not _mine(job).update(lease_until=now + jobs.LEASE, **progress):
        raise JobLostError


def finish(job: Job, result: jobs.Result) -> None:
    """Put the file away, whole, under a name of this attempt; then let the row point to it."""
    path = default_storage.save(
        f"{job.folder}/{job.attempts}", ContentFile(result.content, name=result.name)
    )
    pointed = _mine(job).update(
        state=JobState.DONE,
        path=path,
        file_name=result.name,
        size=len(result.content),
        sha256=hashlib.sha256(result.content).hexdigest(),
        finished_at=timezone.now(),
        lease_until=None,
        error="",
    )
    if not pointed:
        default_storage.delete(path)
        raise JobLostError
    remove_files(job, but=path)


def fail(job: Job, sentence: str) -> None:
    """End the job with a sentence for the one who asked."""
    _mine(job).update(
        state=JobState.FAILED, error=sentence, finished_at=timezone.now(), lease_until=None
    )


def reconcile(*, now: dt.datetime) -> int:
    """Have done again what was lost: a worker was killed, or a message went astray."""
    found = 0
    for pk in Job.objects.overdue(now).order_by("pk").values_list("pk", flat=True):
        found += _recover(pk, now=now)
    return found


@transaction.atomic
def _recover(pk: int, *, now: dt.datetime) -> bool:
    rows = Job.objects.select_for_update(skip_locked=True).overdue(now)
    job = rows.filter(pk=pk).first()
    if job is None:
        return False
    if job.attempts >= jobs.ATTEMPTS:
        job.state, job.finished_at, job.lease_until = JobState.FAILED, now, None
        with translation.override(job.language or translation.get_language()):
            job.error = _("The worker broke off several times. Tell the system administrator.")
        logger.error("job %s given up after %s attempts", job.key, job.attempts)
    else:
        logger.warning("job %s is called out again, it was %s", job.key, job.state)
        job.state, job.lease_until = JobState.QUEUED, now + jobs.PATIENCE
        _call_out(job.pk)
    job.save()
    return True


def expire(*, now: dt.datetime) -> int:
    """Remove files after their time; the row stays and says so."""
    removed = 0
    for job in Job.objects.outdated(now).order_by("pk"):
        remove_files(job)
        removed += Job.objects.filter(pk=job.pk, state=JobState.DONE).update(
            state=JobState.EXPIRED, path="", size=0
        )
    return removed


def remove_files(job: Job, *, but: str = "") -> None:
    """Also those that a killed attempt left behind."""
    try:
        _folders, names = default_storage.listdir(job.folder)
    except FileNotFoundError:
        return
    for name in names:
        if (path := f"{job.folder}/{name}") != but:
            default_storage.delete(path)
