"""What goes under /box/ meets no session, no account, no trail and no log; and everybody gets the same."""

import datetime as dt
import json
import logging
from base64 import b64encode

import pytest
from django.conf import settings as django_settings
from django.test import Client

from ballots import keyring, sealing
from ballots.actions import print_slips
from ballots.actions.casting import code_hash
from ballots.models import Box, BoxKind, BoxShard
from evaluations.models import Electorate
from tests.evaluations import factories
from tests.evaluations.factories import (
    GOOD,
    POOR,
    a_frozen_round,
    at,
    boxes_of,
    closed,
    count,
    fetch_tickets,
    hours,
    seal_pair,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(hospital):
    return a_frozen_round(hospital)


@pytest.fixture
def ticket(hospital, round_):
    """(box, (message, signature)) of the nurse, about one head."""
    [(box, ticket)] = fetch_tickets(
        round_, hospital.staff, list(boxes_of(round_, hospital.staff).values())[:1]
    ).items()
    return box, ticket


def body(box, ticket, plain=None, **other):
    message, signature = ticket
    sealed = sealing.seal(seal_pair()[1], plain or sealing.GradeBallot(GOOD).encode())
    written = {"credential": message, "signature": signature, "sealed": sealed}
    return {"box": str(box)} | {k: b64encode(v).decode() for k, v in written.items()} | other


def cast(sent, **headers):
    text = sent if isinstance(sent, str | bytes) else json.dumps(sent)
    return Client().post("/box/cast", text, content_type="application/json", headers=headers)


def refusal(answer):
    return answer.status_code, answer.json()["error"]


def content(round_):
    return [bytes(blob) for blob in _shards(round_)]


def _shards(round_):
    rows = BoxShard.objects.filter(box__election=round_.election_id).order_by("box", "number")
    return rows.values_list("blob", flat=True)


def test_a_ballot_is_answered_with_its_receipt_and_the_proof_that_we_gave_it(round_, ticket):
    sent = body(*ticket)

    answer = cast(sent)

    assert answer.status_code == 200
    said = answer.json()
    assert said.keys() == {"receipt", "signature"}
    from base64 import b64decode

    sealed = b64decode(sent["sealed"])
    assert said["receipt"] == sealing.receipt(ticket[0], ticket[1][0], sealed)
    key = b64decode(factories.manifest_of(round_)["acceptance_key"])
    assert sealing.is_accepted(key, said["receipt"], b64decode(said["signature"]))


@pytest.mark.parametrize(
    "headers", [{"cookie": "sessionid=abc"}, {"authorization": "Bearer rct_x"}]
)
def test_cast_refuses_cookie_or_auth(round_, ticket, headers):
    before = content(round_)

    assert refusal(cast(body(*ticket), **headers)) == (400, "malformed")
    assert content(round_) == before


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "[]",
        "{}",
        "null",
        "{",
        b"\xff",
        '{"box": 7}',
        '{"box": "no-uuid", "sealed": ""}',
        '{"box": 7, "sealed": ""}',
        '{"box": "00000000-0000-4000-8000-000000000000", "sealed": "", "code": "\\ud800"}',
        "[" * 5000,
    ],
)
def test_what_is_no_ballot_is_refused(round_, sent):
    assert refusal(cast(sent)) == (400, "malformed")


def test_a_body_that_is_too_long_is_not_even_read(round_, ticket):
    before = content(round_)

    assert refusal(cast(body(*ticket, more="x" * 9000))) == (400, "malformed")
    assert content(round_) == before


def test_the_hash_of_a_slip_which_lies_in_every_backup_does_not_do_for_its_code(hospital, round_):
    [box, *_rest] = boxes_of(round_, hospital.staff).values()
    [code] = print_slips(Box.objects.get(pk=box), 1)
    before = content(round_)

    with_hash = body(box, (code_hash(code), b""))
    without_signature = {name: part for name, part in with_hash.items() if name != "signature"}

    assert refusal(cast(with_hash)) == (403, "no_ticket")
    assert refusal(cast(without_signature)) == (403, "no_ticket")
    assert content(round_) == before
    assert cast(without_signature | {"code": code}).status_code == 200


def test_a_sealed_ballot_of_another_length_is_refused(round_, ticket):
    sent = body(*ticket)
    sent["sealed"] = sent["sealed"][:-8]

    assert refusal(cast(sent)) == (400, "malformed")


def test_a_box_that_is_not_there_is_refused(round_, ticket):
    sent = body(*ticket) | {"box": "00000000-0000-4000-8000-000000000000"}

    assert refusal(cast(sent)) == (404, "no_box")


