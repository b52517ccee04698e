"""The working calendar: our own versioned data, which a library only seeds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    WORKING = "working", _("working day")
    REST = "rest", _("rest day")
    MAKE_UP = "make_up", _("make-up working day")


class CalendarYear(models.Model):
    """One year in one version. The newest version counts; older ones stay, because clocks name them."""

    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"))
    source = models.CharField(_("source"), max_length=200)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        constraints = [
            models.UniqueConstraint("year", "version", name="calendar_version_once_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"


class CalendarDay(models.Model):
    """What kind of day a date is, and why."""

    calendar = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days")
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind)
    name = models.CharField(_("reason"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = [
            models.UniqueConstraint("calendar", "date", name="calendar_day_once"),
            models.CheckConstraint(name="day_kind_known", condition=Q(kind__in=DayKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"
