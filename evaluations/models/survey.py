"""Satisfaction with departments, measured without accounts and published with its formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ballots.models import Box, Election
from campaign.models import Campaign, scope_of
from core.workflow import Stateful
from evaluations.counting.satisfaction import Answers, Points
from evaluations.states import SURVEY_KINDS, SurveyState
from organisation.models import Person, Unit

if TYPE_CHECKING:
    import datetime as dt


SMALLEST_MINIMUM = 10


class Audience(models.TextChoices):
    STAFF = "staff", pgettext_lazy("audience", "staff")
    PUBLIC = "public", pgettext_lazy("audience", "patients and the public")


class Access(models.TextChoices):
    OPEN = "open", _("open link on a poster")
    ONE_TIME = "one_time", _("one-time codes handed out")


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, person: Person) -> SurveyQuerySet:
        """Those who run the campaign, and everybody in it once the figures are published."""
        if person.pk is None:
            return self.none()
        scope = scope_of(person)
        published = Q(state=SurveyState.PUBLISHED, campaign__in=scope.seen)
        return self.filter(Q(campaign__in=scope.runs) | published)

    def newest_first(self) -> SurveyQuerySet:
        return self.order_by("-closes_at", "-pk")

    def over(self, now: dt.datetime) -> SurveyQuerySet:
        """Open, and past their closing time."""
        return self.filter(state=SurveyState.OPEN, closes_at__lte=now)


class Survey(Stateful):
    """One measuring of satisfaction, of several departments at once."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="surveys", verbose_name=_("campaign")
    )
    name = models.CharField(pgettext_lazy("survey", "name"), max_length=100)
    audience = models.CharField(_("who is asked"), max_length=10, choices=Audience)
    access = models.CharField(_("how people get in"), max_length=10, choices=Access)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    expected = models.PositiveIntegerField(
        _("about how many will answer about one department"),
        default=2000,
        validators=[MinValueValidator(10), MaxValueValidator(100_000)],
        help_text=_("Only makes room: nobody is turned away when more answer."),
    )
    minimum = models.PositiveSmallIntegerField(
        _("published from … valid answers"),
        default=SMALLEST_MINIMUM,
        validators=[MinValueValidator(SMALLEST_MINIMUM)],
        help_text=_("Below it only how many answered is kept, and no figure is published."),
    )
    satisfied = models.PositiveSmallIntegerField(
        _("points of “satisfied”"), default=100, validators=[MaxValueValidator(100)]
    )
    fairly = models.PositiveSmallIntegerField(
        _("points of “fairly satisfied”"), default=70, validators=[MaxValueValidator(100)]
    )
    dissatisfied = models.PositiveSmallIntegerField(
        _("points of “dissatisfied”"), default=0, validators=[MaxValueValidator(100)]
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=SurveyState,
        default=SurveyState.PREPARING,
        editable=False,
    )
    election = models.OneToOneField(
        Election, models.PROTECT, null=True, blank=True, editable=False, related_name="survey"
    )
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    objects = SurveyQuerySet.as_manager()
    STATE_KINDS: ClassVar[dict[str, str]] = SURVEY_KINDS

    class Meta:
        verbose_name = _("satisfaction survey")
        verbose_name_plural = _("satisfaction surveys")
        constraints = [
            models.CheckConstraint(
                name="survey_state_known", condition=Q(state__in=SurveyState.values)
            ),
            models.CheckConstraint(
                name="survey_audience_known", condition=Q(audience__in=Audience.values)
            ),
            models.CheckConstraint(
                name="survey_access_known", condition=Q(access__in=Access.values)
            ),
            models.CheckConstraint(
                name="survey_closes_after_it_opens",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("The survey would close before it opens."),
            ),
            models.CheckConstraint(
                name="survey_minimum_protects",
                condition=Q(minimum__gte=SMALLEST_MINIMUM),
                violation_error_message=_("Figures from fewer than 10 answers are not published."),
            ),
            models.CheckConstraint(
                name="survey_points_fall",
                condition=Q(satisfied__gt=F("fairly"), fairly__gt=F("dissatisfied")),
                violation_error_message=_("Each answer has fewer points than the one before."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("satisfaction:survey", args=[self.campaign_id, self.pk])

    @property
    def points(self) -> Points:
        return Points(self.satisfied, self.fairly, self.dissatisfied)

    @property
    def is_counted(self) -> bool:
        return self.state in {SurveyState.CLOSED, SurveyState.PUBLISHED}


class SurveyTarget(models.Model):
    """A department that is asked about. Figures are null until the survey has closed."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("department"))
    box = models.OneToOneField(
        Box, models.PROTECT, null=True, blank=True, editable=False, related_name="survey_target"
    )
    windows = models.JSONField(_("windows"), default=list, blank=True)
    """Names of the windows that have a poster of their own; none is one for the whole department."""
    issued = models.PositiveIntegerField(
        pgettext_lazy("satisfaction", "issued"),
        null=True,
        blank=True,
        help_text=_("How many were asked or got a code."),
    )
    returned = models.PositiveIntegerField(
        pgettext_lazy("satisfaction", "returned"), null=True, blank=True, editable=False
    )
    valid = models.PositiveIntegerField(
        pgettext_lazy("satisfaction", "valid"), null=True, blank=True, editable=False
    )
    counts = models.JSONField(
        pgettext_lazy("satisfaction", "answers"), null=True, blank=True, editable=False
    )
    """Valid answers by kind; null where too few were given to keep more than how many."""

    class Meta:
        verbose_name = _("surveyed department")
        verbose_name_plural = _("surveyed departments")
        constraints = [
            models.UniqueConstraint("survey", "unit", name="survey_asks_once_about_a_unit"),
            models.CheckConstraint(
                name="survey_counts_come_with_how_many",
                condition=Q(counts__isnull=True)
                | Q(returned__isnull=False, valid__isnull=False, valid__lte=F("returned")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} · {self.unit}"

    @property
    def answers(self) -> Answers | None:
        """What was answered; nothing before the count, and where too few did."""
        return Answers(**self.counts) if self.counts else None
