"""Public notices that anybody of the institution may read and object to; they name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.models import scope_of
from issues.models import campaigns_inside
from organisation.queries import without_names
from rectification.models import Attempt, Outcome
from rectification.states import State

if TYPE_CHECKING:
    import datetime as dt

    from campaign.models import Campaign
    from organisation.models import Person

MOST_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Notice:
    code: str
    title: str
    until: dt.date


def on_notice(person: Person, campaign: Campaign, today: dt.date) -> list[Notice]:
    if campaign.pk not in campaigns_inside(scope_of(person)):
        return []
    attempts = (
        Attempt.objects.filter(
            outcome=Outcome.PENDING,
            item__campaign=campaign,
            item__state=State.ON_NOTICE,
            notice_from__lte=today,
            notice_until__gte=today,
        )
        .select_related("item__campaign")
        .order_by("notice_until", "pk")[:MOST_SHOWN]
    )
    shown = list(attempts)
    titles = without_names(attempt.item.title for attempt in shown)
    return [
        Notice(attempt.item.code, title, attempt.notice_until)
        for attempt, title in zip(shown, titles, strict=True)
        if attempt.notice_until
    ]
