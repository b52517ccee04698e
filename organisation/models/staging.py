"""A workbook on its way in: read, shown with every doubt, mended, then taken in whole or not at all."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from organisation.models.person import Person


class StagedWorkbookQuerySet(models.QuerySet["StagedWorkbook"]):
    def visible_to(self, person: Person) -> StagedWorkbookQuerySet:
        """What is on its way in is seen by whoever uploaded it, and by nobody else."""
        return self.filter(uploaded_by=person.pk)

    def with_rows_counted(self) -> StagedWorkbookQuerySet:
        return self.annotate(number_of_rows=models.Count("rows"))

    def newest_first(self) -> StagedWorkbookQuerySet:
        return self.order_by("-uploaded_at", "-pk")


class StagedWorkbook(models.Model):
    """An uploaded workbook before (and, as the record of where rows came from, after) it is taken in."""

    class State(models.TextChoices):
        STAGED = "staged", _("waiting to be taken in")
        COMMITTED = "committed", _("taken in")
        DISCARDED = "discarded", _("discarded")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=30)
    scope_id = models.BigIntegerField(
        null=True, help_text=_("What the rows are for: the campaign, for a list of problems.")
    )
    file_name = models.CharField(_("file name"), max_length=200)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    uploaded_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    state = models.CharField(max_length=20, choices=State, default=State.STAGED)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = StagedWorkbookQuerySet.as_manager()

    class Meta:
        verbose_name = _("staged workbook")
        verbose_name_plural = _("staged workbooks")
        constraints = [
            models.CheckConstraint(
                name="staged_workbook_finished_when_no_longer_staged",
                condition=Q(state="staged", finished_at__isnull=True)
                | (~Q(state="staged") & Q(finished_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class StagedRow(models.Model):
    """One row as the sheet has it, what was mended, and what is still wrong or doubtful."""

    workbook = models.ForeignKey(StagedWorkbook, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=dict)
    mended = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    has_faults = models.BooleanField(default=False)
    identity = models.CharField(
        max_length=200,
        blank=True,
        help_text=_("What must not occur twice in one workbook, such as an employee number."),
    )
    is_left_out = models.BooleanField(_("left out"), default=False)
    result_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("staged row")
        verbose_name_plural = _("staged rows")
        constraints = [
            models.UniqueConstraint("workbook", "sheet", "number", name="staged_row_once"),
        ]
        indexes = [
            models.Index(
                "workbook", "identity", name="staged_row_by_identity", condition=~Q(identity="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workbook_id} {self.sheet} {self.number}"
