"""As long as a vote is open, no page tells anybody how it stands: not even that a ballot came."""

import hashlib
import re

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from ballots.models import Box, BoxKind, BoxShard
from tests.conftest import ReadingClient, ReadOpenBoxError
from tests.evaluations.factories import a_frozen_round, electors, fetch_tickets, vote
from tests.guards.addresses import address, cases, patterns
from tests.people import again
from tests.world import world  # noqa: F401 -- a fixture

ANYBODY = "anonymous"
OF_ROUNDS = {"evaluations", "results", "voting", "ballots"}
CLOSE_TO_BALLOTS = OF_ROUNDS | {"desk"}
THEY_RUN_IT = (
    ANYBODY,
    "administrator",
    "office",
    "discipline",
    "president",
    "supervisor",
    "liaison",
)
"""Where two readings are compared word for word; of all others it is enough that they read no box."""
NEW_EACH_TIME = re.compile(r"[A-Za-z0-9]{64}")
"""Tokens against forged forms."""
BOXES = "ballots_boxshard"


def of_round(round_):
    """What stands in the addresses of one round."""
    subject = round_.subjects.order_by("position").first()
    box = Box.objects.filter(election=round_.election, kind=BoxKind.GRADE).order_by("pk").first()
    return {
        "campaign_pk": round_.campaign_id,
        "number": round_.number,
        "election_id": round_.election_id,
        "box_id": box.pk,
        "pk": subject.pk,
    }


def addresses(world, round_):  # noqa: F811
    """Every address by which the open round can be asked for, and what leads to it."""
    known, own = cases(world), of_round(round_)
    for name, taken in patterns():
        space = name.rpartition(":")[0]
        if space not in CLOSE_TO_BALLOTS:
            continue
        try:
            yield space, address(name, {key: own[key] for key in taken})
        except (KeyError, NoReverseMatch):  # a comment, a duty: none of this round yet
            yield from ((space, address(name, each)) for each in known[name].values())


@pytest.fixture
def round_(world):  # noqa: F811
    return a_frozen_round(world.hospital)


@pytest.fixture
def browsers(world):  # noqa: F811
    clients = {ANYBODY: ReadingClient()}
    for name, person in world.hospital.people().items():
        clients[name] = ReadingClient()
        clients[name].force_login(again(person))
    return clients


def read(browsers, asked):
    """(who, address) → what he reads there."""
    found = {}
    for who, browser in browsers.items():
        for where in asked:
            try:
                answer = browser.get(where)
            except Exception as fault:
                raise AssertionError(f"{who} at {where}") from fault
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = NEW_EACH_TIME.sub("", content.decode(errors="replace"))
            found[who, where] = answer.status_code, text
    return found


def fingerprints():
    """Table → what stands in it, as one number; sessions are those of whoever looks."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows = "\n".join(row for (row,) in cursor.fetchall())
            found[table] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def cast_all(round_, people, tickets):
    """Each votes 差 for everybody else, with a comment: ten ballots and more."""
    kept = []
    for person in people:
        others = [one for one in round_.subjects.all() if one.person_id != person.pk]
        grades = dict.fromkeys(others, (4, 4, 4, 4))
        kept += vote(round_, person, grades, "不作为", tickets=tickets[person])
    return kept


def test_partial_results_invisible(world, browsers, round_):  # noqa: F811
    """Two readings of every page that has to do with votes, before and after ballots came, are the
    same for everybody, word for word. No page of the whole product reads a box at all: the client of
    the tests refuses it, wherever anybody reads anything.
    """
    people = electors(world.hospital)
    asked = sorted(
        {where for space, where in addresses(world, round_) if space in CLOSE_TO_BALLOTS}
    )
    with time_machine.travel(timezone.now(), tick=False):
        tickets = {person: fetch_tickets(round_, person) for person in people}
        before = read(browsers, asked)
        kept = cast_all(round_, people, tickets)
        after = read(browsers, asked)

    different = [(who, where) for who, where in before if before[who, where] != after[who, where]]
    assert len(kept) > 20
    assert {status for status, _text in before.values()} >= {200, 403, 404}
    assert different == []


def test_a_page_that_looked_into_a_box_would_fail(client, round_, monkeypatch):
    def telling(_request, _template):
        return HttpResponse(str(BoxShard.objects.count()))

    monkeypatch.setattr("evaluations.views.anonymity.render", telling)

    with pytest.raises(ReadOpenBoxError):
        client.get(reverse("voting:anonymity"))


def test_ballots_change_nothing_but_the_boxes(world, round_):  # noqa: F811
    people = electors(world.hospital)
    tickets = {person: fetch_tickets(round_, person) for person in people}
    before = fingerprints()

    cast_all(round_, people, tickets)

    after = fingerprints()
    assert {table for table in before if before[table] != after[table]} == {BOXES}


def test_admin_cannot_export_ballots(world, browsers, round_):  # noqa: F811
    """Whoever runs the vote or watches it finds no receipt and no comment in any page or file of it.

    There is no administration site either, with tables to click through.
    """
    people = electors(world.hospital)
    kept = cast_all(round_, people, {person: fetch_tickets(round_, person) for person in people})
    asked = sorted({where for space, where in addresses(world, round_) if space in OF_ROUNDS})

    found = read({who: browsers[who] for who in THEY_RUN_IT}, asked)

    whole = "\n".join(text for _status, text in found.values())
    assert [one.receipt for one in kept if one.receipt in whole] == []
    assert "不作为" not in whole
    assert not apps.is_installed("django.contrib.admin")
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
