"""What was published of a head, and what the Party committee made of it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ballots.models import Comment
from campaign.models import DocumentNumber, scope_of
from core.workflow import Stateful
from evaluations.counting.ladder import Rung
from evaluations.models.round import Subject
from evaluations.states import (
    APPEAL_KINDS,
    CONSEQUENCE_KINDS,
    AppealState,
    ConsequenceState,
    RoundState,
)
from organisation.models import Person

APPEAL_DAYS = 30
"""So long after the publication, or the confirmation of his grade, a head may appeal."""


def appeal_until(subject: Subject) -> dt.date | None:
    """The last day on which this head may appeal; None before anything was published."""
    since = subject.round.published_on
    if since is None:
        return None
    confirmation = Confirmation.objects.filter(subject=subject).first()
    if confirmation is not None:
        since = max(since, confirmation.decided_on)
    return since + dt.timedelta(days=APPEAL_DAYS)


def reads_grades_in(person: Person) -> frozenset[int]:
    """Campaigns in which somebody may read the grades of others: leadership and discipline office."""
    scope = scope_of(person)
    return scope.principal | scope.leading | scope.discipline


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, person: Person) -> PublicationQuerySet:
        """Once published: the leadership, the discipline office, and the head himself."""
        if person.pk is None:
            return self.none()
        reads = Q(subject__round__campaign__in=reads_grades_in(person))
        return self.filter(
            reads | Q(subject__person=person), subject__round__state=RoundState.PUBLISHED
        )


class Publication(models.Model):
    """What may be known of a head's result: worked out once, at the count, and never altered.

    Everything that is ever shown, exported or printed is read from ``cells``. The database refuses
    to change a row.
    """

    subject = models.OneToOneField(
        Subject, models.PROTECT, related_name="publication", verbose_name=_("head")
    )
    grade = models.CharField(_("grade"), max_length=10, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    cells = models.JSONField(_("what is published"))
    rules_version = models.CharField(_("version of the rules of publication"), max_length=20)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")

    def __str__(self) -> str:
        return str(self.subject)


class Confirmation(models.Model):
    """Whether the Party committee confirms that a head's grade is 差, and why. Votes alone do nothing."""

    subject = models.OneToOneField(
        Subject, models.PROTECT, related_name="confirmation", verbose_name=_("head")
    )
    is_confirmed = models.BooleanField(_("confirmed"))
    reason = models.TextField(_("reason"), max_length=1000)
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    consecutive = models.PositiveSmallIntegerField(_("how many times in a row"), default=0)
    proposed = models.CharField(_("proposed"), max_length=20, choices=Rung, default=Rung.NONE)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.CheckConstraint(
                name="confirmation_rung_known", condition=Q(proposed__in=Rung.values)
            )
        ]

    def __str__(self) -> str:
        return str(self.subject)


class ConsequenceQuerySet(models.QuerySet["Consequence"]):
    def visible_to(self, person: Person) -> ConsequenceQuerySet:
        """Who reads grades; the head himself once it was carried out (or needs no carrying out),
        whatever else he may read.
        """
        if person.pk is None:
            return self.none()
        reads = Q(confirmation__subject__round__campaign__in=reads_grades_in(person))
        himself = Q(confirmation__subject__person=person)
        told = Q(carried_out_on__isnull=False) | Q(state=ConsequenceState.CLOSED)
        return self.filter((reads & ~himself) | (himself & told))


