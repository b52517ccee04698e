"""Who holds which post, from when until when. Roles follow from posts; nobody keeps groups by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    import datetime as dt


class PostKind(models.TextChoices):
    """In the order of rank: names are listed in it, principals before deputies."""

    SECRETARY = "secretary", _("Party secretary")
    PRESIDENT = "president", _("president")
    DISCIPLINE_SECRETARY = "discipline_secretary", _("discipline secretary")
    VICE_PRESIDENT = "vice_president", _("vice-president")
    CAMPAIGN_OFFICE = "campaign_office", _("campaign office member")
    DISCIPLINE_OFFICE = "discipline_office", _("discipline office member")
    HEAD = "head", _("department head")
    DEPUTY = "deputy", _("deputy department head")
    LIAISON = "liaison", _("liaison")
    STAFF = "staff", _("member of staff")


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: dt.date) -> PostQuerySet:
        """Posts held on that day; both ends count."""
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))

    def by_rank(self) -> PostQuerySet:
        rank = models.Func(
            models.Value(PostKind.values, output_field=ArrayField(models.CharField())),
            models.F("kind"),
            function="array_position",
            output_field=models.IntegerField(),
        )
        return self.annotate(rank=rank).order_by("rank", "position", "id")


class Post(models.Model):
    """A person's post in a unit."""

    person = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="posts", verbose_name=_("person")
    )
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, related_name="posts", verbose_name=_("unit")
    )
    kind = models.CharField(_("post"), max_length=30, choices=PostKind)
    title = models.CharField(_("title"), max_length=60, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)
    in_charge_of = models.ManyToManyField(
        "organisation.Unit",
        related_name="posts_in_charge",
        blank=True,
        verbose_name=_("in charge of"),
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(name="post_kind_known", condition=Q(kind__in=PostKind.values)),
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message=_("The post would end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit} · {self.title or self.get_kind_display()}"
