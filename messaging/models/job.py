"""Jobs: what a person asked for that takes longer than a page may."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging import jobs
from organisation.models import Person

if TYPE_CHECKING:
    import datetime as dt

    from django.core.files.base import File


class JobState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("job", "waiting")
    RUNNING = "running", pgettext_lazy("job", "being made")
    DONE = "done", pgettext_lazy("job", "ready")
    FAILED = "failed", pgettext_lazy("job", "failed")
    EXPIRED = "expired", pgettext_lazy("job", "removed after 30 days")


ACTIVE = (JobState.QUEUED, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, person: Person) -> JobQuerySet:
        """A file is kept for the one who asked for it; it shows what he may see, not others."""
        return self.filter(owner=person)

    def active(self) -> JobQuerySet:
        return self.filter(state__in=ACTIVE)

    def overdue(self, now: dt.datetime) -> JobQuerySet:
        """Jobs whose worker, or whose turn, has not been heard of in time."""
        return self.active().filter(lease_until__lt=now)

    def outdated(self, now: dt.datetime) -> JobQuerySet:
        return self.filter(state=JobState.DONE, finished_at__lt=now - jobs.KEPT)

    def newest_first(self) -> JobQuerySet:
        return self.order_by("-created_at", "-pk")


class Job(models.Model):
    """A file to be made by a worker. The row is the truth; a message to a worker only hurries it.

    ``lease_until`` is when the worker (or, while waiting, the queue) must have been heard of.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        Person, models.PROTECT, related_name="jobs", verbose_name=_("asked for by")
    )
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict)
    state = models.CharField(
        _("state"), max_length=20, choices=JobState.choices, default=JobState.QUEUED
    )
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), default=0)
    lease_until = models.DateTimeField(_("must be heard of by"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    path = models.CharField(_("path"), max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = JobQuerySet.as_manager()

    STATE_KINDS: ClassVar[dict[str, str]] = {
        JobState.QUEUED: "paused",
        JobState.RUNNING: "remind",
        JobState.DONE: "normal",
        JobState.FAILED: "overdue",
        JobState.EXPIRED: "none",
    }

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="job_by_owner"),
            models.Index(
                fields=["lease_until"], name="job_by_lease", condition=Q(state__in=ACTIVE)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_state_is_known",
                condition=Q(state__in=JobState.values),
                violation_error_message=_("A job has no such state."),
            ),
            models.CheckConstraint(
                name="job_has_its_file_when_done",
                condition=~Q(state=JobState.DONE) | ~Q(path="") & ~Q(sha256=""),
                violation_error_message=_("A job that is done has a file."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.label

    def get_absolute_url(self) -> str:
        return reverse("messaging:job", args=[self.key])

    @property
    def label(self) -> str:
        return jobs.label_of(self.kind)

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_ready(self) -> bool:
        return self.state == JobState.DONE

    @property
    def percent(self) -> int | None:
        """How far, where the job can say it."""
        return min(100 * self.done // self.total, 100) if self.total else None

    @property
    def folder(self) -> str:
        return f"jobs/{self.key}"

    @property
    def kept_until(self) -> dt.datetime | None:
        return self.finished_at + jobs.KEPT if self.finished_at else None

    def open(self) -> File:
        return default_storage.open(self.path)