class Consequence(Stateful):
    """What follows from a confirmed grade: proposed by the ladder, decided by people."""

    confirmation = models.OneToOneField(
        Confirmation, models.PROTECT, related_name="consequence", verbose_name=_("confirmation")
    )
    rung = models.CharField(_("measure"), max_length=20, choices=Rung)
    reason = models.TextField(_("reason of the decision"), max_length=1000)
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ConsequenceState,
        default=ConsequenceState.DECIDED,
        editable=False,
    )
    carried_out_on = models.DateField(_("carried out on"), null=True, blank=True)
    text = models.TextField(_("what has to improve"), blank=True, max_length=4000)
    reply_due_on = models.DateField(_("answer due on"), null=True, blank=True)
    follow_up_on = models.DateField(_("follow-up on"), null=True, blank=True)
    effect_months = models.PositiveSmallIntegerField(_("in effect for … months"), default=6)
    interviewer = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who held the talk"),
    )
    recorder = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who kept the record"),
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    starts_at = models.TimeField(_("begin of the talk"), null=True, blank=True)
    content = models.TextField(_("what was said"), blank=True, max_length=4000)
    reply = models.TextField(_("answer of the head"), blank=True, max_length=4000)
    replied_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    follow_up = models.TextField(_("what the follow-up found"), blank=True, max_length=4000)
    document_number = models.OneToOneField(
        DocumentNumber,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="consequence",
        verbose_name=_("document number"),
    )
    paper_path = models.CharField(max_length=200, blank=True, editable=False)
    paper_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)

    untrailed: ClassVar[frozenset[str]] = Stateful.untrailed | {"paper_path"}
    objects = ConsequenceQuerySet.as_manager()
    STATE_KINDS: ClassVar[dict[str, str]] = CONSEQUENCE_KINDS
    PAPERS: ClassVar[tuple[str, ...]] = (Rung.REMINDER_LETTER, Rung.ADMONITION_TALK)
    """For these the system draws a paper; a transfer is ordered by the organisation itself."""

    class Meta:
        verbose_name = _("measure after an evaluation")
        verbose_name_plural = _("measures after an evaluation")
        constraints = [
            models.CheckConstraint(
                name="consequence_rung_known", condition=Q(rung__in=Rung.values)
            ),
            models.CheckConstraint(
                name="consequence_state_known", condition=Q(state__in=ConsequenceState.values)
            ),
        ]

    def __str__(self) -> str:
        """Without the measure: this stands in the trail as the name of what was changed."""
        return str(self.confirmation.subject)

    @property
    def subject(self) -> Subject:
        return self.confirmation.subject


class Statement(models.Model):
    """What a head says to his own result (陈述意见)."""

    subject = models.OneToOneField(
        Subject, models.PROTECT, related_name="statement", verbose_name=_("head")
    )
    text = models.TextField(_("statement"), max_length=2000)
    given_on = models.DateField(_("given on"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    def __str__(self) -> str:
        return str(self.subject)


class Appeal(Stateful):
    """A head asks to have the count or the confirmation examined again."""

    subject = models.OneToOneField(
        Subject, models.PROTECT, related_name="appeal", verbose_name=_("head")
    )
    text = models.TextField(_("what is appealed against, and why"), max_length=2000)
    filed_on = models.DateField(_("filed on"))
    state = models.CharField(
        _("state"), max_length=10, choices=AppealState, default=AppealState.FILED, editable=False
    )
    answer = models.TextField(_("answer"), blank=True, max_length=2000, editable=False)
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    STATE_KINDS: ClassVar[dict[str, str]] = APPEAL_KINDS

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                name="appeal_state_known", condition=Q(state__in=AppealState.values)
            )
        ]

    def __str__(self) -> str:
        return str(self.subject)


class CommentDecision(models.TextChoices):
    PUBLISH = "publish", pgettext_lazy("comment", "publish")
    PERSON = "person", pgettext_lazy("comment", "only to the person")
    WITHHOLD = "withhold", pgettext_lazy("comment", "withhold")


class CommentReview(models.Model):
    """What became of a comment; until there is one, nobody but the reviewers reads it."""

    comment = models.OneToOneField(
        Comment, models.PROTECT, related_name="review", verbose_name=_("comment")
    )
    decision = models.CharField(_("decision"), max_length=10, choices=CommentDecision)
    edited = models.CharField(
        _("as it will be read"),
        max_length=200,
        blank=True,
        help_text=_("Without words that tell who wrote it."),
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("reviewed by"))

    untrailed: ClassVar[frozenset[str]] = frozenset({"edited"})

    class Meta:
        verbose_name = _("review of a comment")
        verbose_name_plural = _("reviews of comments")
        constraints = [
            models.CheckConstraint(
                name="comment_decision_known", condition=Q(decision__in=CommentDecision.values)
            )
        ]

    def __str__(self) -> str:
        return str(self.comment_id)
