"""A round of back-to-back evaluation: who is evaluated, by whom, under which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ballots.models import Election
from campaign.models import Campaign, scope_of
from core.workflow import Stateful
from evaluations.counting.boxes import SmallBoxRule
from evaluations.counting.rules import GradingRules
from evaluations.models.electorate import RollEntry
from evaluations.states import ROUND_KINDS, RoundState
from organisation.models import Person, Unit

if TYPE_CHECKING:
    import datetime as dt

    from django_stubs_ext import StrOrPromise

DIMENSIONS = ("履职尽责", "服务质量", "工作作风", "廉洁自律")
"""The four of the founding plan, section 4 (4)."""
ANNOUNCED = frozenset({RoundState.FROZEN, RoundState.COUNTED, RoundState.PUBLISHED})


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, person: Person) -> RoundQuerySet:
        """Those who run the campaign see every round; a voter and a subject one that is announced."""
        if person.pk is None:
            return self.none()
        scope = scope_of(person)
        votes = RollEntry.objects.filter(electorate__subject__round=OuterRef("pk"), person=person)
        is_subject = Subject.objects.filter(round=OuterRef("pk"), person=person)
        watches = CommissionMember.objects.filter(round=OuterRef("pk"), person=person)
        announced = Q(state__in=ANNOUNCED) & (Q(Exists(votes)) | Q(Exists(is_subject)))
        return self.filter(Q(campaign__in=scope.runs) | Q(Exists(watches)) | announced)

    def voting(self, now: dt.datetime) -> RoundQuerySet:
        """Tickets may be fetched or ballots cast now."""
        return self.filter(
            state=RoundState.FROZEN, tickets_from__lte=now, election__closes_at__gt=now
        )

    def newest_first(self) -> RoundQuerySet:
        return self.order_by("-number", "-pk")


class Round(Stateful):
    """One evaluation of heads. Opens and closes by the clock of its election, once frozen."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="rounds", verbose_name=_("campaign")
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    name = models.CharField(pgettext_lazy("round", "name"), max_length=100)
    period_from = models.DateField(_("evaluated period from"))
    period_to = models.DateField(_("evaluated period to"))
    tickets_from = models.DateTimeField(_("tickets can be fetched from"))
    opens_at = models.DateTimeField(_("voting opens"))
    closes_at = models.DateTimeField(_("voting closes"))
    dimensions = models.JSONField(_("dimensions"), default=list)
    grading = models.JSONField(_("grades and thresholds"), default=dict)
    small_boxes = models.CharField(
        _("groups with too few voters"),
        max_length=10,
        choices=SmallBoxRule,
        default=SmallBoxRule.MERGE,
    )
    with_comments = models.BooleanField(_("voters may write comments"), default=True)
    comment_reviewers = models.ManyToManyField(
        Person,
        blank=True,
        related_name="+",
        verbose_name=_("who reviews comments"),
        help_text=_("Besides the discipline office, for example the union."),
    )
    months_in_post = models.PositiveSmallIntegerField(
        _("evaluated after … months in post"), default=6, validators=[MaxValueValidator(36)]
    )
    skips_break = models.BooleanField(
        _("a round in which somebody was not evaluated ends the count of consecutive grades"),
        default=False,
    )
    state = models.CharField(
        _("state"), max_length=20, choices=RoundState, default=RoundState.PREPARING, editable=False
    )
    election = models.OneToOneField(
        Election,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="round",
        verbose_name=_("election"),
    )
    roll_salt = models.CharField(max_length=32, blank=True, editable=False)
    override = models.CharField(
        _("why it was frozen although the server is not set up for secrecy"),
        max_length=300,
        blank=True,
        editable=False,
    )
    counted_on = models.DateField(_("counted on"), null=True, blank=True, editable=False)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)
    bundle_path = models.CharField(max_length=200, blank=True, editable=False)
    bundle_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    bundle_until = models.DateField(
        _("recount bundle kept until"), null=True, blank=True, editable=False
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    untrailed: ClassVar[frozenset[str]] = Stateful.untrailed | {"roll_salt"}
    objects = RoundQuerySet.as_manager()
    STATE_KINDS: ClassVar[dict[str, str]] = ROUND_KINDS

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "number",
                name="round_number_once_per_campaign",
                violation_error_message=_("There is already a round of this number."),
            ),
            models.CheckConstraint(
                name="round_state_known", condition=Q(state__in=RoundState.values)
            ),
            models.CheckConstraint(
                name="round_small_boxes_known", condition=Q(small_boxes__in=SmallBoxRule.values)
            ),
            models.CheckConstraint(
                name="round_period_ends_after_it_begins",
                condition=Q(period_to__gte=F("period_from")),
                violation_error_message=_("The period would end before it begins."),
            ),
            models.CheckConstraint(
                name="round_tickets_before_votes",
                condition=Q(tickets_from__lte=F("opens_at")),
                violation_error_message=_("Tickets are fetched before voting opens."),
            ),
            models.CheckConstraint(
                name="round_closes_after_it_opens",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("Voting would close before it opens."),
            ),
            models.CheckConstraint(
                name="round_has_its_election_when_frozen",
                condition=Q(state__in=[RoundState.PREPARING, RoundState.CANCELLED])
                | Q(election__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evaluations:round", args=[self.campaign_id, self.number])

    @property
    def stage(self) -> StrOrPromise:
        """The state as people say it, with the clock of a frozen round."""
        if self.state != RoundState.FROZEN:
            return self.get_state_display()
        now = timezone.now()
        for end, words in (
            (self.tickets_from, _("announced")),
            (self.opens_at, _("tickets can be fetched")),
            (self.closes_at, pgettext_lazy("round", "voting is open")),
        ):
            if now < end:
                return words
        return _("voting has closed, to be counted")

    @property
    def kind(self) -> str:
        """The colour of the stage."""
        return ROUND_KINDS[self.state]

    @property
    def rules(self) -> GradingRules:
        """Grades and thresholds; the defaults where nobody has set any."""
        return GradingRules.from_json(self.grading) if self.grading else GradingRules()

    def is_voting(self, now: dt.datetime) -> bool:
        return self.state == RoundState.FROZEN and self.opens_at <= now < self.closes_at


class CommissionMember(models.Model):
    """One of the three who watch over the boxes; each keeps one share of the seal key."""

    SEATS: ClassVar[tuple[int, ...]] = (1, 2, 3)

    round = models.ForeignKey(Round, models.CASCADE, related_name="commission")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("member of the commission")
    )
    seat = models.PositiveSmallIntegerField(_("share number"))
    stands_for = models.CharField(
        _("stands for"), max_length=40, help_text=_("Discipline office, union, staff …")
    )

    class Meta:
        verbose_name = _("member of the commission")
        verbose_name_plural = _("members of the commission")
        constraints = [
            models.UniqueConstraint("round", "seat", name="commission_seat_once"),
            models.UniqueConstraint(
                "round",
                "person",
                name="commission_person_once",
                violation_error_message=_("Three different people keep the shares."),
            ),
            models.CheckConstraint(
                name="commission_has_three_seats", condition=Q(seat__in=(1, 2, 3))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.person}"


class Subject(models.Model):
    """A head who is evaluated in a round, in one of his posts."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="subjects")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="evaluated_as", verbose_name=_("head")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("department"))
    post_title = models.CharField(_("post"), max_length=60)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("evaluated head")
        verbose_name_plural = _("evaluated heads")
        constraints = [
            models.UniqueConstraint(
                "round",
                "person",
                "unit",
                name="subject_once_per_round",
                violation_error_message=_("This head is evaluated already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit}"


class GroupRule(models.TextChoices):
    """How the voters of a group are found. Nobody rates himself, whatever the rule."""

    LEADERS = "leaders", _("leaders of the hospital")
    PEERS = "peers", _("heads of other departments")
    OWN_DEPARTMENT = "own_department", _("staff of the head's own department")
    SERVED = "served", _("staff of the departments that it serves")
    SERVED_HEADS = "served_heads", _("heads of the departments that it serves")
    ALL_STAFF = "all_staff", _("all other staff")
    BY_HAND = "by_hand", _("people chosen by hand")


class VoterGroup(models.Model):
    """A class of voters with its weight, as on paper the ballots A, B, C."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="groups")
    code = models.CharField(_("ballot"), max_length=2)
    name = models.CharField(pgettext_lazy("round", "name"), max_length=40)
    rule = models.CharField(_("who belongs to it"), max_length=20, choices=GroupRule)
    weight = models.PositiveSmallIntegerField(
        _("weight in per cent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    units = models.ManyToManyField(
        Unit,
        blank=True,
        related_name="+",
        verbose_name=_("departments"),
        help_text=_("For departments that are served; none means all."),
    )
    people = models.ManyToManyField(
        Person, blank=True, related_name="+", verbose_name=_("people chosen by hand")
    )

    class Meta:
        verbose_name = _("group of voters")
        verbose_name_plural = _("groups of voters")
        constraints = [
            models.UniqueConstraint(
                "round",
                "code",
                name="group_code_once_per_round",
                violation_error_message=_("There is already a group with this letter."),
            ),
            models.CheckConstraint(name="group_rule_known", condition=Q(rule__in=GroupRule.values)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