@pytest.mark.parametrize(
    "times",
    [
        {"opens_at": hours(1), "closes_at": hours(2)},
        {"opens_at": hours(-3), "closes_at": hours(-1)},
    ],
    ids=["before", "after"],
)
def test_outside_the_time_of_voting_nothing_is_taken(round_, ticket, times):
    before = content(round_)
    at(round_, tickets_from=hours(-4), **times)

    assert refusal(cast(body(*ticket))) == (409, "not_open")
    assert content(round_) == before


def test_a_ballot_that_was_on_its_way_at_the_close_is_taken(round_, ticket):
    just_now = hours(0) - dt.timedelta(seconds=20)
    at(round_, tickets_from=hours(-4), opens_at=hours(-3), closes_at=just_now)

    assert cast(body(*ticket)).status_code == 200


def test_after_the_count_nothing_is_taken(round_, ticket):
    count(round_)

    assert refusal(cast(body(*ticket))) == (409, "not_open")


def test_a_forged_a_foreign_and_an_empty_ticket_are_refused(hospital, round_, ticket):
    box, (message, signature) = ticket
    others = [one for one in boxes_of(round_, hospital.staff).values() if one != box]
    before = content(round_)

    forged = cast(body(box, (message, bytes(256))))
    altered = cast(body(box, (message[::-1], signature)))
    foreign = cast(body(others[0], (message, signature)))
    empty = cast(body(box, (message, b"")))

    answers = [refusal(answer) for answer in (forged, altered, foreign, empty)]
    assert answers == [(403, "no_ticket")] * 4
    assert content(round_) == before


def test_without_the_key_of_the_boxes_ballots_are_sent_back_to_wait(round_, ticket):
    secret = keyring.secret_of(round_.election_id)
    keyring.destroy(round_.election_id)

    assert refusal(cast(body(*ticket))) == (503, "locked")

    keyring.put_back(round_.election_id, secret)
    assert cast(body(*ticket)).status_code == 200


def test_a_full_box_gets_another_part(hospital, round_, ticket):
    box = Box.objects.get(pk=ticket[0])
    from ballots import actions, opaque
    from ballots.actions.freezing import shard_about

    secret = keyring.secret_of(round_.election_id)
    key, about = keyring.key_of_shard(secret, box.pk, 0), shard_about(box.pk, 0)
    shard = opaque.Shard.empty(box.capacity, actions.freezing.sealed_size(box.kind))
    for n in range(box.capacity):
        shard.put(opaque.Slot(n.to_bytes(32, "big"), bytes(256), bytes(shard.sealed_size)))
    BoxShard.objects.filter(box=box, number=0).update(blob=shard.to_blob(key, about))

    assert cast(body(*ticket)).status_code == 200
    assert Box.objects.get(pk=box.pk).shard_count == 2


def test_voting_anew_replaces(hospital, round_, ticket):
    first = cast(body(*ticket)).json()["receipt"]
    second = cast(body(*ticket, sealing.GradeBallot(POOR).encode())).json()["receipt"]

    count(round_)

    box = Box.objects.get(pk=ticket[0])
    assert list(box.board.values_list("receipt", flat=True)) == [second]
    assert first != second
    assert box.tally.accepted == 1


def test_the_right_method_is_asked_for_without_a_word(round_):
    client = Client()

    assert client.get("/box/cast").status_code == 405
    assert client.post(f"/box/{round_.election_id}/").status_code == 405
    assert client.delete("/box/slip/").status_code == 405


# What passes through the door, and what does not


class Spy:
    """A middleware that writes down what it sees."""

    seen: list = []

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        self.seen.append(request.path)
        return self.get_response(request)


def places(round_):
    home = f"/box/{round_.election_id}/"
    return [home, f"{home}election.json", f"{home}board/", f"{home}board.json", "/box/slip/"]


def test_box_app_runs_no_other_middleware(settings, round_, ticket):
    settings.MIDDLEWARE = [
        settings.MIDDLEWARE[0],
        f"{__name__}.Spy",
        *settings.MIDDLEWARE[1:],
    ]
    Spy.seen = []
    client = Client()

    for place in places(round_):
        client.get(place)
    cast(body(*ticket))
    client.get("/box/nowhere")
    assert Spy.seen == []

    client.get("/sign-in/")
    assert Spy.seen == ["/sign-in/"]


def test_box_app_has_no_session_middleware():
    assert django_settings.MIDDLEWARE[0] == "ballots.middleware.BoxDoor"


