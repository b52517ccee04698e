"""The deadlines of one person, for the calendar on his own telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from campaign.models import scope_of
from messaging.sources import Entry
from rectification.models import LedgerItem
from rectification.queries.waiting import does_the_work, led_by
from rectification.states import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organisation.models import Person

MOST = 500
NOT_APPROVED = (State.DRAFTING, State.AWAITING_PLAN_APPROVAL)
"""A deadline in a plan that nobody has approved binds nobody yet."""


def deadlines(person: Person) -> Iterator[Entry]:
    """Open items that he works on or answers for; the soonest first, in one query."""
    scope = scope_of(person)
    mine = does_the_work(person, scope) | led_by(person, scope)
    charged = Q(lead_department__in=scope.charge)
    items = (
        LedgerItem.objects.visible_to(person)
        .open()
        .filter(mine | charged, due_on__isnull=False)
        .exclude(state__in=NOT_APPROVED)
        .select_related("campaign")
        .order_by("due_on", "pk")[:MOST]
    )
    for item in items:
        assert item.due_on is not None  # noqa: S101 -- filtered
        yield Entry(
            uid=f"ledger-item-{item.pk}",
            day=item.due_on,
            title=str(item),
            url=item.get_absolute_url(),
            changed_at=item.state_since,
        )
