"""What a stated rule proposes for exposure, and what a person decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Person
from rectification.models import Finding, LedgerItem
from supervision.models.meeting import ExposureMeeting

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Ground(models.TextChoices):
    """The rules that propose; each says in a sentence why."""

    LONG_RED = "long_red", _("overdue for a long time")
    SILENT = "silent", _("overdue in silence, all steps of the ladder climbed")
    RETURNED_TWICE = "returned_twice", _("sign-off returned at least twice")
    FINDING = "finding", _("false or insufficient rectification found")
    RECURRENCE = "recurrence", _("the problem came back")
    GRAVE = "grave", _("grave finding")
    CARRIED = "carried", _("kept from an earlier meeting, not exposed there")
    BY_HAND = "by_hand", _("proposed by the office")


SENTENCES: dict[str, StrOrPromise] = {
    Ground.LONG_RED: _("Overdue for %(days)s days"),
    Ground.SILENT: _("Overdue for %(days)s days, no application for sign-off on its way"),
    Ground.RETURNED_TWICE: _("Sign-off returned %(times)s times"),
    Ground.FINDING: _("Found: %(finding)s"),
    Ground.RECURRENCE: _("Came back after %(code)s"),
    Ground.GRAVE: _("Grave finding"),
    Ground.CARRIED: _("Kept from number %(number)s, where it was not exposed"),
    Ground.BY_HAND: _("Proposed by the office: %(reason)s"),
}


class Verdict(models.TextChoices):
    OPEN = "open", pgettext_lazy("candidate", "to be decided")
    TAKEN_IN = "taken_in", pgettext_lazy("candidate", "taken in")
    LEFT_OUT = "left_out", pgettext_lazy("candidate", "left out")


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def undecided(self) -> CandidateQuerySet:
        return self.filter(verdict=Verdict.OPEN)

    def for_list(self) -> CandidateQuerySet:
        """Open ones first, each with all that a row shows."""
        rank = models.Case(models.When(verdict=Verdict.OPEN, then=0), default=1)
        return self.select_related(
            "item__campaign", "item__lead_department", "decided_by"
        ).order_by(rank, "item__number", "pk")


class Candidate(models.Model):
    """A ledger item proposed for a meeting, with every ground that held when it was proposed."""

    meeting = models.ForeignKey(ExposureMeeting, models.CASCADE, related_name="candidates")
    item = models.ForeignKey(LedgerItem, models.PROTECT, related_name="candidacies")
    grounds = models.JSONField(_("grounds"), default=list)
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict, default=Verdict.OPEN)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate for exposure")
        verbose_name_plural = _("candidates for exposure")
        constraints = [
            models.UniqueConstraint("meeting", "item", name="candidate_once_per_meeting"),
            models.CheckConstraint(
                name="candidate_verdict_known", condition=Q(verdict__in=Verdict.values)
            ),
            models.CheckConstraint(
                name="candidate_decided_with_reason_by_a_person",
                condition=Q(verdict=Verdict.OPEN, decided_by__isnull=True)
                | (~Q(verdict=Verdict.OPEN) & ~Q(reason="") & Q(decided_by__isnull=False)),
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.item_id}"

    @property
    def grounds_in_words(self) -> list[str]:
        return [in_words(ground) for ground in self.grounds]


def in_words(ground: dict[str, Any]) -> str:
    """The sentence of a ground, in the reader's language."""
    facts = {key: value for key, value in ground.items() if key != "rule"}
    if "finding" in facts:
        facts["finding"] = Finding(facts["finding"]).label
    return str(SENTENCES[ground["rule"]]) % facts
