"""A ballot on paper: no script, no account, no cookie, the same boxes."""

import re

import pytest
from django.test import Client

from ballots import keyring
from ballots.actions import print_slips
from ballots.actions.slips import tidied
from ballots.models import BoardEntry, Comment
from evaluations.actions import give_slip
from evaluations.models import Electorate
from tests.evaluations.factories import a_frozen_round, at, closed, count, hours
from tests.people import again

pytestmark = pytest.mark.django_db

SLIP = "/box/slip/"


@pytest.fixture
def round_(hospital):
    return a_frozen_round(hospital)


def drawn(hospital, round_, *, is_for_comments=False):
    """The code of a slip that somebody on the roll has drawn."""
    subject = round_.subjects.get(person=hospital.head)
    electorate = Electorate.objects.get(subject=subject, is_for_comments=is_for_comments)
    [code] = print_slips(electorate.box, 1)
    give_slip(electorate, hospital.vp, by=again(hospital.office))
    return electorate, code


def chosen(code, *grades):
    return {"c": code} | {f"d{at}": grade for at, grade in enumerate(grades)}


def test_the_code_opens_the_ballot_of_its_box(client, hospital, round_):
    _electorate, code = drawn(hospital, round_)

    page = client.get(SLIP, {"c": code}).content.decode()

    assert "门诊主任" in page
    assert [d for d in round_.dimensions if d in page] == list(round_.dimensions)
    assert len(re.findall(r'type="radio"', page)) == 4 * 5
    assert "<script" not in page


@pytest.mark.parametrize("write", [str.lower, lambda code: " ".join(re.findall(".{1,6}", code))])
def test_the_code_may_be_typed_as_people_type(client, hospital, round_, write):
    _electorate, code = drawn(hospital, round_)

    assert client.get(SLIP, {"c": write(code)}).status_code == 200


def test_signs_that_no_code_has_are_read_as_those_that_they_look_like():
    assert tidied(" ab－0o1i ") == "ABQQLL"


def test_a_wrong_code_is_said_to_be_wrong(client, round_):
    answer = client.get(SLIP, {"c": "WRONG"})

    assert answer.status_code == 404
    assert "Compare each character" in answer.content.decode()
    assert 'value="WRONG"' in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, {"cookie": "sessionid=abc; csrftoken=def"}])
def test_a_slip_votes_with_and_without_cookies_and_sets_none(hospital, round_, headers):
    electorate, code = drawn(hospital, round_)

    answer = Client(headers=headers).post(SLIP, chosen(code, 1, 2, 3, 5))

    assert answer.status_code == 200
    assert not answer.cookies
    receipt = re.search(r"<code>([0-9A-Z-]+)</code>", answer.content.decode())[1]
    count(round_)
    assert BoardEntry.objects.get(box=electorate.box).receipt == receipt.replace("-", "")


def test_the_same_slip_votes_again_and_the_last_ballot_counts(client, hospital, round_):
    electorate, code = drawn(hospital, round_)
    client.post(SLIP, chosen(code, 4, 4, 4, 4))
    client.post(SLIP, chosen(code, 1, 1, 1, 1))

    count(round_)

    assert electorate.box.tally.accepted == 1


def test_a_missing_answer_is_asked_for_and_the_others_are_kept(client, hospital, round_):
    _electorate, code = drawn(hospital, round_)

    answer = client.post(SLIP, chosen(code, 1, 2, 3))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Answer every question" in page
    assert len(re.findall(" checked", page)) == 3


@pytest.mark.parametrize("grade", ["6", "-1", "x", "１", "1" * 400])
def test_an_answer_that_is_not_offered_is_none(client, hospital, round_, grade):
    _electorate, code = drawn(hospital, round_)

    assert client.post(SLIP, chosen(code, 1, 1, 1, grade)).status_code == 422


def test_a_slip_for_comments_takes_phrases_and_words(client, hospital, round_):
    electorate, code = drawn(hospital, round_, is_for_comments=True)
    client.post(SLIP, {"c": code, "chip": ["2", "1", "99"], "text": "办事\r\n很快"})

    count(round_)

    comment = Comment.objects.get()
    assert (comment.box, comment.chips, comment.text) == (electorate.box, [1, 2], "办事\n很快")


@pytest.mark.parametrize("text", ["", "长" * 201])
def test_an_empty_or_too_long_comment_is_kept_in_the_form(client, hospital, round_, text):
    _electorate, code = drawn(hospital, round_, is_for_comments=True)

    answer = client.post(SLIP, {"c": code, "text": text})

    assert answer.status_code == 422
    assert text in answer.content.decode()


def test_before_and_after_the_vote_the_page_says_when(client, hospital, round_):
    _electorate, code = drawn(hospital, round_)

    at(round_, opens_at=hours(1), closes_at=hours(2))
    early = client.get(SLIP, {"c": code}).content.decode()
    closed(round_)
    late = client.get(SLIP, {"c": code}).content.decode()
    refused = client.post(SLIP, chosen(code, 1, 1, 1, 1))

    assert "Keep the slip until then" in early
    assert "no slip is taken any more" in late
    assert refused.status_code == 409
    assert len(re.findall(" checked", refused.content.decode())) == 4


def test_without_the_key_of_the_boxes_the_page_asks_to_try_again(client, hospital, round_):
    _electorate, code = drawn(hospital, round_)
    keyring.destroy(round_.election_id)

    answer = client.post(SLIP, chosen(code, 1, 1, 1, 1))

    assert answer.status_code == 503
    assert "Try again later" in answer.content.decode()


def test_too_long_a_form_is_refused(client, hospital, round_):
    _electorate, code = drawn(hospital, round_)

    assert client.post(SLIP, chosen(code, 1, 1, 1, 1) | {"x": "x" * 20_000}).status_code == 400


def test_after_the_count_no_slip_is_known(client, hospital, round_):
    _electorate, code = drawn(hospital, round_)
    count(round_)

    assert client.get(SLIP, {"c": code}).status_code == 404
