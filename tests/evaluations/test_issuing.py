"""A ticket for everybody on the roll, once, and nothing noted but that he has it."""

import json
import uuid
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from audit import trail
from ballots import blind, keyring
from ballots.models import Box
from core.errors import ActionRefusedError
from evaluations.actions import (
    TicketTakenError,
    add_voter,
    give_slip,
    issue_tickets,
    print_slips,
)
from evaluations.models import RollEntry, Round
from tests.evaluations.factories import a_frozen_round, at, boxes_of, cast, fetch_tickets, hours
from tests.people import again, small_hospital

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(hospital):
    return a_frozen_round(hospital)


def blinded_for(box_id):
    key = bytes(Box.objects.get(pk=box_id).public_key)
    return blind.blind(key, blind.prepare())[0]


def requests(round_, person):
    return {box: blinded_for(box) for box in boxes_of(round_, person).values()}


def roll_of(person):
    rows = RollEntry.objects.filter(person=person).order_by("electorate")
    return [(row.has_ticket, bytes(row.digest or b"")) for row in rows]


def test_the_same_request_is_answered_again_with_the_same_signature(hospital, round_):
    asked = requests(round_, hospital.staff)

    first = issue_tickets(round_, asked, by=hospital.staff)
    second = issue_tickets(round_, asked, by=hospital.staff)

    assert first == second
    assert first.keys() == asked.keys()


def test_another_request_for_a_ticket_that_was_issued_is_refused(hospital, round_):
    issue_tickets(round_, requests(round_, hospital.staff), by=hospital.staff)
    before = roll_of(hospital.staff)

    with pytest.raises(TicketTakenError):
        issue_tickets(round_, requests(round_, hospital.staff), by=hospital.staff)

    assert roll_of(hospital.staff) == before


def test_who_does_not_stand_on_the_roll_gets_nothing(hospital, round_):
    asked = requests(round_, hospital.staff)

    with pytest.raises(PermissionDenied):
        issue_tickets(round_, asked, by=hospital.secretary)

    assert not RollEntry.objects.filter(has_ticket=True).exists()


def test_nobody_gets_a_ticket_about_himself_and_one_refused_box_refuses_all(hospital, round_):
    asked = requests(round_, hospital.staff)  # both heads

    with pytest.raises(PermissionDenied):
        issue_tickets(round_, asked, by=hospital.head)

    assert roll_of(hospital.head) == [(False, b"")] * 2


@pytest.mark.parametrize(
    "times",
    [
        {"tickets_from": hours(1), "opens_at": hours(2), "closes_at": hours(3)},
        {"tickets_from": hours(-3), "opens_at": hours(-2), "closes_at": hours(-1)},
    ],
    ids=["before", "after"],
)
def test_outside_their_time_no_tickets_are_issued(hospital, round_, times):
    asked = requests(round_, hospital.staff)

    with pytest.raises(ActionRefusedError):
        issue_tickets(at(round_, **times), asked, by=hospital.staff)

    assert roll_of(hospital.staff)[0] == (False, b"")


@pytest.mark.parametrize("number", [0, 1])
def test_a_number_that_is_no_blinded_ticket_is_not_signed(hospital, round_, number):
    [box, *_rest] = boxes_of(round_, hospital.staff).values()

    with pytest.raises(ActionRefusedError):
        issue_tickets(round_, {box: number.to_bytes(256, "big")}, by=hospital.staff)

    assert (True, b"") not in roll_of(hospital.staff)


def test_without_the_key_of_the_boxes_nothing_is_signed_or_noted(hospital, round_):
    asked = requests(round_, hospital.staff)
    keyring.destroy(round_.election_id)

    with pytest.raises(ActionRefusedError, match="locked"):
        issue_tickets(round_, asked, by=hospital.staff)

    assert roll_of(hospital.staff)[0] == (False, b"")


def test_the_trail_knows_nothing_of_tickets(hospital, round_):
    before = trail.of(round_).count()

    fetch_tickets(round_, hospital.staff)

    assert trail.of(round_).count() == before


# Through the address


def post(client, round_, sent):
    text = sent if isinstance(sent, str) else json.dumps(sent)
    address = f"/voting/{round_.election_id}/tickets/"
    return client.post(address, text, content_type="application/json")


