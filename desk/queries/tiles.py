"""The figures at the top: each opens exactly the rows that it counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.models import scope_of
from desk.queries import links
from rectification.models import LedgerItem
from rectification.queries.figures import is_near, is_overdue
from rectification.states import DONE, OPEN, State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from campaign.models import Campaign
    from organisation.models import Person

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tile:
    label: StrOrPromise
    count: int
    url: str
    kind: str = ""
    was: int | None = None
    """Last week's value, for those who steer by the difference."""


def tiles(person: Person, campaign: Campaign, today: dt.date) -> list[Tile]:
    """For whoever runs the campaign, with last week beside it; for a department or leader, its own."""
    scope = scope_of(person)
    if campaign.pk in scope.runs:
        return _for_those_who_run_it(person, campaign, today)
    if scope.acts_for or scope.charge or _leads_any(person, campaign):
        return _for_those_who_do_it(person, campaign, today)
    return []


def _leads_any(person: Person, campaign: Campaign) -> bool:
    mine = Q(responsible_leader=person.pk) | Q(assignee=person.pk)
    return LedgerItem.objects.filter(mine, campaign=campaign).exists()


def _for_those_who_run_it(person: Person, campaign: Campaign, today: dt.date) -> list[Tile]:
    monday = today - dt.timedelta(days=today.weekday())
    sunday = monday - DAY
    counts = _counted(
        person,
        campaign,
        overdue=is_overdue(today),
        overdue_was=_overdue_on(sunday),
        near=is_near(today),
        new=_registered(monday, today),
        new_was=_registered(monday - WEEK, sunday),
        closed=Q(state__in=DONE, closed_on__range=(monday, today)),
        closed_was=Q(state__in=DONE, closed_on__range=(monday - WEEK, sunday)),
    )
    return [
        Tile(
            _("Red: overdue"),
            counts["overdue"],
            links.ledger(campaign, light="overdue"),
            "overdue",
            counts["overdue_was"],
        ),
        Tile(_("Yellow: due soon"), counts["near"], links.ledger(campaign, light="near"), "near"),
        Tile(
            _("New this week"),
            counts["new"],
            links.ledger(campaign, registered_from=monday, registered_to=today),
            "remind",
            counts["new_was"],
        ),
        Tile(
            _("Signed off this week"),
            counts["closed"],
            links.ledger(campaign, closed_from=monday, closed_to=today),
            "closed",
            counts["closed_was"],
        ),
    ]


def _for_those_who_do_it(person: Person, campaign: Campaign, today: dt.date) -> list[Tile]:
    last = today + WEEK - DAY
    counts = _counted(
        person,
        campaign,
        overdue=is_overdue(today),
        week=Q(state__in=OPEN, due_on__range=(today, last)),
        rectifying=Q(state=State.RECTIFYING),
        done=Q(state__in=DONE),
    )
    return [
        Tile(
            _("Red: overdue"), counts["overdue"], links.ledger(campaign, light="overdue"), "overdue"
        ),
        Tile(
            _("Due within seven days"),
            counts["week"],
            links.ledger(campaign, show="open", due_from=today, due_to=last),
            "near",
        ),
        Tile(
            _("Under rectification"),
            counts["rectifying"],
            links.ledger(campaign, state=State.RECTIFYING),
            "normal",
        ),
        Tile(_("Signed off"), counts["done"], links.ledger(campaign, show="done"), "closed"),
    ]


def _counted(person: Person, campaign: Campaign, **conditions: Q) -> dict[str, int]:
    items = LedgerItem.objects.visible_to(person).filter(campaign=campaign).order_by()
    return items.aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )


def _registered(first: dt.date, last: dt.date) -> Q:
    """Registered on these days as the calendar on the wall has them; voided ones do not count."""
    return Q(registered_at__gte=_midnight(first), registered_at__lt=_midnight(last + DAY)) & ~Q(
        state=State.VOIDED
    )


def _overdue_on(day: dt.date) -> Q:
    """Open past its deadline at the end of that day, by the deadline as it stands now."""
    return (
        Q(registered_at__lt=_midnight(day + DAY), due_on__lt=day)
        & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))
        & ~Q(state=State.VOIDED)
    )


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