class Ears(logging.Handler):
    def __init__(self):
        super().__init__(logging.NOTSET)
        self.heard = []

    def emit(self, record):
        self.heard.append((record.name, record.getMessage()))


LOGGERS = ("", "django", "django.request", "django.security", "django.server", "gunicorn.access")


@pytest.fixture
def ears():
    """On every logger that could write of a request, whatever it hands on."""
    ears = Ears()
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).addHandler(ears)
        logging.getLogger(name).setLevel(logging.INFO)
    yield ears
    for name, level in before.items():
        logging.getLogger(name).removeHandler(ears)
        logging.getLogger(name).setLevel(level)


def test_no_log_line_on_box_routes(hospital, round_, ticket, ears, monkeypatch):
    client = Client(raise_request_exception=False)
    for place in [*places(round_), "/box/nowhere", "/box/slip/?c=WRONG"]:
        client.get(place)
    statuses = [
        cast(body(*ticket)).status_code,
        cast("{").status_code,
        client.get("/box/cast").status_code,
        client.get("/box/nowhere").status_code,
    ]

    from ballots.views import casting

    def fall_over(*args, **kwargs):
        raise RuntimeError("a fault that a report would hold the ballot of")

    monkeypatch.setattr(casting, "cast", fall_over)
    statuses.append(cast(body(*ticket)).status_code)

    assert statuses == [200, 400, 405, 404, 500]
    assert ears.heard == []

    client.get("/nowhere-at-all/")
    assert ears.heard != [], "these ears hear nothing"


def test_keys_identical_for_everyone(hospital, round_):
    """Anonymous, three people, two browsers: the same bytes, no cookie, nothing that varies by one."""
    clients = [Client(), Client(headers={"user-agent": "WeChat"})]
    for person in (hospital.staff, hospital.head, hospital.administrator):
        signed_in = Client()
        signed_in.force_login(person)
        clients.append(signed_in)
    count(round_)

    for place in places(round_):
        answers = [client.get(place) for client in clients]

        assert len({answer.content for answer in answers}) == 1, place
        assert {answer.status_code for answer in answers} == {200}, place
        for answer in answers:
            assert not answer.cookies, place
            assert "Vary" not in answer.headers, place
            assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_manifest_is_the_text_whose_digest_is_published(client, round_):
    import hashlib

    text = client.get(f"/box/{round_.election_id}/election.json").content

    assert hashlib.sha256(text).hexdigest() == round_.election.digest


def test_before_the_freeze_and_for_a_survey_there_is_no_booth(client, hospital):
    planned = factories.a_sealed_round(hospital)

    for place in ("", "election.json", "board.json", "board/"):
        assert client.get(f"/box/{planned.election_id}/{place}").status_code == 404


def test_before_the_count_there_is_no_board(client, round_):
    assert client.get(f"/box/{round_.election_id}/board.json").status_code == 404
    page = client.get(f"/box/{round_.election_id}/board/")
    assert "Voting is not over" in page.content.decode()


def test_pages_speak_the_language_that_their_address_names(client, round_):
    english = client.get(f"/box/{round_.election_id}/?lang=en").content.decode()
    chinese = client.get(f"/box/{round_.election_id}/?lang=zh-hans").content.decode()

    assert '<html lang="en">' in english
    assert '<html lang="zh-CN">' in chinese


def test_every_electorate_can_vote_into_its_own_box_and_no_other(hospital, round_):
    """Who votes about whom is decided by the roll, and the key is the box."""
    grades = Electorate.objects.filter(subject__round=round_, box__kind=BoxKind.GRADE)

    about_himself = grades.filter(subject__person=hospital.head, roll__person=hospital.head)
    assert not about_himself.exists()
    assert len({bytes(one.box.public_key) for one in grades}) == grades.count() == 2


def test_the_board_finds_a_receipt_however_it_is_typed(client, hospital, round_, ticket):
    receipt = cast(body(*ticket)).json()["receipt"]
    count(round_)
    board = f"/box/{round_.election_id}/board/"
    typed = "-".join(receipt[at : at + 4] for at in range(0, 32, 4)).lower()

    found = client.get(board, {"receipt": typed}).content.decode()
    missing = client.get(board, {"receipt": typed[::-1]}).content.decode()

    assert "is on the board" in found
    assert "is not on the board" in missing


def test_closing_alone_shows_nothing(client, round_):
    closed(round_)

    page = client.get(f"/box/{round_.election_id}/board/").content.decode()
    assert "When two members of the commission have opened the boxes" in page
