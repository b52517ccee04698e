"""What shows that a problem was put right, and who has looked at it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import scope_of
from organisation.models import Person
from rectification.models.item import LedgerItem


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, person: Person) -> EvidenceQuerySet:
        """With the item, but not for the supervising bureau, which reads the ledger and no files."""
        if person.pk is None:
            return self.none()
        scope = scope_of(person)
        items = LedgerItem.objects.visible_to(person).filter(pk=OuterRef("item"))
        files = items.exclude(campaign__in=scope.bureau - scope.runs)
        return self.filter(Exists(files))

    def standing(self) -> EvidenceQuerySet:
        """Evidence that was not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def for_page(self, person: Person) -> EvidenceQuerySet:
        """With whether this person opened it, and whether the same file serves another item."""
        opened = EvidenceOpening.objects.filter(evidence=OuterRef("pk"), person=person)
        elsewhere = Evidence.objects.filter(sha256=OuterRef("sha256")).exclude(
            item=OuterRef("item")
        )
        return (
            self.annotate(is_opened=Exists(opened), is_elsewhere=Exists(elsewhere))
            .select_related("uploaded_by", "withdrawn_by")
            .order_by("received_at", "pk")
        )

    def of_effect(self) -> EvidenceQuerySet:
        return self.standing().filter(kind__in=Evidence.EFFECT)


class Evidence(models.Model):
    """A file. When it was received is the server's word; when it was taken is the sender's."""

    class Kind(models.TextChoices):
        EFFECT = "effect", _("effect of the rectification")
        AFTER = "after", pgettext_lazy("evidence", "after")
        BEFORE = "before", pgettext_lazy("evidence", "before")
        RULE = "rule", _("rule made or changed")
        PROCESS = "process", _("what was done")

    EFFECT = (Kind.EFFECT, Kind.AFTER)
    """Kinds that prove effect. A meeting or a circular alone is not effect."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(LedgerItem, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    caption = models.CharField(_("what it shows"), max_length=200)
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    file_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    path = models.CharField(max_length=200)
    shown_path = models.CharField(
        max_length=200,
        help_text=_("The copy others see: without position data. Equal to the original otherwise."),
    )
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                name="evidence_withdrawn_at_and_by_together",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


class EvidenceOpening(models.Model):
    """Who opened which evidence and when: a verifier must have opened each."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="openings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("opened at"), auto_now_add=True)

    class Meta:
        verbose_name = _("opening of evidence")
        verbose_name_plural = _("openings of evidence")
        indexes = [models.Index("evidence", "person", name="opening_by_evidence")]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.person_id} {self.at:%Y-%m-%d %H:%M}"
