"""Stationery of a unit, and the numbers of its official papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import trail
from campaign.models import DocumentNumber, Letterhead
from core.errors import ActionRefusedError
from organisation.actions.writing import added, changed
from organisation.models import Unit

if TYPE_CHECKING:
    import datetime as dt

    from organisation.models import Person


@transaction.atomic
def set_letterhead(unit: Unit, *, by: Person, **facts: Any) -> Letterhead:
    """What the unit's next papers show; papers already issued are kept as they are."""
    if not by.has_perm("campaign.set_letterhead", unit):
        raise PermissionDenied
    Unit.objects.select_for_update().get(pk=unit.pk)
    letterhead = Letterhead.objects.filter(unit=unit).first()
    if letterhead is None:
        letterhead = Letterhead(unit=unit, **facts)
        added("campaign.set_letterhead", letterhead, by=by)
    else:
        changed("campaign.set_letterhead", letterhead, facts, by=by)
    return letterhead


def next_number(unit: Unit, *, word: str, year: int) -> int:
    """One more than the highest number of the year under this word."""
    given = DocumentNumber.objects.filter(unit=unit, word=word, year=year)
    return (given.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def give_number(
    unit: Unit, *, by: Person, word: str, number: int, given_on: dt.date, subject: str
) -> DocumentNumber:
    """Give an official paper its number, which no other paper of the unit and year will have.

    Called inside the action that issues the paper; that action asks the rule.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    given = DocumentNumber(
        unit=unit,
        word=word,
        year=given_on.year,
        number=number,
        given_on=given_on,
        subject=subject,
    )
    try:
        given.full_clean()
    except ValidationError as fault:
        free = next_number(unit, word=word, year=given_on.year)
        raise ActionRefusedError(
            " ".join(fault.messages) + " " + _("The next free number is %(free)s.") % {"free": free}
        ) from fault
    given.save()
    trail.record("campaign.give_number", subject=given, by=by, after=trail.snapshot(given))
    return given
