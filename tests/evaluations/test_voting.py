"""What a voter sees while signed in: his rounds, and nothing that tells whether anybody voted."""

import re

import pytest
from django.urls import reverse

from ballots.models import BoxKind
from evaluations import queries
from tests.evaluations import factories
from tests.evaluations.factories import GOOD, POOR, a_frozen_round, a_round, at, count, hours, vote
from tests.people import again

pytestmark = pytest.mark.django_db

HOME = "/voting/"


@pytest.fixture
def round_(hospital):
    return a_frozen_round(hospital)


def seen_by(client, person):
    client.force_login(person)
    return client.get(HOME)


def test_a_voter_sees_his_rounds_with_dates_digest_and_the_way_to_the_booth(
    client, hospital, round_
):
    page = seen_by(client, hospital.staff).content.decode()

    digest = round_.election.digest
    assert "You are asked about 2 heads" in page
    assert " ".join(digest[at : at + 4] for at in (0, 4, 8, 12)) in page
    assert f'href="/box/{round_.election_id}/"' in page
    assert "not fetched yet" in page


def test_nobody_is_asked_about_himself(client, hospital, round_):
    assert "You are asked about 1 heads" in seen_by(client, hospital.head).content.decode()


def test_who_stands_on_no_roll_sees_no_round(client, hospital, round_):
    page = seen_by(client, hospital.secretary).content.decode()

    assert round_.name not in page
    assert "You are asked about nobody at present" in page


def test_a_round_in_preparation_is_seen_by_no_voter(client, hospital):
    planned = a_round(hospital)

    assert planned.name not in seen_by(client, hospital.staff).content.decode()


def test_the_page_says_when_tickets_were_fetched_but_never_whether_somebody_voted(
    client, hospital, round_
):
    subject = round_.subjects.get(person=hospital.head2)
    factories.fetch_tickets(round_, hospital.staff)
    fetched = seen_by(client, hospital.staff).content
    vote(round_, hospital.head, {subject: GOOD})
    tickets = factories.fetch_tickets(round_, hospital.deputy)
    before = seen_by(client, hospital.deputy).content
    vote(round_, hospital.deputy, {subject: POOR}, tickets=tickets)

    assert b"not fetched yet" not in fetched
    assert _without_token(seen_by(client, hospital.deputy).content) == _without_token(before)


def _without_token(page):
    return re.sub(rb'"X-CSRFToken": "[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def test_after_the_count_the_page_leads_to_the_board(client, hospital, round_):
    count(round_)

    page = seen_by(client, hospital.staff).content.decode()
    assert f'href="/box/{round_.election_id}/board/"' in page
    assert f'href="/box/{round_.election_id}/"' not in page


def test_one_round_costs_what_three_cost(hospital, round_, django_assert_num_queries):
    staff = again(hospital.staff)
    with django_assert_num_queries(2):
        one = queries.my_rounds(staff)
    for number in (2, 3):
        a_frozen_round(hospital, name=f"第{number}次")

    with django_assert_num_queries(2):
        three = queries.my_rounds(staff)

    assert [len(one), len(three)] == [1, 3]
    assert [len(standing.heads) for standing in three] == [2, 2, 2]


def test_boxes_to_fetch_tickets_for_are_told_with_the_token_and_without_keys(
    client, hospital, round_
):
    client.force_login(hospital.staff)

    answer = client.get(reverse("voting:tickets"))

    said = answer.json()
    own = {str(box) for box in factories.mine(round_, hospital.staff)}
    assert {seat["box"] for seat in said["rounds"][0]["boxes"]} == own
    assert len(own) == 4
    assert {frozenset(seat) for seat in said["rounds"][0]["boxes"]} == {
        frozenset({"box", "subject", "issued"})
    }
    assert said["rounds"][0]["election"] == str(round_.election_id)
    assert said["csrf"]
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "times",
    [
        {"tickets_from": hours(1), "opens_at": hours(2), "closes_at": hours(3)},
        {"tickets_from": hours(-3), "opens_at": hours(-2), "closes_at": hours(-1)},
    ],
    ids=["before", "after"],
)
def test_outside_the_time_of_tickets_there_is_nothing_to_fetch(client, hospital, round_, times):
    at(round_, **times)
    client.force_login(hospital.staff)

    assert client.get(reverse("voting:tickets")).json()["rounds"] == []


def test_which_boxes_are_issued_is_told_to_the_voter_himself(client, hospital, round_):
    factories.fetch_tickets(
        round_, hospital.staff, factories.boxes_of(round_, hospital.staff).values()
    )
    client.force_login(hospital.staff)

    seats = client.get(reverse("voting:tickets")).json()["rounds"][0]["boxes"]

    issued = {seat["box"] for seat in seats if seat["issued"]}
    assert issued == {str(box) for box in factories.boxes_of(round_, hospital.staff).values()}
    comments = factories.boxes_of(round_, hospital.staff, BoxKind.COMMENT).values()
    assert {seat["box"] for seat in seats} - issued == {str(box) for box in comments}