def written(asked):
    return {"blinded": {str(box): b64encode(raw).decode() for box, raw in asked.items()}}


def test_the_address_answers_each_refusal_with_its_own_code(client, hospital, round_):
    client.force_login(hospital.staff)
    asked = written(requests(round_, hospital.staff))
    foreign = written({uuid.uuid4(): bytes(256)})

    assert post(client, round_, asked).status_code == 200
    assert post(client, round_, asked).status_code == 200
    taken = post(client, round_, written(requests(round_, hospital.staff)))
    assert (taken.status_code, taken.json()["error"]) == (409, "taken")
    for sent in ("{", "[]", "{}", '{"blinded": {}}', '{"blinded": {"x": "y"}}', '{"blinded": []}'):
        refused = post(client, round_, sent)
        assert (refused.status_code, refused.json()["error"]) == (400, "malformed"), sent
    refused = post(client, round_, foreign)
    assert (refused.status_code, refused.json()["error"]) == (403, "not_on_the_roll")
    at(round_, tickets_from=hours(-9), opens_at=hours(-8), closes_at=hours(-7))
    refused = post(client, round_, asked)
    assert (refused.status_code, refused.json()["error"]) == (422, "refused")


def test_who_does_not_see_the_round_does_not_find_its_address(client, hospital, round_):
    client.force_login(hospital.stranger)

    assert post(client, round_, written({uuid.uuid4(): bytes(256)})).status_code == 404


def test_the_address_asks_for_the_token_of_the_page(hospital, round_):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(hospital.staff)
    asked = json.dumps(written(requests(round_, hospital.staff)))
    address = f"/voting/{round_.election_id}/tickets/"

    without = strict.post(address, asked, content_type="application/json")
    token = strict.get("/voting/tickets/").json()["csrf"]
    with_it = strict.post(
        address, asked, content_type="application/json", headers={"x-csrftoken": token}
    )

    assert (without.status_code, with_it.status_code) == (403, 200)


def test_a_ticket_opens_its_own_box_and_no_other(hospital, round_):
    tickets = fetch_tickets(round_, hospital.staff, boxes_of(round_, hospital.staff).values())
    [(one, ticket), (other, _)] = tickets.items()
    from ballots.sealing import GradeBallot

    ballot = GradeBallot((1, 1, 1, 1)).encode()
    assert cast(round_, one, ticket, ballot).status_code == 200
    assert cast(round_, other, ticket, ballot).status_code == 403


def test_who_is_evaluated_and_runs_the_round_handles_no_ballots_about_himself(hospital):
    heads = [
        (hospital.office, hospital.outpatient, "主任"),
        (hospital.head2, hospital.surgery, "主任"),
    ]
    round_ = a_frozen_round(hospital, heads=heads)
    himself = round_.subjects.get(person=hospital.office)
    electorate = himself.electorates.get(is_for_comments=False)
    acts = (
        lambda by: add_voter(himself, electorate.label, hospital.secretary, by=by, reason="补"),
        lambda by: print_slips(round_, {electorate: 1}, by=by),
        lambda by: give_slip(electorate, hospital.staff, by=by),
    )

    for act in acts:
        with pytest.raises(ActionRefusedError, match="about himself"):
            act(again(hospital.office))
    electorate.box.refresh_from_db()
    assert electorate.box.slips == 0
    for act in acts:
        act(again(hospital.office2))


@pytest.mark.django_db(transaction=True)
def test_parallel_issue_gives_one_signature():
    """Two devices of one voter at the same moment, in real transactions: one of them has a ticket."""
    hospital = small_hospital()
    round_ = a_frozen_round(hospital)
    [box, *_rest] = boxes_of(round_, hospital.staff).values()
    asked = [{box: blinded_for(box)}, {box: blinded_for(box)}]
    start = Barrier(2)

    def fetch(request):
        try:
            person = again(hospital.staff)
            row = Round.objects.get(pk=round_.pk)
            start.wait()
            return issue_tickets(row, request, by=person)
        except TicketTakenError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        signed = list(threads.map(fetch, asked))

    assert sorted(answer is None for answer in signed) == [False, True]
    assert RollEntry.objects.filter(person=hospital.staff, has_ticket=True).count() == 1
