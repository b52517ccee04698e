"""What a unit prints at the head and foot of its official papers, and the numbers it has given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit

if TYPE_CHECKING:
    from organisation.models import Person


class LetterheadQuerySet(models.QuerySet["Letterhead"]):
    def visible_to(self, person: Person) -> LetterheadQuerySet:
        return self.filter(unit__in=Unit.objects.visible_to(person).values("pk"))


class Letterhead(models.Model):
    """A unit's stationery. Without an organ mark its papers are plain: only the organ itself may
    put its red mark over a text.
    """

    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="letterhead", verbose_name=_("unit")
    )
    mark = models.CharField(
        _("organ mark"),
        max_length=40,
        blank=True,
        help_text=_("The red line at the top. Empty: plain paper."),
    )
    number_word = models.CharField(
        _("word of the document number"),
        max_length=20,
        blank=True,
        help_text=_("What stands before the year in brackets."),
    )
    signature = models.CharField(
        _("signing organ"),
        max_length=60,
        blank=True,
        help_text=_("Stands under the text. Empty: the name of the unit."),
    )
    printing_office = models.CharField(_("printing office"), max_length=60, blank=True)
    has_seal = models.BooleanField(_("papers are sealed"), default=True)

    objects = LetterheadQuerySet.as_manager()

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")
        constraints = [
            models.CheckConstraint(
                name="letterhead_mark_has_its_number_word",
                condition=Q(mark="") | ~Q(number_word=""),
                violation_error_message=_("A paper with an organ mark needs a number."),
            ),
        ]

    def __str__(self) -> str:
        return self.mark or str(self.unit)

    @property
    def signing_organ(self) -> str:
        return self.signature or self.unit.name


class DocumentNumber(models.Model):
    """A number given to an official paper. Given once, it is never given again, whatever becomes of
    the paper.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="document_numbers", verbose_name=_("unit")
    )
    word = models.CharField(_("word of the document number"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"), validators=[MinValueValidator(1)])
    given_on = models.DateField(_("given on"))
    subject = models.CharField(_("paper"), max_length=200)

    class Meta:
        verbose_name = _("document number")
        verbose_name_plural = _("document numbers")
        constraints = [
            models.UniqueConstraint(
                "unit",
                "word",
                "year",
                "number",
                name="document_number_once",
                violation_error_message=_("This number has been given already."),
            ),
            models.CheckConstraint(
                name="document_number_begins_at_one", condition=Q(number__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.number}号"
