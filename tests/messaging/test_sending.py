"""What became of a message: sent, tried again, given up, or nothing left to say."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from messaging import channels
from messaging.actions import planning, sending
from messaging.models import Delivery, DeliveryState, ReminderChoice
from messaging.queries import digest_of
from tests.messaging.conftest import MONDAY, at
from tests.messaging.test_planning import at_the_same_time
from tests.organisation.factories import PersonFactory

pytestmark = pytest.mark.django_db
NINE = at(9)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def person():
    return PersonFactory(name="李敏", email="li@hospital.example")


class OutOfOrder(channels.Post):
    """A mail server that cannot be reached."""

    def send(self, key, envelope):
        raise channels.SendError("The mail server could not be reached or refused.")


def send_next(now=NINE, post=None):
    delivery = sending.take(now)
    return delivery and sending.send(delivery, post or channels.Post(), now=now)


def planned(things, person, *titles):
    things.wait_for(person, *titles)
    planning.plan(at(8, 30))
    return Delivery.objects.get()


def test_a_digest_names_what_waits_and_where(things, person):
    delivery = planned(things, person, "A1", "B1")

    assert send_next() == DeliveryState.SENT

    [message] = mail.outbox
    assert message.to == ["li@hospital.example"]
    assert message.subject == "Rectification: 2 things wait for you"
    assert message.body.splitlines() == [
        "李敏:",
        "",
        "Kind A: A1",
        "  http://127.0.0.1:8000/things/A1/",
        "Kind B: B1",
        "  http://127.0.0.1:8000/things/B1/",
        "",
        "Everything that waits for you: http://127.0.0.1:8000/",
        "How you are reminded is for you to choose: http://127.0.0.1:8000/me/reminders/",
    ]
    assert message.extra_headers["Message-ID"] == delivery.message_id
    delivery.refresh_from_db()
    assert (delivery.state, delivery.channel, delivery.attempts) == ("sent", "mail", 1)
    assert delivery.sent_at is not None


def test_seven_lines_at_most_and_no_kind_hides_another(things, person):
    things.wait_for(person, *[f"A{n}" for n in range(9)], *[f"B{n}" for n in range(3)], "C0")

    message = digest_of(person, MONDAY)

    titles = [line.title for _group, line in message.lines]
    assert titles == ["A0", "A1", "A2", "B0", "B1", "B2", "C0"]
    assert "and 6 more" in message.text(is_brief=False)
    assert message.subject == "Rectification: 13 things wait for you"


def test_where_others_read_along_there_are_no_titles(things, person):
    things.wait_for(person, "A-secret")

    text = digest_of(person, MONDAY).text(is_brief=True)

    assert text == "Rectification: 1 things wait for you\nhttp://127.0.0.1:8000/"


def test_what_was_done_meanwhile_is_not_reminded_of(things, person):
    delivery = planned(things, person, "A1")
    things.wait_for(person)

    assert send_next() == DeliveryState.NOTHING

    delivery.refresh_from_db()
    assert (delivery.state, mail.outbox) == ("nothing", [])


def test_who_switched_messages_off_meanwhile_gets_none(things, person):
    planned(things, person, "A1")
    ReminderChoice.objects.create(person=person, channel="none")

    assert send_next() == DeliveryState.NOTHING
    assert mail.outbox == []


def test_the_language_of_the_receiver_is_the_language_of_the_message(things, person):
    person.language = "zh-hans"
    person.save()
    planned(things, person, "A1")

    send_next()

    assert "things wait" not in mail.outbox[0].subject


def test_a_failure_is_tried_again_later_and_later_and_then_told(things, person):
    planned(things, person, "A1")
    now, waited = NINE, []

    while (state := send_next(now, OutOfOrder())) == DeliveryState.WAITING:
        delivery = Delivery.objects.get()
        waited.append((delivery.next_at - now) // MINUTE)
        assert sending.take(delivery.next_at - MINUTE / 2) is None
        now = delivery.next_at

    assert waited == [1, 5, 15, 60, 60, 60, 60]
    assert state == DeliveryState.FAILED
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("failed", 8)
    assert delivery.error == "The mail server could not be reached or refused."


def test_after_a_failure_the_same_message_goes_out_under_the_same_number(things, person):
    delivery = planned(things, person, "A1")
    send_next(NINE, OutOfOrder())

    send_next(NINE + MINUTE)

    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [delivery.message_id]
    assert Delivery.objects.get().error == ""


def test_a_mistake_of_ours_holds_up_nobody_else_and_tells_no_secrets(things, person, caplog):
    other = PersonFactory(email="wang@hospital.example")
    things.wait_for(other, "A1")
    things.waiting[person.pk] = [None]
    planning.plan(at(8, 30))

    states = {send_next(), send_next()}

    assert states == {DeliveryState.WAITING, DeliveryState.SENT}
    failed = Delivery.objects.get(person=person)
    assert failed.error == "The message could not be put together; the log has the reason."
    assert "TypeError" in caplog.text


def test_whoever_was_killed_in_the_middle_is_followed_by_another_when_his_lease_is_over(
    things, person
):
    planned(things, person, "A1")
    lost = sending.take(NINE)

    assert sending.take(NINE + sending.LEASE) is None
    again = sending.take(NINE + sending.LEASE + MINUTE)

    assert (again.pk, again.attempts, again.message_id) == (lost.pk, 2, lost.message_id)


def test_a_sender_that_lost_its_message_changes_nothing(things, person):
    planned(things, person, "A1")
    slow = sending.take(NINE)
    sending.send(
        sending.take(NINE + sending.LEASE + MINUTE), channels.Post(), now=NINE + 2 * sending.LEASE
    )

    sending.send(slow, OutOfOrder(), now=NINE + 2 * sending.LEASE)

    assert Delivery.objects.get().state == DeliveryState.SENT


def test_a_message_that_kills_every_sender_is_given_up(things, person):
    planned(things, person, "A1")
    now = NINE
    for _nth in range(sending.ATTEMPTS):
        assert sending.take(now) is not None
        now += sending.LEASE + MINUTE

    assert sending.take(now) is None
    assert Delivery.objects.get().state == DeliveryState.FAILED


@pytest.mark.parametrize(
    ("kind", "attempts", "now", "state"),
    [
        ("digest", 0, at(20), "failed"),
        ("digest", 2, at(20), "failed"),
        ("returned", 0, at(20), "held"),
        ("returned", 1, at(20), "failed"),
        ("returned", 0, at(9, day=MONDAY + dt.timedelta(days=1)), "held"),
        ("digest", 0, at(9, day=MONDAY + dt.timedelta(days=1)), "failed"),
        ("test", 0, at(20), "waiting"),
        ("test", 0, at(9, day=MONDAY + dt.timedelta(days=1)), "failed"),
        ("digest", 0, at(19, 59), "waiting"),
    ],
)
def test_what_came_too_late_ends(person, kind, attempts, now, state):
    Delivery.objects.create(
        person=person,
        day=MONDAY,
        kind=kind,
        key=f"{kind}:1",
        attempts=attempts,
        next_at=NINE,
        created_at=NINE,
    )

    sending.settle(now)

    assert Delivery.objects.get().state == state


def test_in_the_quiet_hours_only_a_test_is_taken(things, person):
    planned(things, person, "A1")

    assert sending.take(at(20, 1)) is None


@pytest.mark.django_db(transaction=True)
def test_two_senders_take_each_message_once(things):
    for n in range(12):
        things.wait_for(PersonFactory(email=f"{n}@hospital.example"), "A1")
    planning.plan(at(8, 30))

    def take_all():
        return [row.pk for row in iter(lambda: sending.take(NINE), None)]

    taken = [pk for pks in at_the_same_time(*[take_all] * 4) for pk in pks]

    assert sorted(taken) == sorted(Delivery.objects.values_list("pk", flat=True))


def test_a_row_that_is_sent_says_when(person):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="delivery_sent_with_its_moment"), transaction.atomic():
        Delivery.objects.create(
            person=person,
            day=MONDAY,
            kind="digest",
            key="digest:x",
            state="sent",
            created_at=timezone.now(),
        )
