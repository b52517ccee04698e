"""The exposure meeting with its report, and the cases it speaks of."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, DocumentNumber, scope_of
from core.workflow import Stateful
from organisation.models import Person, Post, PostKind, Unit
from rectification.models import LedgerItem
from supervision.states import ISSUED, MEETING_KINDS, MeetingState

MOST_AHEAD = dt.timedelta(days=10 * 366)


LEADERS_OF_THE_HOST = (PostKind.VICE_PRESIDENT, PostKind.DISCIPLINE_SECRETARY)


class ExposureMeetingQuerySet(models.QuerySet["ExposureMeeting"]):
    def visible_to(self, person: Person) -> ExposureMeetingQuerySet:
        """Office, discipline office and leading group see every meeting from its first draft on; the
        other leaders of the unit one that is issued; a department one whose report was sent to it, or that exposes it, once it is issued; a bureau
        what was issued below it.
        """
        if person.pk is None:
            return self.none()
        scope = scope_of(person)
        sent = Distribution.objects.filter(
            meeting=OuterRef("pk"), unit__in=scope.works_in | scope.acts_for
        )
        exposed = ExposureCase.objects.included().filter(
            meeting=OuterRef("pk"),
            department__in=scope.acts_for | scope.charge,
            kind=CaseKind.PROBLEM,
        )
        leads = Post.objects.on(timezone.localdate()).filter(
            person=person.pk, unit=OuterRef("campaign__host"), kind__in=LEADERS_OF_THE_HOST
        )
        issued = (
            Q(campaign__in=scope.bureau) | Q(Exists(leads)) | Q(Exists(sent)) | Q(Exists(exposed))
        )
        return self.filter(Q(campaign__in=scope.runs) | Q(state__in=ISSUED) & issued)

    def issued(self) -> ExposureMeetingQuerySet:
        return self.filter(state__in=ISSUED)

    def newest_first(self) -> ExposureMeetingQuerySet:
        return self.order_by("-number", "-pk")

    def for_list(self) -> ExposureMeetingQuerySet:
        """With its document number, how many cases it tells of (what is kept back for want of a
        handling is nobody's to count), and how many departments acknowledged.
        """
        cases = ExposureCase.objects.filter(meeting=OuterRef("pk")).included().order_by()
        sent = Distribution.objects.filter(meeting=OuterRef("pk")).order_by()
        return self.select_related("campaign", "document_number").annotate(
            case_count=_count(cases),
            sent_count=_count(sent),
            acknowledged_count=_count(sent.filter(acknowledged_at__isnull=False)),
        )


def _count(rows: models.QuerySet) -> models.Expression:
    counted = rows.values("meeting").annotate(n=models.Count("pk")).values("n")
    return models.functions.Coalesce(models.Subquery(counted), 0)


class ExposureMeeting(Stateful):
    """One number of the bimonthly series: when and where it meets, and the report read there."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="exposure_meetings", verbose_name=_("campaign")
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    held_on = models.DateField(_("date of the meeting"))
    starts_at = models.TimeField(_("begins at"), default=dt.time(15, 0))
    place = models.CharField(_("place"), max_length=100)
    chair = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair")
    )
    attendees = models.CharField(_("attendees"), max_length=300, blank=True)
    agenda = models.TextField(
        _("agenda"), blank=True, max_length=4000, help_text=_("One point on each line.")
    )
    red_days = models.PositiveSmallIntegerField(
        _("overdue for more than … days makes a candidate"), default=30
    )

    title = models.CharField(_("title of the report"), max_length=100)
    recipient = models.CharField(_("main recipient"), max_length=100)
    intro = models.TextField(_("introduction"), max_length=2000)
    overall = models.TextField(_("overall situation"), max_length=4000, blank=True)
    causes = models.TextField(_("analysis of causes"), max_length=4000, blank=True)
    requirements = models.TextField(_("requirements"), max_length=4000, blank=True)
    feedback_due_on = models.DateField(_("written feedback by"), null=True, blank=True)
    copies_to = models.CharField(_("copied to"), max_length=200, blank=True)

    state = models.CharField(
        _("state"),
        max_length=20,
        choices=MeetingState,
        default=MeetingState.PREPARING,
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
    return_reason = models.TextField(_("why the report was returned"), blank=True, editable=False)
    document_number = models.OneToOneField(
        DocumentNumber,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="exposure_meeting",
        verbose_name=_("document number"),
    )
    issued_on = models.DateField(_("date of issue"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
        editable=False,
    )
    opinion = models.TextField(_("opinion of the leader"), blank=True, editable=False)

    objects = ExposureMeetingQuerySet.as_manager()
    STATE_KINDS: ClassVar[dict[str, str]] = MEETING_KINDS

    class Meta:
        verbose_name = _("exposure meeting")
        verbose_name_plural = _("exposure meetings")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "number",
                name="exposure_number_once_per_campaign",
                violation_error_message=_("There is already a meeting of this number."),
            ),
            models.CheckConstraint(
                name="exposure_state_known", condition=Q(state__in=MeetingState.values)
            ),
            models.CheckConstraint(
                name="exposure_period_ends_after_it_begins",
                condition=Q(period_to__gte=F("period_from")),
                violation_error_message=_("The period would end before it begins."),
            ),
            models.CheckConstraint(
                name="exposure_meets_after_its_period_began",
                condition=Q(held_on__gte=F("period_from")),
                violation_error_message=_("The meeting would lie before its period."),
            ),
            models.CheckConstraint(
                name="exposure_number_and_date_only_when_issued",
                condition=Q(
                    state__in=ISSUED,
                    document_number__isnull=False,
                    issued_on__isnull=False,
                    approved_by__isnull=False,
                )
                | (
                    ~Q(state__in=ISSUED)
                    & Q(
                        document_number__isnull=True,
                        issued_on__isnull=True,
                        approved_by__isnull=True,
                    )
                ),
            ),
            models.CheckConstraint(
                name="exposure_not_approved_by_who_submitted",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                violation_error_message=_("Who submitted a report does not approve it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.number}"

    def clean(self) -> None:
        """A day so far ahead is a slip of the keyboard, and the next meeting is counted from it."""
        days = [self.period_to, self.held_on, self.feedback_due_on]
        latest = timezone.localdate() + MOST_AHEAD
        if any(day is not None and day > latest for day in days):
            raise ValidationError(_("A day of the meeting lies more than ten years ahead."))

    def get_absolute_url(self) -> str:
        return reverse("supervision:meeting", args=[self.campaign_id, self.number])

    @property
    def is_issued(self) -> bool:
        return self.state in ISSUED

    @property
    def agenda_points(self) -> list[str]:
        return [line.strip() for line in self.agenda.splitlines() if line.strip()]


class CaseKind(models.TextChoices):
    PROBLEM = "problem", _("typical problem")
    GOOD = "good", _("good example")


class ExposureCaseQuerySet(models.QuerySet["ExposureCase"]):
    def visible_to(self, person: Person) -> ExposureCaseQuerySet:
        """As it was written, with the names in it: those who run the campaign. Everybody else reads
        the report, where names are masked.
        """
        return self.filter(meeting__campaign__in=scope_of(person).runs)

    def included(self) -> ExposureCaseQuerySet:
        """What the report speaks of: good examples, and problems whose handling is concluded."""
        return self.filter(Q(kind=CaseKind.GOOD) | Q(handling_concluded_on__isnull=False))

    def in_order(self) -> ExposureCaseQuerySet:
        return self.order_by("-kind", "position", "pk")


class ExposureCase(models.Model):
    """A typical problem, or a good example, as the report tells it.

    What is written here is about the matter; names of people are taken out again wherever others
    read it, unless naming was approved (see ``supervision.masking``).
    """

    meeting = models.ForeignKey(ExposureMeeting, models.CASCADE, related_name="cases")
    kind = models.CharField(_("kind"), max_length=10, choices=CaseKind, default=CaseKind.PROBLEM)
    item = models.ForeignKey(
        LedgerItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exposure_cases",
        verbose_name=_("ledger item"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("heading"), max_length=60)
    happened = models.CharField(
        _("time"), max_length=60, blank=True, help_text=_("As the report says it.")
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    facts = models.TextField(_("facts"), max_length=3000, blank=True)
    nature = models.TextField(_("nature"), max_length=1000, blank=True)
    department = models.ForeignKey(
        Unit, models.PROTECT, related_name="exposure_cases", verbose_name=_("department")
    )
    handling = models.TextField(_("result of the handling"), max_length=2000, blank=True)
    handling_concluded_on = models.DateField(_("handling concluded on"), null=True, blank=True)
    due_on = models.DateField(_("to be put right by"), null=True, blank=True)
    exposed_on = models.DateField(_("exposed on"), null=True, blank=True, editable=False)

    objects = ExposureCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(name="case_kind_known", condition=Q(kind__in=CaseKind.values)),
            models.UniqueConstraint(
                "meeting",
                "item",
                name="case_once_per_meeting",
                violation_error_message=_("This item is already a case of the meeting."),
            ),
            models.CheckConstraint(
                name="case_of_a_problem_has_its_item",
                condition=~Q(kind=CaseKind.PROBLEM) | Q(item__isnull=False),
                violation_error_message=_("A typical problem is one of the ledger."),
            ),
            models.CheckConstraint(
                name="case_exposed_only_when_concluded",
                condition=Q(exposed_on__isnull=True)
                | Q(kind=CaseKind.GOOD)
                | Q(handling_concluded_on__isnull=False),
                violation_error_message=_("Expose only what has been handled."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse(
            "supervision:case", args=[self.meeting.campaign_id, self.meeting.number, self.pk]
        )

    @property
    def is_problem(self) -> bool:
        return self.kind == CaseKind.PROBLEM

    @property
    def is_included(self) -> bool:
        return not self.is_problem or self.handling_concluded_on is not None


class Distribution(models.Model):
    """The report on its way to a department, and the department's acknowledgement."""

    meeting = models.ForeignKey(ExposureMeeting, models.PROTECT, related_name="distributions")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="exposure_reports", verbose_name=_("department")
    )
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        constraints = [
            models.UniqueConstraint("meeting", "unit", name="report_sent_once_to_a_unit"),
            models.CheckConstraint(
                name="acknowledged_by_and_at_together",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} → {self.unit}"


class PaperKind(models.TextChoices):
    REPORT = "report", _("report (PDF)")
    REPORT_DOCX = "report_docx", _("report (Word)")
    AGENDA = "agenda", _("agenda (PDF)")
    STATISTICS = "statistics", _("statistics (PDF)")


FOR_DEPARTMENTS = (PaperKind.REPORT, PaperKind.AGENDA)


class IssuedPaperQuerySet(models.QuerySet["IssuedPaper"]):
    def visible_to(self, person: Person) -> IssuedPaperQuerySet:
        """To whom the meeting is visible; figures about people and the Word file go no further than
        those who run the campaign and the bureau above.
        """
        if person.pk is None:
            return self.none()
        scope = scope_of(person)
        meetings = ExposureMeeting.objects.visible_to(person)
        above = Q(meeting__campaign__in=scope.runs | scope.bureau)
        return self.filter(above | Q(kind__in=FOR_DEPARTMENTS), meeting__in=meetings)


class IssuedPaper(models.Model):
    """A paper as it was issued, kept with its hash and never drawn again."""

    meeting = models.ForeignKey(ExposureMeeting, models.PROTECT, related_name="papers")
    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind)
    file_name = models.CharField(_("file name"), max_length=200)
    path = models.CharField(max_length=200, unique=True)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)

    objects = IssuedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued paper")
        verbose_name_plural = _("issued papers")
        constraints = [
            models.UniqueConstraint("meeting", "kind", name="paper_issued_once"),
            models.CheckConstraint(name="paper_kind_known", condition=Q(kind__in=PaperKind.values)),
        ]

    def __str__(self) -> str:
        return self.file_name
