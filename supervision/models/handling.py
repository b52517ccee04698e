"""How people were dealt with: the accountability side of a case, read by few."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, scope_of
from organisation.models import Person, Unit
from rectification.models import LedgerItem


class HandlingForm(models.TextChoices):
    """By weight, the lightest first (the names offices use in their figures)."""

    CRITICISM = "criticism", _("criticism and education")
    REMINDER_TALK = "reminder_talk", _("reminder talk")
    SELF_EXAMINATION = "self_examination", _("ordered written self-examination")
    CIRCULATED = "circulated", _("circulated criticism")
    ADMONITION = "admonition", _("admonition talk")
    ORGANISATIONAL = "organisational", _("organisational measure")
    DISCIPLINARY = "disciplinary", _("disciplinary case filed")


class HandlingQuerySet(models.QuerySet["Handling"]):
    def visible_to(self, person: Person) -> HandlingQuerySet:
        """The discipline office, the campaign office and the principals; nobody else: who was dealt
        with is told so by paper.
        """
        if person.pk is None:
            return self.none()
        scope = scope_of(person)
        return self.filter(campaign__in=scope.discipline | scope.office | scope.principal)

    def newest_first(self) -> HandlingQuerySet:
        return self.order_by("-decided_on", "-pk")


class Handling(models.Model):
    """One person dealt with once, in one form. People and person-times are counted from these."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="handlings", verbose_name=_("campaign")
    )
    item = models.ForeignKey(
        LedgerItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handlings",
        verbose_name=_("ledger item"),
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="handlings", verbose_name=_("person")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="handlings", verbose_name=_("department")
    )
    form = models.CharField(_("form of handling"), max_length=20, choices=HandlingForm)
    decided_on = models.DateField(_("decided on"))
    final_on = models.DateField(
        _("final since"),
        null=True,
        blank=True,
        help_text=_("When nothing can be changed about it any more."),
    )
    note = models.TextField(_("remark"), max_length=1000, blank=True)
    naming_approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    naming_approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("recorded by"), editable=False
    )

    objects = HandlingQuerySet.as_manager()

    class Meta:
        verbose_name = _("handling")
        verbose_name_plural = _("handlings")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "person",
                "form",
                "decided_on",
                "item",
                name="handling_entered_once",
                nulls_distinct=False,
                violation_error_message=_(
                    "This handling of the person is entered already: same form, same day, same item."
                ),
            ),
            models.CheckConstraint(
                name="handling_form_known", condition=Q(form__in=HandlingForm.values)
            ),
            models.CheckConstraint(
                name="handling_final_after_decided",
                condition=Q(final_on__isnull=True) | Q(final_on__gte=F("decided_on")),
                violation_error_message=_("It cannot be final before it was decided."),
            ),
            models.CheckConstraint(
                name="handling_named_only_when_final",
                condition=Q(naming_approved_by__isnull=True) | Q(final_on__isnull=False),
                violation_error_message=_("Nobody is named before his handling is final."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_form_display()}"

    @property
    def may_be_named(self) -> bool:
        return self.final_on is not None and self.naming_approved_by_id is not None
