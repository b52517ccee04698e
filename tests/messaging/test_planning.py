"""Who gets which message: once, within the hours, and no more than so many a day."""

import datetime as dt
import threading

import pytest
from django.db import connection

from messaging import clock
from messaging.actions import planning
from messaging.clock import Hours
from messaging.models import Delivery, DeliveryState, ReminderChoice, ReminderRun
from messaging.sources import Notice
from organisation.clock import WorkingCalendar
from tests.messaging.conftest import MONDAY, at
from tests.organisation.factories import PersonFactory

pytestmark = pytest.mark.django_db
SATURDAY = MONDAY - dt.timedelta(days=2)
HOURS = Hours(dt.time(8, 30), dt.time(20, 0), dt.time(8, 0))
SPRING = WorkingCalendar(
    working=frozenset({dt.date(2026, 2, 14)}), resting=frozenset({dt.date(2026, 2, 17)})
)


@pytest.fixture
def person():
    return PersonFactory(email="li@hospital.example")


def planned():
    return {(row.person_id, row.key, row.state) for row in Delivery.objects.all()}


@pytest.mark.parametrize(
    ("time", "is_quiet"),
    [("20:00", True), ("23:59", True), ("07:59", True), ("08:00", False), ("19:59", False)],
)
def test_quiet_hours_run_over_midnight(time, is_quiet):
    assert HOURS.is_quiet(dt.time.fromisoformat(time)) is is_quiet


def test_quiet_hours_within_a_day_and_none_at_all():
    assert Hours(dt.time(8), dt.time(12), dt.time(14)).is_quiet(dt.time(13))
    assert not Hours(dt.time(8), dt.time(12), dt.time(14)).is_quiet(dt.time(14))
    assert not Hours(dt.time(8), dt.time(0), dt.time(0)).is_quiet(dt.time(3))


@pytest.mark.parametrize(
    ("day", "may"), [(dt.date(2026, 2, 14), True), (dt.date(2026, 2, 17), False)]
)
def test_the_working_calendar_says_which_days_are_worked(day, may):
    assert clock.may_send(at(9, day=day), HOURS, SPRING) is may


def test_one_digest_for_everybody_with_something_waiting(things, person):
    other, idle = PersonFactory(email="wang@hospital.example"), PersonFactory(email="x@y.example")
    things.wait_for(person, "A1")
    things.wait_for(other, "A2", "A3")
    things.wait_for(idle)

    assert planning.plan(at(8, 30)) == 2

    key = "digest:2026-11-23"
    assert planned() == {(person.pk, key, "waiting"), (other.pk, key, "waiting")}
    assert ReminderRun.objects.get().digests == 2
    assert things.prepared == [MONDAY]


def test_planned_twice_it_is_planned_once(things, person):
    things.wait_for(person, "A1")

    assert [planning.plan(at(8, 30)), planning.plan(at(8, 31)), planning.plan(at(15))] == [1, 0, 0]
    assert planning.plan(at(8, 30, MONDAY + dt.timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        (at(8, 29), 0),
        (at(8, 30), 1),
        (at(19, 59), 1),  # the machine was down in the morning
        (at(20), 0),
        (at(9, day=SATURDAY), 0),
    ],
)
def test_digests_are_planned_from_their_hour_until_the_quiet_hours_of_a_working_day(
    things, person, moment, count
):
    things.wait_for(person, "A1")

    assert planning.plan(moment) == count


@pytest.mark.parametrize(
    "chosen",
    [
        {"channel": "none"},
        {"channel": "mail", "wants_digest": False},
        {"channel": "wecom", "address": "li"},  # not configured here
    ],
)
def test_who_wants_none_or_cannot_be_reached_gets_no_digest(things, person, chosen):
    ReminderChoice.objects.create(person=person, **chosen)
    things.wait_for(person, "A1")
    things.wait_for(PersonFactory(email=""), "A1")
    things.wait_for(PersonFactory(email="gone@hospital.example", is_active=False), "A1")

    assert planning.plan(at(9)) == 0


def test_another_address_than_the_one_kept_with_the_name(things):
    person = PersonFactory(email="")
    ReminderChoice.objects.create(person=person, channel="mail", address="private@mail.example")
    things.wait_for(person, "A1")

    assert planning.plan(at(9)) == 1


