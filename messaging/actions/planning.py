"""Deciding who gets which message today. Run by as many schedulers as like: it is decided once."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from messaging import clock, sources
from messaging.models import (
    COUNTED,
    DIGEST,
    Delivery,
    DeliveryState,
    ReminderRun,
    digest_key,
)
from messaging.queries import hours, reach
from organisation.queries import working_calendar

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

PLANNING = 0x52454D49
"""The lock under which planning is done: the cap is counted and used up by one at a time."""
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Planned:
    """A message that is to go out, and the campaigns that it speaks of."""

    person: int
    kind: str
    key: str
    campaigns: frozenset[int]
    is_reachable: bool = True


def plan(now: dt.datetime) -> int:
    """Plan the day's digests and daily notices, once, from the digest's hour of a working day on."""
    if not clock.is_digest_due(now, hours(), working_calendar()):
        return 0
    day = timezone.localdate(now)
    if _has_run(day):
        return 0
    with transaction.atomic():
        _alone()
        return 0 if _has_run(day) else len(plan_day(day, now=now)[1])


def plan_day(day: dt.date, *, now: dt.datetime) -> tuple[list[Planned], list[Delivery]]:
    """Everything that a day's run has to say, and the messages that follow from it."""
    planned = messages_of(day)
    run = ReminderRun.objects.create(day=day, at=now)
    rows = write([one for one in planned if one.is_reachable], day=day, now=now)
    run.digests = sum(row.kind == DIGEST for row in rows)
    run.save(update_fields=["digests"])
    return planned, rows


def plan_urgent(now: dt.datetime) -> int:
    """Plan what is told at once. In quiet hours and on rest days it is left to the next digest."""
    found = list(_happened(now - sources.LOOK_BACK, now))
    if not found:
        return 0
    day = timezone.localdate(now)
    with transaction.atomic():
        _alone()
        rows = write(found, day=day, now=now)
    return len(rows)


def messages_of(day: dt.date) -> list[Planned]:
    """Everybody's messages of a day's run, digests first; also of those whom none can reach.

    Writes the steps of the ladder that are reached by then; see ``rehearsal``.
    """
    for source in sources.digests():
        source.prepare(day)
    people = sources.people(day)
    moment = clock.digest_moment(day, hours())
    notices = [
        (source.kind, notice)
        for source in sources.urgents(daily=True)
        for notice in source.notices(moment, moment)
    ]
    reached = reach([*people, *(notice.person for _kind, notice in notices)])
    digests = [
        Planned(person, DIGEST, digest_key(day), frozenset(counts), person in reached)
        for person, counts in sorted(people.items())
        if person not in reached or reached[person].wants_digest
    ]
    return digests + [
        Planned(notice.person, kind, notice.key, notice.campaigns, notice.person in reached)
        for kind, notice in notices
    ]


def next_run(now: dt.datetime) -> dt.date:
    """The working day whose digests are planned next."""
    calendar = working_calendar()
    day = clock.next_digest_day(now, hours(), calendar)
    return calendar.working_day_after(day) if _has_run(day) else day


@contextmanager
def rehearsal() -> Iterator[None]:
    """Do it for real, with the functions that send, and take everything back."""
    with transaction.atomic():
        _alone()
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _happened(since: dt.datetime, until: dt.datetime) -> Iterator[Planned]:
    notices = [
        (source.kind, notice)
        for source in sources.urgents(daily=False)
        for notice in source.notices(since, until)
    ]
    reached = reach(notice.person for _kind, notice in notices) if notices else {}
    for kind, notice in notices:
        if notice.person in reached:
            yield Planned(notice.person, kind, notice.key, notice.campaigns)


def write(planned: list[Planned], *, day: dt.date, now: dt.datetime) -> list[Delivery]:
    """Write a row for each message that has none yet: to be sent, or left to the digest."""
    fresh = _without_known(planned)
    used = _used(day, {one.person for one in fresh})
    may_send = clock.may_send(now, hours(), working_calendar())
    kept_back = 0 if _has_run(day) else 1  # of the day's messages one belongs to the digest
    rows = []
    for one in fresh:
        is_digest = one.kind == DIGEST
        room = settings.MESSAGES_PER_DAY - (0 if is_digest else kept_back)
        is_sent = is_digest or (may_send and used[one.person] < room)
        used[one.person] += is_sent
        rows.append(
            Delivery(
                person_id=one.person,
                day=day,
                kind=one.kind,
                key=one.key,
                state=DeliveryState.WAITING if is_sent else DeliveryState.HELD,
                next_at=now if is_sent else None,
                created_at=now,
            )
        )
    return Delivery.objects.bulk_create(rows, batch_size=BATCH)


def _without_known(planned: Iterable[Planned]) -> list[Planned]:
    wanted = {(one.person, one.key): one for one in planned}
    keys = {key for _person, key in wanted}
    people = {person for person, _key in wanted}
    known = Delivery.objects.filter(person__in=people, key__in=keys)
    for pair in known.values_list("person", "key"):
        wanted.pop(pair, None)
    return list(wanted.values())


def _used(day: dt.date, people: set[int]) -> Counter[int]:
    """How many messages each has had, or is to have, on this day (his own tests aside)."""
    rows = Delivery.objects.filter(day=day, person__in=people, state__in=COUNTED)
    return Counter(rows.exclude(kind="test").values_list("person", flat=True))


def _has_run(day: dt.date) -> bool:
    return ReminderRun.objects.filter(day=day).exists()


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLANNING])
