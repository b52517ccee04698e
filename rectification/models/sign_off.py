"""Attempts to have an item signed off. Approvals belong to an attempt; a new one starts with none."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Person
from rectification.models.item import LedgerItem


class Outcome(models.TextChoices):
    PENDING = "pending", _("on its way")
    RETURNED = "returned", pgettext_lazy("attempt", "returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("attempt", "withdrawn")
    PASSED = "passed", pgettext_lazy("attempt", "passed")


class Stage(models.TextChoices):
    CHECK = "check", _("lead department's check")
    VERIFICATION = "verification", _("verification")
    APPROVAL = "approval", _("approval")
    NOTICE = "notice", _("public notice")


RETURN_REASONS = (
    ("target_not_reached", _("The target is not reached")),
    ("no_effect_shown", _("The evidence shows activity, not effect")),
    ("evidence_does_not_fit", _("The evidence does not fit the measure")),
    ("cause_not_found", _("The cause is not analysed")),
    ("nobody_answered", _("Responsibility is not made clear")),
    ("no_rule_made", _("No rule was made or changed against recurrence")),
    ("reporter_not_told", _("Those who raised it were not informed")),
    ("other", pgettext_lazy("reason", "Other (see the remark)")),
)

NO_LET_GO = (
    ("facts_clear", _("The facts have been established")),
    ("responsibility_clear", _("Responsibility has been assigned")),
    ("dealt_with", _("Those responsible have been dealt with where due")),
    ("put_right", _("The problem has been put right")),
)
"""The four no-let-go rules (四个不放过), all of which a verification must affirm."""


class Finding(models.TextChoices):
    """What a return finds wrong with the rectification itself, beyond what the papers lack."""

    SHAM = "sham", _("sham rectification")
    PERFUNCTORY = "perfunctory", _("perfunctory rectification")
    SUPERFICIAL = "superficial", _("superficial rectification")
    DELAYED = "delayed", _("delayed rectification")
    PARTIAL = "partial", _("half-done rectification")


class Attempt(models.Model):
    """One application for sign-off, with everybody who looked at it and what he said."""

    item = models.ForeignKey(LedgerItem, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    statement = models.TextField(_("statement"), max_length=4000)
    answers = models.JSONField(
        _("answers to the reasons of the last return"),
        default=list,
        blank=True,
        help_text=_("One entry for each reason: the reason and what was done about it."),
    )
    applied_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("applied by")
    )
    applied_at = models.DateTimeField(_("applied at"), auto_now_add=True)

    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    check_opinion = models.TextField(_("opinion of the lead department"), blank=True)

    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    was_visited = models.BooleanField(_("verified on site"), default=False)
    no_let_go = models.JSONField(_("four no-let-go checklist"), default=dict, blank=True)
    verification_opinion = models.TextField(_("opinion of the verifier"), blank=True)

    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approval_opinion = models.TextField(_("opinion of the responsible leader"), blank=True)

    notice_from = models.DateField(_("public notice from"), null=True, blank=True)
    notice_until = models.DateField(_("public notice until"), null=True, blank=True)

    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.PENDING
    )
    returned_at_stage = models.CharField(_("returned at"), max_length=20, choices=Stage, blank=True)
    returned_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    return_reasons = ArrayField(
        models.CharField(max_length=40, choices=RETURN_REASONS),
        verbose_name=_("reasons of the return"),
        default=list,
        blank=True,
    )
    return_note = models.TextField(_("remark on the return"), blank=True)
    finding = models.CharField(
        _("finding on the rectification"), max_length=20, choices=Finding, blank=True
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("attempt at sign-off")
        verbose_name_plural = _("attempts at sign-off")
        indexes = [
            models.Index(
                "ended_at", name="attempt_by_return", condition=Q(outcome=Outcome.RETURNED)
            ),
        ]
        constraints = [
            models.UniqueConstraint("item", "number", name="attempt_number_once_per_item"),
            models.UniqueConstraint(
                "item", name="one_attempt_on_its_way", condition=Q(outcome=Outcome.PENDING)
            ),
            models.CheckConstraint(
                name="attempt_checked_by_and_at_together",
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attempt_verified_by_and_at_together",
                condition=Q(verified_by__isnull=True, verified_at__isnull=True)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attempt_approved_by_and_at_together",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attempt_finding_known_and_of_a_return",
                condition=Q(finding="") | Q(finding__in=Finding.values, outcome=Outcome.RETURNED),
            ),
            models.CheckConstraint(
                name="attempt_ended_when_not_pending",
                condition=Q(outcome=Outcome.PENDING, ended_at__isnull=True)
                | (~Q(outcome=Outcome.PENDING) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="attempt_stages_in_order_by_different_people",
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=models.F("applied_by")))
                & (
                    Q(verified_by__isnull=True)
                    | (
                        ~Q(verified_by=models.F("applied_by"))
                        & ~Q(verified_by=models.F("checked_by"))
                    )
                )
                & (
                    Q(approved_by__isnull=True)
                    | (
                        ~Q(approved_by=models.F("applied_by"))
                        & ~Q(approved_by=models.F("checked_by"))
                        & ~Q(approved_by=models.F("verified_by"))
                    )
                ),
                violation_error_message=_("Each stage needs another person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} #{self.number}"

    @property
    def reasons_in_words(self) -> list[str]:
        words = dict(RETURN_REASONS)
        return [str(words.get(reason, reason)) for reason in self.return_reasons]


class NoticeObjection(models.Model):
    """Somebody objects, during public notice, to an item being signed off."""

    class Decision(models.TextChoices):
        OPEN = "open", _("to be decided")
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="objections")
    text = models.TextField(_("objection"), max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("objection to a notice")
        verbose_name_plural = _("objections to a notice")

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.text[:40]}"
