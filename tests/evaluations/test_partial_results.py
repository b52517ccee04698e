"""As long as a vote is open, no page tells anybody how it stands: not even that a ballot came."""

import hashlib
import re

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from ballots.models import Box, BoxKind
from tests.conftest import ReadingClient
from tests.evaluations.factories import a_frozen_round, electors, fetch_tickets, vote
from tests.guards.addresses import address, cases, patterns
from tests.people import again
from tests.world import world  # noqa: F401 -- a fixture

ANYBODY = "anonymous"
OF_ROUNDS = {"evaluations", "results", "voting", "ballots"}
CLOSE_TO_BALLOTS = OF_ROUNDS | {"", "campaign", "desk", "messaging", "satisfaction"}
"""Where two readings are compared word for word; of all others it is enough that they read no box."""
NEW_EACH_TIME = re.compile(r"[A-Za-z0-9]{64}")
"""Tokens against forged forms."""
UNREAD = "ballots_boxshard"


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
    """Every address of the world, and those of rounds for the round that is open."""
    known, own = cases(world), of_round(round_)
    running = {"campaign_pk": round_.campaign_id}
    for name, taken in patterns():
        space = name.rpartition(":")[0]
        if space in OF_ROUNDS and taken <= own.keys():
            yield space, address(name, {key: own[key] for key in taken})
        elif taken <= running.keys():
            yield space, address(name, {key: running[key] for key in taken})
        for arguments in known.get(name, {}).values():
            yield space, address(name, arguments)


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
    """(who, address) → what he reads there, and every statement that reads a box."""
    found, unread = {}, []

    def note(execute, sql, params, many, context):
        if UNREAD in str(sql):
            unread.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for who, browser in browsers.items():
            for where in asked:
                answer = browser.get(where)
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                text = NEW_EACH_TIME.sub("", content.decode(errors="replace"))
                found[who, where] = answer.status_code, text
    return found, unread


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
    same for everybody, word for word; and no page of the whole product reads a box at all.
    """
    people = electors(world.hospital)
    asked = sorted(
        {where for space, where in addresses(world, round_) if space in CLOSE_TO_BALLOTS}
    )
    with time_machine.travel(timezone.now(), tick=False):
        tickets = {person: fetch_tickets(round_, person) for person in people}
        read(browsers, asked)  # what is noted at a first visit is noted
        before, unread_before = read(browsers, asked)
        kept = cast_all(round_, people, tickets)
        after, unread_after = read(browsers, asked)

    different = {
        (who, where): (text, after[who, where][1])
        for (who, where), (_status, text) in before.items()
        if (before[who, where]) != after[who, where]
    }
    assert len(kept) > 20
    assert {status for status, _text in before.values()} >= {200, 403, 404}
    assert sorted(different) == []
    assert unread_before + unread_after == []


def test_no_page_of_all_others_reads_a_box(world, browsers, round_):  # noqa: F811
    asked = sorted(
        {where for space, where in addresses(world, round_) if space not in CLOSE_TO_BALLOTS}
    )

    found, unread = read(browsers, asked)

    assert len(found) > 1000
    assert unread == []


def test_ballots_change_nothing_but_the_boxes(world, round_):  # noqa: F811
    people = electors(world.hospital)
    tickets = {person: fetch_tickets(round_, person) for person in people}
    before = fingerprints()

    cast_all(round_, people, tickets)

    after = fingerprints()
    assert {table for table in before if before[table] != after[table]} == {UNREAD}


def test_admin_cannot_export_ballots(world, browsers, round_):  # noqa: F811
    """Whoever asks for whatever file or list of an open vote finds no receipt, no ballot and no
    comment in it; and there is no administration site with tables to click through.
    """
    from django.apps import apps
    from django.urls import NoReverseMatch, reverse

    people = electors(world.hospital)
    kept = cast_all(round_, people, {person: fetch_tickets(round_, person) for person in people})
    asked = sorted({where for space, where in addresses(world, round_) if space in OF_ROUNDS})

    found, _unread = read(browsers, asked)

    whole = "\n".join(text for _status, text in found.values())
    assert [one.receipt for one in kept if one.receipt in whole] == []
    assert "不作为" not in whole
    assert not apps.is_installed("django.contrib.admin")
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
