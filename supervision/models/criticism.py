"""The self-criticism of an exposed department, and what it pledges."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models import scope_of
from core.workflow import Stateful
from organisation.models import Person
from rectification.models import Measure
from supervision.models.meeting import ExposureCase
from supervision.states import CRITICISM_KINDS, ISSUED, CriticismState


class SelfCriticismQuerySet(models.QuerySet["SelfCriticism"]):
    def visible_to(self, person: Person) -> SelfCriticismQuerySet:
        """The office, the discipline office, the leading group, and the department that writes it."""
        if person.pk is None:
            return self.none()
        scope = scope_of(person)
        return self.filter(
            Q(case__meeting__campaign__in=scope.runs)
            | Q(case__department__in=scope.acts_for, case__meeting__state__in=ISSUED)
        )


class SelfCriticism(Stateful):
    """What the principal of an exposed department says: the cause, who answers, what is pledged."""

    case = models.OneToOneField(ExposureCase, models.PROTECT, related_name="criticism")
    cause = models.TextField(_("cause"), max_length=3000, blank=True)
    responsibility = models.TextField(_("responsibility"), max_length=2000, blank=True)
    pledge = models.TextField(_("pledge"), max_length=2000, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True, editable=False)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=CriticismState,
        default=CriticismState.AWAITED,
        editable=False,
    )
    submitted_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
        editable=False,
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    return_reason = models.TextField(_("why it was returned"), blank=True, editable=False)

    objects = SelfCriticismQuerySet.as_manager()
    STATE_KINDS: ClassVar[dict[str, str]] = CRITICISM_KINDS

    class Meta:
        verbose_name = _("self-criticism")
        verbose_name_plural = _("self-criticisms")
        constraints = [
            models.CheckConstraint(
                name="criticism_state_known", condition=Q(state__in=CriticismState.values)
            ),
            models.CheckConstraint(
                name="criticism_submitted_is_whole",
                condition=Q(state=CriticismState.AWAITED)
                | (
                    ~Q(cause="")
                    & ~Q(responsibility="")
                    & ~Q(pledge="")
                    & Q(submitted_by__isnull=False, submitted_at__isnull=False)
                ),
                violation_error_message=_("State the cause, the responsibility and the pledge."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}"

    def get_absolute_url(self) -> str:
        meeting = self.case.meeting
        return reverse(
            "supervision:criticism", args=[meeting.campaign_id, meeting.number, self.case_id]
        )


class Pledge(models.Model):
    """One thing pledged. It counts when a dated measure of the ledger stands behind it."""

    criticism = models.ForeignKey(SelfCriticism, models.CASCADE, related_name="pledges")
    text = models.CharField(_("what is pledged"), max_length=500)
    due_on = models.DateField(_("by"), null=True, blank=True)
    measure = models.ForeignKey(
        Measure,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="pledges",
        verbose_name=_("measure of the ledger"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")

    def __str__(self) -> str:
        return self.text

    @property
    def is_loose(self) -> bool:
        """No dated measure stands behind it."""
        return self.measure is None or self.measure.due_on is None
