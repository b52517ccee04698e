"""Read the whole chain again and say where it is broken.

Found: a row that was changed, a row or link or seal that is gone, a row put in behind the
trigger's back (its transaction or its time would have had it sealed earlier), links cut off at
the end. Not found: an event removed before its first sealing, and the end of the trail removed
together with every seal that names it; against the latter a seal's code is kept on paper and
given to ``--code``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit.chain import BATCH, GENESIS, Snapshot, digest, this_cluster
from audit.models import Event, Link, Seal

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TRANSACTION = dt.timedelta(hours=1)
CLOCK_STEP = dt.timedelta(minutes=2)  # a clock set right by the time server may step back


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the trail is not what was sealed."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


@dataclass(slots=True)
class Report:
    """What was read; the findings are counted here and handed out one by one."""

    events: int = 0
    waiting: int = 0
    seals: int = 0
    findings: int = 0
    last_seal: Seal | None = None


@dataclass(slots=True)
class Sealed:
    """A seal with its snapshot read once."""

    seal: Seal
    known: Snapshot = field(init=False)

    def __post_init__(self) -> None:
        self.known = Snapshot.read(self.seal.snapshot)


def verify(report: Report, *, code: str = "") -> Iterator[Finding]:
    """Hand out every finding; memory stays the same however long the trail is."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            _stand_still()
        for finding in _walk(report, code):
            report.findings += 1
            yield finding


def _stand_still() -> None:
    """Look at one moment of the database, whatever is written meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _walk(report: Report, code: str) -> Iterator[Finding]:
    chain = _Chain(report)
    yield from chain.findings()
    yield from _unsealed(report, chain.before)
    if code and not _holds(code):
        yield Finding(
            _("seal %(code)s") % {"code": code},
            _("is not in the trail: its end was cut off, or the seals were made anew."),
        )


def _holds(code: str) -> bool:
    wanted = code.replace("-", "").lower()
    return any(
        bytes(digest_).hex().startswith(wanted)
        for digest_ in Seal.objects.order_by("-number").values_list("hash", flat=True).iterator()
    )


class _Chain:
    """The walk along links and seals in step. ``previous`` is None where the hash before is lost."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.links = _links()
        self.link: tuple[Link, Event | None] | None = next(self.links, None)
        self.position = 0
        self.previous: bytes | None = GENESIS
        self.before: Sealed | None = None

    def findings(self) -> Iterator[Finding]:
        for seal in Seal.objects.order_by("number").iterator(BATCH):
            yield from self._run(Sealed(seal))
        while self.link:
            yield Finding(
                _place(self.link[0]), _("the link belongs to no seal: the seal was removed.")
            )
            self.link = next(self.links, None)

    def _run(self, sealed: Sealed) -> Iterator[Finding]:
        seal = sealed.seal
        number = self.before.seal.number + 1 if self.before else 1
        is_after_gap = seal.number != number
        if is_after_gap:
            yield Finding(
                _("seal %(number)s") % {"number": number}, _("is gone, or those up to the next.")
            )
        first = seal.position - seal.count + 1
        while self.link and self.link[0].position <= seal.position:
            if is_after_gap and self.link[0].position >= first:
                self.previous, is_after_gap = None, False
            yield from self._step(sealed)
        if self.position != seal.position:
            yield self._gap(seal.position)
        if is_after_gap:
            self.previous = None
        yield from self._close(sealed)

    def _step(self, sealed: Sealed) -> Iterator[Finding]:
        assert self.link  # noqa: S101 -- the caller looked
        link, event = self.link
        if link.position != self.position + 1:
            yield self._gap(link.position - 1)
        if event is None:
            yield Finding(_place(link), _("the event was removed after it had been sealed."))
        elif self.previous is not None and digest(self.previous, event) != bytes(link.hash):
            yield Finding(
                _place(link),
                _("the event (or its link) was changed after it had been sealed: “%(event)s”.")
                % {"event": event},
            )
        cluster = sealed.seal.cluster
        if event and (sentence := doubt(event, before=self.before, sealed=sealed, cluster=cluster)):
            yield Finding(_place(link), sentence)
        self.report.events += 1
        self.position, self.previous = link.position, bytes(link.hash)
        self.link = next(self.links, None)

    def _gap(self, until: int) -> Finding:
        start, self.position, self.previous = self.position + 1, until, None
        return Finding(
            _("position %(first)s to %(last)s") % {"first": start, "last": until},
            _("the links were removed."),
        )

    def _close(self, sealed: Sealed) -> Iterator[Finding]:
        seal = sealed.seal
        ends_here = self.previous is None or bytes(seal.last_hash) == self.previous
        if not ends_here or digest(bytes(seal.last_hash), seal) != bytes(seal.hash):
            yield Finding(
                _("seal %(number)s") % {"number": seal.number},
                _("was changed, or does not close the links before it."),
            )
        self.previous = bytes(seal.hash)
        self.before = sealed
        self.report.seals += 1
        self.report.last_seal = seal


def _links() -> Iterator[tuple[Link, Event | None]]:
    """The links in order, each with its event if there still is one."""
    batch: list[Link] = []
    for link in Link.objects.order_by("position").iterator(BATCH):
        batch.append(link)
        if len(batch) == BATCH:
            yield from _with_events(batch)
            batch = []
    yield from _with_events(batch)


def _with_events(links: list[Link]) -> Iterator[tuple[Link, Event | None]]:
    events = Event.objects.in_bulk([link.event_id for link in links])
    for link in links:
        yield link, events.get(link.event_id)


def _unsealed(report: Report, last: Sealed | None) -> Iterator[Finding]:
    """Events that wait for the next sealing must be younger than the last one."""
    cluster = this_cluster()
    for event in Event.objects.unsealed().order_by("pk").iterator(BATCH):
        report.waiting += 1
        if sentence := doubt(event, before=last, sealed=None, cluster=cluster):
            yield Finding(_("event %(id)s") % {"id": event.pk}, sentence)


def doubt(event: Event, *, before: Sealed | None, sealed: Sealed | None, cluster: int) -> str:
    """Why this event cannot have been written between the two seals, or nothing.

    Transaction ids mean something only inside one database cluster: after a restore into
    another one the comparison starts afresh, and only the clock is asked.
    """
    same_cluster = before is None or before.seal.cluster == cluster
    if sealed:
        late = event.at > sealed.seal.at + CLOCK_STEP
        own = event.transaction == sealed.seal.transaction
        if late or (same_cluster and not own and not sealed.known.sees(event.transaction)):
            return _("the event says that it was written after it had been sealed.")
    if before is None:
        return ""
    if same_cluster and before.known.sees(event.transaction):
        return _(
            "the event was put in later: its transaction was complete at seal %(number)s, which"
            " does not know it (or its link was removed)."
        ) % {"number": before.seal.number}
    began_after = same_cluster and event.transaction > before.seal.transaction
    allowed = CLOCK_STEP if began_after else LONGEST_TRANSACTION
    if event.at < before.seal.at - allowed:
        return _(
            "the event was put in later: it is dated before seal %(number)s, which does not know it."
        ) % {"number": before.seal.number}
    return ""


def _place(link: Link) -> str:
    return _("event %(id)s (position %(position)s)") % {
        "id": link.event_id,
        "position": link.position,
    }
