"""Voters in a closed loop: tickets while signed in, ballots over a connection each, receipts compared.

What phones do for themselves (blind, unblind, seal) is done between the measured parts.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import random
import time
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from ballots import blind, sealing
from ballots.models import BoardEntry, BoxTally
from benchmarks.pages import HTTP_OK, Measured
from benchmarks.processes import database_server_cpu
from benchmarks.seeding import write
from evaluations.models import RollEntry
from organisation.models import Person
from organisation.receivers import SEEN_AT, SIGNED_IN_AT

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.processes import Site
    from evaluations.models import Round

CLIENTS = 16
BALLOTS_EACH = 2
CAST = "/box/cast"
CSRF_SECRET_LENGTH = 32
GRADES, DIMENSIONS = 5, 4
"""The four grades and "do not know"."""
HEADERS = {"Host": "localhost", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes out, made beforehand."""

    path: str
    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class Told:
    """What a series of requests was answered, in the order in which they were made."""

    measured: Measured
    answers: list[dict[str, Any] | None]
    """Nothing where the request failed."""
    client_cpu: float

    @property
    def errors(self) -> int:
        return sum(answer is None for answer in self.answers)


@dataclass(slots=True)
class Ballot:
    """One ballot on its voter's device."""

    box: uuid.UUID
    grades: tuple[int, ...]
    message: bytes
    blinded: bytes
    secret: bytes
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class Voter:
    person: int
    ballots: list[Ballot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A ballot for which the server gave a receipt."""

    ballot: Ballot
    receipt: str


def voters(round_: Round) -> list[Voter]:
    """Everybody who stands on two rolls, with his ballots made out and his tickets blinded.

    The heads stand on one (nobody rates himself): they do not vote here.
    """
    keys = keys_of(round_)
    chosen = random.Random(CLIENTS)  # noqa: S311 -- invented answers, the same in every run
    boxes: dict[int, list[uuid.UUID]] = defaultdict(list)
    entries = RollEntry.objects.filter(electorate__subject__round=round_)
    for person, box in entries.order_by("person", "electorate").values_list(
        "person", "electorate__box"
    ):
        boxes[person].append(box)

    def ballot(box: uuid.UUID) -> Ballot:
        message = blind.prepare()
        grades = tuple(chosen.randint(1, GRADES) for _dimension in range(DIMENSIONS))
        return Ballot(box, grades, message, *blind.blind(keys[str(box)], message))

    return [
        Voter(person, [ballot(box) for box in own])
        for person, own in boxes.items()
        if len(own) == BALLOTS_EACH
    ]


def keys_of(round_: Round) -> dict[str, bytes]:
    assert round_.election is not None  # noqa: S101 -- frozen
    return {box["id"]: b64decode(box["key"]) for box in round_.election.description["boxes"]}


def sessions_of(people: Sequence[int]) -> dict[int, str]:
    """Everybody signed in, as the sign-in page would leave it in the database."""
    store, now = SessionStore(), int(time.time())
    keys = {}

    def session(person: Person) -> Session:
        keys[person.pk] = get_random_string(32)
        state = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
            SIGNED_IN_AT: now,
            SEEN_AT: now,
        }
        return Session(
            session_key=keys[person.pk],
            session_data=store.encode(state),
            expire_date=timezone.now() + dt.timedelta(hours=12),
        )

    write(session(person) for person in Person.objects.filter(pk__in=people))
    return keys


def requests_for_tickets(round_: Round, voters: Sequence[Voter]) -> list[Sent]:
    """Both tickets of a voter in one request."""
    path = reverse("voting:fetch", args=[round_.election_id])
    sessions = sessions_of([voter.person for voter in voters])
    csrf = get_random_string(CSRF_SECRET_LENGTH)
    requests = []
    for voter in voters:
        blinded = {str(ballot.box): _text(ballot.blinded) for ballot in voter.ballots}
        cookies = {
            settings.SESSION_COOKIE_NAME: sessions[voter.person],
            settings.CSRF_COOKIE_NAME: csrf,
        }
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = {**HEADERS, "Cookie": cookie, "X-CSRFToken": csrf}
        requests.append(Sent(path, json.dumps({"blinded": blinded}).encode(), headers))
    return requests


def take(round_: Round, voters: Iterable[Voter], told: Told) -> list[Ballot]:
    """Unblind what was signed; the ballots that have their ticket now, in no order."""
    keys = keys_of(round_)
    ready = []
    for voter, answer in zip(voters, told.answers, strict=True):
        signed = answer["signed"] if answer else {}
        for ballot in voter.ballots:
            box = str(ballot.box)
            if box in signed:
                raw = b64decode(signed[box])
                ballot.signature = blind.finalize(keys[box], ballot.message, raw, ballot.secret)
                ready.append(ballot)
    random.shuffle(ready)
    return ready


def requests_to_cast(ballots: Iterable[Ballot], seal_key: bytes) -> Iterator[Sent]:
    for ballot in ballots:
        sealed = sealing.seal(seal_key, sealing.GradeBallot(ballot.grades).encode())
        body = {
            "box": str(ballot.box),
            "credential": _text(ballot.message),
            "signature": _text(ballot.signature),
            "sealed": _text(sealed),
        }
        yield Sent(CAST, json.dumps(body).encode(), HEADERS)


def acknowledged(ballots: Iterable[Ballot], told: Told) -> list[Acknowledged]:
    """The ballots that the server says it has."""
    both = zip(ballots, told.answers, strict=True)
    return [Acknowledged(ballot, answer["receipt"]) for ballot, answer in both if answer]


def lost(round_: Round, cast: Sequence[Acknowledged]) -> int:
    """Receipts that are not on the board, and answers that are missing from the counts, or too many."""
    board = BoardEntry.objects.filter(box__election=round_.election_id)
    missing = {one.receipt for one in cast} ^ set(board.values_list("receipt", flat=True))
    sent: dict[uuid.UUID, list[Counter[int]]] = defaultdict(
        lambda: [Counter() for _dimension in range(DIMENSIONS)]
    )
    for one in cast:
        for dimension, grade in enumerate(one.ballot.grades):
            sent[one.ballot.box][dimension][grade] += 1
    wrong = 0
    for tally in BoxTally.objects.filter(box__election=round_.election_id):
        counted = tally.counts["dimensions"] if tally.counts else [()] * DIMENSIONS
        for was, counts in zip(sent[tally.box_id], counted, strict=True):
            now = Counter(dict(enumerate(counts)))
            wrong += (was - now).total() + (now - was).total()
    return len(missing) + wrong


def ask(site: Site, requests: Sequence[Sent], *, keeps_connection: bool) -> Told:
    """All of them, from so many clients, each with its next request once it has its answer."""
    waiting = iter(list(enumerate(requests)))  # next() of a list's iterator is one step: no lock
    answers: list[dict[str, Any] | None] = [None] * len(requests)
    times: list[float] = []

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        for at, sent in waiting:
            began = time.perf_counter()
            try:
                line.request("POST", sent.path, sent.body, sent.headers)
                answer = line.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                line.close()
                continue
            times.append((time.perf_counter() - began) * 1000)
            if not keeps_connection:
                line.close()
            if answer.status == HTTP_OK:
                answers[at] = json.loads(content)
        line.close()

    used, database, own = site.cpu, database_server_cpu(), time.process_time()
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        for finished in [clients.submit(client) for _client in range(CLIENTS)]:
            finished.result()
    seconds, client_cpu = time.perf_counter() - began, time.process_time() - own
    ended = database_server_cpu()
    both = None if database is None or ended is None else ended - database
    measured = Measured(len(requests), seconds, site.cpu - used, both, times)
    return Told(measured, answers, client_cpu)


def _text(content: bytes) -> str:
    return b64encode(content).decode()
