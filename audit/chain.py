"""The chain: links are forged after the fact, so that no writer waits for another.

An event is written freely; ``seal`` runs each minute under a lock of its own and links what has
been committed since. Each hash covers the one before: link, link, seal, link, seal …
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from audit.models import Event, Link, Seal

GENESIS = bytes(32)
LOCK = 0x7472_6169_6C  # "trail": one sealer at a time, and nobody else takes this lock
BATCH = 2000

# The columns that count, for good. A column added later joins only where it is not empty, so
# that the hashes of the years before stay right.
EVENT_COLUMNS = (
    "id",
    "at",
    "transaction",
    "cascade",
    "actor_id",
    "actor_label",
    "action",
    "subject_type",
    "subject_id",
    "subject_label",
    "before",
    "after",
    "reason",
    "detail",
)
SEAL_COLUMNS = ("number", "at", "day", "cluster", "transaction", "snapshot", "position", "count")


class _Exact(DjangoJSONEncoder):
    """Moments in UTC to the microsecond, which Django's own encoder cuts to milliseconds."""

    def default(self, o: Any) -> Any:
        if isinstance(o, dt.datetime):
            return o.astimezone(dt.UTC).isoformat(timespec="microseconds")
        return super().default(o)


def canonical(row: Event | Seal) -> bytes:
    """The row as the one JSON text that is hashed: keys sorted, no spaces, UTF-8."""
    columns = EVENT_COLUMNS if isinstance(row, Event) else SEAL_COLUMNS
    facts = {column: getattr(row, column) for column in columns}
    text = json.dumps(facts, cls=_Exact, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def digest(previous: bytes, row: Event | Seal) -> bytes:
    return hashlib.sha256(previous + canonical(row)).digest()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What PostgreSQL calls ``pg_snapshot``: which transactions were complete at a moment."""

    xmin: int
    xmax: int
    running: frozenset[int]

    @classmethod
    def read(cls, text: str) -> Snapshot:
        xmin, xmax, running = text.split(":")
        return cls(int(xmin), int(xmax), frozenset(map(int, filter(None, running.split(",")))))

    def sees(self, xid: int) -> bool:
        """The same answer as ``pg_visible_in_snapshot``."""
        return xid < self.xmin or (xid < self.xmax and xid not in self.running)


def seal() -> Seal | None:
    """Link every committed event that has no link yet; None when there was nothing to do.

    Each day's first run leaves a seal even when nothing happened.
    """
    with transaction.atomic(durable=True):
        at, xid, cluster = _begin()
        last = Seal.objects.order_by("-number").first()
        snapshot, ids = _committed_and_unsealed(last if last and last.cluster == cluster else None)
        today = timezone.localdate(at)
        opens_the_day = not Seal.objects.filter(day=today).exists()
        if not ids and not opens_the_day:
            return None
        start = last.position if last else 0
        last_hash = _link(ids, start=start, previous=bytes(last.hash) if last else GENESIS)
        run = Seal(
            number=last.number + 1 if last else 1,
            at=at,
            day=today if opens_the_day else None,
            cluster=cluster,
            transaction=xid,
            snapshot=snapshot,
            position=start + len(ids),
            count=len(ids),
            last_hash=last_hash,
        )
        run.hash = digest(last_hash, run)
        run.save(force_insert=True)
        return run


def _begin() -> tuple[dt.datetime, int, int]:
    """Wait for any other sealer, then note clock, transaction and cluster, before any snapshot.

    A transaction numbered higher than ours began after this moment: ``verification`` relies on it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (xid,) = cursor.fetchone()
    return at, xid, this_cluster()


def this_cluster() -> int:
    """The database server's own number; transaction ids of another server mean nothing here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        (number,) = cursor.fetchone()
    return number


def _committed_and_unsealed(last: Seal | None) -> tuple[str, list[int]]:
    """The database's snapshot and what it shows unsealed, in one statement so that they agree.

    Whatever was complete at the last seal has its link, so only younger transactions are looked at.
    """
    floor = Snapshot.read(last.snapshot).xmin if last else 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_current_snapshot()::text,
                   coalesce(array_agg(event.id ORDER BY event.id), '{}')
            FROM audit_event event
            WHERE event.transaction >= %s
              AND NOT EXISTS (SELECT FROM audit_link link WHERE link.event_id = event.id)
            """,
            [floor],
        )
        snapshot, ids = cursor.fetchone()
    return snapshot, ids


def _link(ids: list[int], *, start: int, previous: bytes) -> bytes:
    position = itertools.count(start + 1)
    for first in range(0, len(ids), BATCH):
        links = []
        batch = ids[first : first + BATCH]
        for event in Event.objects.filter(pk__in=batch).order_by("pk"):
            previous = digest(previous, event)
            links.append(Link(position=next(position), event=event, hash=previous))
        Link.objects.bulk_create(links)
    return previous
