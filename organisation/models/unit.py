"""Bureau, hospitals and departments: one tree of any depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organisation.models.person import Person


class UnitKind(models.TextChoices):
    BUREAU = "bureau", _("health bureau")
    HOSPITAL = "hospital", _("hospital")
    DEPARTMENT = "department", pgettext_lazy("unit", "department")


class UnitCategory(models.TextChoices):
    CLINICAL = "clinical", _("clinical")
    MEDICAL_TECHNICAL = "medical_technical", _("medical-technical")
    ADMINISTRATIVE = "administrative", _("administrative")
    LOGISTICS = "logistics", _("logistics")


class UnitQuerySet(TreeQuerySet):
    def in_use(self) -> UnitQuerySet:
        return self.filter(closed_on__isnull=True)

    def visible_to(self, person: Person) -> UnitQuerySet:
        """Everybody sees the units of his own institution; the administrator sees them all."""
        return self if person.is_administrator else self.below(person.institutions)

    def departments(self) -> UnitQuerySet:
        return self.filter(kind=UnitKind.DEPARTMENT)

    def below(self, units: Iterable[int]) -> UnitQuerySet:
        """These units and everything under them, in one query however deep the tree is."""
        wanted = list(units)
        if not wanted:
            return self.none()
        tree = self.with_tree_fields()
        return tree.extra(where=["tree_path && %s::bigint[]"], params=[wanted])

    def in_order(self) -> UnitQuerySet:
        """As people expect it: a unit before what is under it, siblings by their position."""
        tree = self.with_tree_fields().order_siblings_by("position", "id")
        return tree.order_by("tree_ordering")


class Unit(TreeNode):
    """A bureau, a hospital or a department."""

    name = models.CharField(_("name"), max_length=100)
    aliases = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("other names"),
        default=list,
        blank=True,
        help_text=_("Short and former names as they occur in workbooks."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    category = models.CharField(
        pgettext_lazy("unit", "category"), max_length=20, choices=UnitCategory, blank=True
    )
    handles_resources = models.BooleanField(_("handles people, money, materials"), default=False)
    serves_patients = models.BooleanField(_("serves patients"), default=False)
    position = models.PositiveIntegerField(_("order"), default=0)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = UnitQuerySet.as_manager(with_tree_fields=False)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(
                "parent",
                "name",
                name="unit_name_once_under_its_parent",
                condition=Q(closed_on__isnull=True),
                nulls_distinct=False,
                violation_error_message=_("There is already a unit of this name here."),
            ),
            models.CheckConstraint(name="unit_kind_known", condition=Q(kind__in=UnitKind.values)),
            models.CheckConstraint(
                name="unit_category_only_for_departments",
                condition=Q(category="")
                | Q(kind=UnitKind.DEPARTMENT, category__in=UnitCategory.values),
                violation_error_message=_("Only a department has a category."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation:unit", args=[self.pk])


def institutions_of(units: Iterable[int]) -> frozenset[int]:
    """The nearest hospital or bureau at or above each unit."""
    own = list(units)
    if not own:
        return frozenset()
    paths = [unit.tree_path for unit in Unit.objects.with_tree_fields().filter(pk__in=own)]
    wholes = frozenset(
        Unit.objects.filter(pk__in={pk for path in paths for pk in path})
        .exclude(kind=UnitKind.DEPARTMENT)
        .values_list("pk", flat=True)
    )
    return frozenset(next((pk for pk in reversed(path) if pk in wholes), path[0]) for path in paths)
