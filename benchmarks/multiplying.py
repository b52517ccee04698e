"""A million open items, copied within the database from those that were seeded."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from benchmarks.seeding import CODE
from campaign.models import Campaign
from issues.models import Issue
from rectification.models import Attempt, LedgerItem
from rectification.states import OPEN

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

COPIED = """
    CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
    SELECT item.id AS item, item.issue_id AS issue, row_number() OVER () AS number
    FROM generate_series(1, %(times)s), rectification_ledgeritem item
    WHERE item.campaign_id = %(campaign)s AND item.state = ANY(%(states)s)
    LIMIT %(count)s
"""
ISSUES = "issues_issue AS old ON old.id = copied.issue"
ITEMS = """rectification_ledgeritem AS old ON old.id = copied.item
    JOIN issues_issue AS new ON new.campaign_id = %(new)s AND new.number = copied.number"""
ATTEMPTS = """rectification_attempt AS old ON old.item_id = copied.item
    JOIN rectification_ledgeritem AS new ON new.campaign_id = %(new)s AND new.number = copied.number"""


def multiply(campaign: Campaign, count: int) -> Campaign:
    """A second campaign with so many open items; the one of an earlier run if it has as many."""
    known = Campaign.objects.filter(code=f"{CODE}2").order_by("pk").first()
    if known is not None and known.ledger_counter == count:
        return known
    if known is not None:
        message = f"There are {known.ledger_counter} copies already: begin anew with --fresh."
        raise SystemExit(message)
    open_items = campaign.ledger_items.filter(state__in=OPEN).count()
    with transaction.atomic(), connection.cursor() as cursor:
        more = Campaign.objects.get(pk=campaign.pk)
        more.pk, more.code, more.name = None, f"{CODE}2", f"{campaign.name}（二）"
        more.starts_on -= dt.timedelta(days=1)
        more.ledger_counter = more.issue_counter = count
        more.save(force_insert=True)
        asked: dict[str, Any] = {"campaign": campaign.pk, "states": list(OPEN), "count": count}
        cursor.execute(COPIED, asked | {"times": -(-count // open_items)})
        numbered = {"campaign_id": str(more.pk), "number": "copied.number"}
        _copy(cursor, Issue, ISSUES, numbered, more)
        _copy(cursor, LedgerItem, ITEMS, numbered | {"issue_id": "new.id"}, more)
        _copy(cursor, Attempt, ATTEMPTS, {"item_id": "new.id"}, more)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return more


def _copy(
    cursor: CursorWrapper,
    model: type[models.Model],
    source: str,
    other: dict[str, str],
    more: Campaign,
) -> None:
    """Each row of ``source`` once more, but for the columns that become something other."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [str(field.column) for field in fields]
    values = [other.get(column, f'old."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({names})"  # noqa: S608 -- all names are our own
        f" SELECT {', '.join(values)} FROM copied JOIN {source}",
        {"new": more.pk},
    )
