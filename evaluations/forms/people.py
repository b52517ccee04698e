"""People of the hospital, to be chosen from a list or named by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import plain
from organisation.models import Person, Post, Unit

if TYPE_CHECKING:
    from campaign.models import Campaign


def staff_choices(campaign: Campaign, *, by_post: bool = False) -> list[tuple[int, str]]:
    """Everybody with a post in the host unit or below it, each once; or every post of theirs."""
    posts = (
        Post.objects.on(timezone.localdate())
        .filter(unit__in=Unit.objects.below([campaign.host_id]).in_use(), person__is_active=True)
        .by_rank()
        .values_list("pk", "person", "person__name", "unit__name", "title")
    )
    if by_post:
        return [
            (pk, " · ".join(filter(None, (name, unit, title))))
            for pk, _person, name, unit, title in posts
        ]
    found: dict[int, str] = {}
    for _pk, person, name, unit, _title in posts:
        found.setdefault(person, f"{name} · {unit}")
    return list(found.items())


class PersonField(forms.CharField):
    """Somebody of the campaign's hospital by his employee number, or by a name that one has."""

    def __init__(self, *, campaign: Campaign, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Employee number or name"))
        super().__init__(max_length=60, **kwargs)
        self.campaign = campaign

    def clean(self, value: Any) -> Person:
        typed = plain(super().clean(value)).strip()
        units = Unit.objects.below([self.campaign.host_id])
        staff = Person.objects.active().filter(
            pk__in=Post.objects.on(timezone.localdate()).filter(unit__in=units).values("person")
        )
        found = list(
            staff.filter(Q(employee_number__iexact=typed) | Q(name=typed)).order_by("pk")[:2]
        )
        if not found:
            raise ValidationError(_("There is nobody of this number or name in the hospital."))
        if len(found) > 1:
            raise ValidationError(
                _("Several people have this name. Enter the employee number instead.")
            )
        return found[0]
