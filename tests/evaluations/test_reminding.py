"""Everybody on the roll is told of a vote, and nobody is told because he has not voted."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from evaluations.queries import reminding
from evaluations.states import RoundState
from messaging import sources
from organisation.models import Person
from tests.evaluations.factories import (
    GOOD,
    a_frozen_round,
    at,
    electors,
    hours,
    mine,
    vote,
)
from tests.people import again

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def round_(hospital):
    return a_frozen_round(hospital)


def told(notices, moment):
    """Key → people, of what is found in the minute around a moment."""
    found = {}
    for notice in notices(moment - MINUTE, moment + MINUTE):
        found.setdefault(notice.key, set()).add(notice.person)
    return found


def everybody(hospital):
    return {person.pk for person in electors(hospital)}


def test_when_voting_opens_everybody_on_the_roll_is_told(hospital, round_):
    assert told(reminding.opens_notices, round_.opens_at) == {
        f"voting_opens:{round_.pk}": everybody(hospital)
    }
    assert told(reminding.opens_notices, round_.opens_at + 10 * MINUTE) == {}


@pytest.mark.parametrize("before", [24, 2])
def test_a_day_and_two_hours_before_the_close_everybody_is_told(hospital, round_, before):
    round_ = at(round_, tickets_from=hours(-90), opens_at=hours(-72), closes_at=hours(30))
    moment = round_.closes_at - dt.timedelta(hours=before)

    assert told(reminding.closes_notices, moment) == {
        f"voting_closes:{round_.pk}:{before}": everybody(hospital)
    }


def test_who_voted_and_who_did_not_are_told_alike(hospital, round_):
    round_ = at(round_, tickets_from=hours(-90), opens_at=hours(-72), closes_at=hours(24))
    before = told(reminding.closes_notices, hours(0))
    [*subjects] = round_.subjects.all()

    vote(round_, hospital.staff, dict.fromkeys(subjects, GOOD))

    assert told(reminding.closes_notices, hours(0)) == before
    assert before == {f"voting_closes:{round_.pk}:24": everybody(hospital)}
    groups = [
        [(group.total, group.lines) for group in reminding.groups(again(person), key, most=7)]
        for person in (hospital.staff, hospital.deputy)
        for key in before
    ]
    assert groups[0] == groups[1]


def test_a_round_that_was_cancelled_or_is_over_says_nothing(hospital, round_):
    key = f"voting_opens:{round_.pk}"
    assert [group.total for group in reminding.groups(hospital.staff, key, most=7)] == [1]

    at(round_, tickets_from=hours(-9), opens_at=hours(-8), closes_at=hours(-1))

    assert [group.total for group in reminding.groups(hospital.staff, key, most=7)] == [0]
    round_ = at(round_, closes_at=hours(5))
    type(round_).objects.filter(pk=round_.pk).update(state=RoundState.CANCELLED)
    assert told(reminding.opens_notices, round_.opens_at) == {}


def test_who_may_not_sign_in_any_more_is_not_told(hospital, round_):
    Person.objects.filter(pk=hospital.staff.pk).update(is_active=False)

    [people] = told(reminding.opens_notices, round_.opens_at).values()

    assert people == everybody(hospital) - {hospital.staff.pk}


def test_the_message_names_neither_heads_nor_how_many_voted(hospital, round_):
    [group] = reminding.groups(hospital.staff, f"voting_opens:{round_.pk}", most=7)

    [line] = group.lines
    assert line.title == round_.name
    assert line.url == "/voting/"
    assert "门诊主任" not in line.note


def test_the_digest_has_it_on_the_first_and_the_last_working_day(hospital, round_, monkeypatch):
    monday = dt.date(2026, 11, 16)

    def noon(day):
        return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))

    saturday, thursday = monday - dt.timedelta(days=2), monday + dt.timedelta(days=3)
    at(round_, tickets_from=noon(saturday), opens_at=noon(saturday), closes_at=noon(thursday))

    days = {
        day
        for day in (monday + dt.timedelta(days=n) for n in range(-4, 8))
        if hospital.staff.pk in reminding.people(day)
    }

    assert days == {monday, thursday}
    for day in (monday, monday + dt.timedelta(days=1)):
        [group] = reminding.lines(again(hospital.staff), day, most=7)
        assert group.total == reminding.people(day).get(hospital.staff.pk, {}).get(
            hospital.campaign.pk, 0
        )


def test_the_last_day_stands_in_ones_own_calendar(hospital, round_):
    [entry] = reminding.deadlines(hospital.staff)

    assert (entry.day, entry.url) == (timezone.localdate(round_.closes_at), "/voting/")
    assert list(reminding.deadlines(hospital.secretary)) == []


def test_the_sources_are_known_to_those_who_send(hospital, round_):
    assert {"voting_opens", "voting_closes"} <= set(sources.labels())
    day = timezone.localdate(round_.opens_at)
    assert sources.people(day) is not None
    assert mail.outbox == []


def test_everybodys_home_names_the_open_vote_and_costs_one_query(
    client, hospital, round_, django_assert_num_queries
):
    staff = again(hospital.staff)
    with django_assert_num_queries(1):
        assert reminding.open_votes(staff, timezone.now()) == [round_]
    client.force_login(hospital.staff)

    assert round_.name in client.get("/").content.decode()
    assert len(mine(round_, hospital.staff)) == 4

    client.force_login(hospital.secretary)
    assert round_.name not in client.get("/").content.decode()