def test_what_happens_is_told_at_once_and_once(things, person):
    things.happen(person, "7")

    assert [planning.plan_urgent(at(10)), planning.plan_urgent(at(10, 1))] == [1, 0]
    assert planned() == {(person.pk, "returned:7", "waiting")}


@pytest.mark.parametrize("moment", [at(21), at(6), at(10, day=SATURDAY)])
def test_in_quiet_hours_and_on_rest_days_it_is_left_to_the_digest(things, person, moment):
    things.happen(person, "7")

    planning.plan_urgent(moment)

    assert planned() == {(person.pk, "returned:7", "held")}


def test_three_messages_a_day_and_the_rest_is_left_to_the_digest(things, person):
    things.wait_for(person, "A1")
    planning.plan(at(8, 30))
    things.happen(person, "1", "2", "3", "4")

    planning.plan_urgent(at(10))

    assert [(row.key, row.state) for row in Delivery.objects.order_by("pk")] == [
        ("digest:2026-11-23", "waiting"),
        ("returned:1", "waiting"),
        ("returned:2", "waiting"),
        ("returned:3", "held"),
        ("returned:4", "held"),
    ]


def test_before_the_digest_one_message_is_kept_back_for_it(things, person):
    things.wait_for(person, "A1")
    things.happen(person, "1", "2", "3")
    planning.plan_urgent(at(8, 10))

    planning.plan(at(8, 30))

    states = dict(Delivery.objects.values_list("key", "state"))
    assert states == {
        "returned:1": "waiting",
        "returned:2": "waiting",
        "returned:3": "held",
        "digest:2026-11-23": "waiting",
    }


def test_what_is_of_the_day_is_planned_with_the_digests(things, person):
    things.of_today = [Notice(person.pk, "last_day:2026-11-23")]

    planning.plan(at(8, 30))

    assert planned() == {(person.pk, "last_day:2026-11-23", "waiting")}


def test_a_rehearsal_leaves_nothing_behind(things, person):
    things.wait_for(person, "A1")

    with planning.rehearsal():
        planned_then, rows = planning.plan_day(MONDAY, now=at(8, 30))

    assert [(one.person, one.key) for one in planned_then] == [(person.pk, "digest:2026-11-23")]
    assert len(rows) == 1
    assert (Delivery.objects.count(), ReminderRun.objects.count()) == (0, 0)


def test_the_next_run_is_todays_until_it_has_been(things):
    assert planning.next_run(at(7)) == MONDAY
    assert planning.next_run(at(21)) == MONDAY + dt.timedelta(days=1)
    assert planning.next_run(at(9, day=SATURDAY)) == MONDAY
    planning.plan(at(9))
    assert planning.next_run(at(9, 1)) == MONDAY + dt.timedelta(days=1)


def test_many_people_cost_as_many_statements_as_one(things, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    def statements(day):
        with CaptureQueriesContext(connection) as captured:
            planning.plan(at(9, day=day))
        return len(captured)

    things.wait_for(PersonFactory(email="a@b.example"), "A1")
    of_one = statements(MONDAY)
    for n in range(5):
        things.wait_for(PersonFactory(email=f"{n}@b.example"), "A1")

    assert statements(MONDAY + dt.timedelta(days=1)) == of_one
    assert Delivery.objects.count() == 7


def at_the_same_time(*functions):
    """Run each in a thread with a connection of its own; what they returned."""
    ready, results = threading.Barrier(len(functions)), []

    def run(function):
        try:
            ready.wait()
            results.append(function())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_plan_a_day_once(things):
    for n in range(20):
        things.wait_for(PersonFactory(email=f"{n}@hospital.example"), "A1")

    results = at_the_same_time(*[lambda: planning.plan(at(8, 30))] * 4)

    assert sorted(results) == [0, 0, 0, 20]
    assert Delivery.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_together_keep_to_the_number_of_a_day(things, person):
    things.wait_for(person, "A1")
    planning.plan(at(8, 30))
    things.happen(person, *"123456")

    at_the_same_time(*[lambda: planning.plan_urgent(at(10))] * 4)

    rows = Delivery.objects.filter(person=person)
    assert rows.count() == 7
    assert rows.exclude(state=DeliveryState.HELD).count() == 3
