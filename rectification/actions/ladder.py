"""Silence about an overdue item goes up, step by step."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import connection, transaction

from audit import trail
from campaign.models import Campaign, rules_of_all
from campaign.states import State as CampaignState
from organisation.models import SYSTEM
from rectification.models import LedgerItem
from rectification.states import IN_HAND

if TYPE_CHECKING:
    import datetime as dt

CLIMB = """
INSERT INTO rectification_ladderstep (item_id, due_on, step, reached_on, told_on)
SELECT i.id, i.due_on, r.step, i.due_on + r.days, %(day)s
FROM rectification_ledgeritem i
JOIN unnest(%(campaigns)s::bigint[], %(steps)s::int[], %(days)s::int[])
  AS r(campaign, step, days) ON r.campaign = i.campaign_id
WHERE i.state = ANY(%(in_hand)s) AND i.due_on <= %(day)s::date - r.days
  AND NOT EXISTS (
    SELECT FROM rectification_ladderstep l
    WHERE l.item_id = i.id AND l.due_on = i.due_on AND l.step = r.step
  )
ORDER BY i.id, r.step -- all are found before the first is written: else each would look through those before it
ON CONFLICT DO NOTHING
RETURNING item_id, step
"""


@transaction.atomic
def climb(day: dt.date) -> int:
    """Write down each step that an item has reached by this day; how many. Safe to run twice."""
    running = set(Campaign.objects.filter(state=CampaignState.RUNNING).values_list("pk", flat=True))
    rungs = [
        (pk, number, days)
        for pk, rules in rules_of_all().items()
        if rules.ladder and pk in running
        for number, days in enumerate(rules.steps, start=1)
    ]
    if not rungs:
        return 0
    campaigns, steps, days = (list(column) for column in zip(*rungs, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            CLIMB,
            {
                "day": day,
                "campaigns": campaigns,
                "steps": steps,
                "days": days,
                "in_hand": sorted(IN_HAND),
            },
        )
        reached = cursor.fetchall()
    highest: dict[int, int] = defaultdict(int)
    for item, step in reached:
        highest[item] = max(highest[item], step)
    items = LedgerItem.objects.filter(pk__in=highest).select_related("campaign").order_by("pk")
    trail.record_many(
        "rectification.climb",
        about=((item, {"ladder": highest[item.pk]}) for item in items.iterator()),
        by=SYSTEM,
    )
    return len(reached)
