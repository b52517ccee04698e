"""How I am reminded, my calendar link, and the administrator's list of messages."""

import datetime as dt
import re

import icalendar
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from messaging import actions, tasks  # noqa: F401 -- the worker knows its tasks
from messaging.actions import choosing
from messaging.models import CalendarLink, Delivery, ReminderChoice
from organisation.models import CalendarDay, CalendarYear
from tests.htmx import assert_same_part
from tests.organisation.factories import PersonFactory
from tests.people import again
from tests.rectification.factories import an_item

pytestmark = pytest.mark.django_db
CHOICE = "messaging:choice"


@pytest.fixture
def person(client):
    person = PersonFactory(name="李敏", email="li@hospital.example")
    client.force_login(person)
    return person


@pytest.fixture
def administrator(client):
    person = PersonFactory(name="系统管理员", is_administrator=True)
    client.force_login(person)
    return person


@pytest.fixture
def working_hours(settings):
    """At any hour of any day on which the tests run."""
    settings.QUIET_FROM = settings.QUIET_UNTIL = dt.time(0)
    today = timezone.localdate()
    year = CalendarYear.objects.create(year=today.year, version=77, source="test")
    CalendarDay.objects.create(calendar=year, date=today, kind="make_up")


def a_delivery(**facts):
    facts = {
        "person": facts.get("person") or PersonFactory(name="王强", email="wang@h.example"),
        "day": timezone.localdate(),
        "kind": "digest",
        "key": f"digest:{timezone.localdate()}",
        "created_at": timezone.now(),
        **facts,
    }
    return Delivery.objects.create(**facts)


def test_the_page_offers_what_is_configured_and_nothing_else(client, person, settings):
    settings.CHANNELS = {"feishu": "feishu://{address}", "wecom": ""}

    page = client.get(reverse(CHOICE)).content.decode()

    assert "Feishu robot" in page
    assert "WeCom" not in page
    assert "li@hospital.example" in page


def test_a_choice_is_kept_and_the_trail_does_not_tell_the_address(client, person):
    response = client.post(reverse(CHOICE), {"channel": "mail", "address": "private@mail.example"})

    assert response.status_code == 302
    choice = ReminderChoice.objects.get(person=person)
    assert (choice.channel, choice.address, choice.wants_digest) == (
        "mail",
        "private@mail.example",
        False,
    )
    [event] = Event.objects.filter(action="messaging.choose")
    assert "private" not in str((event.before, event.after, event.detail, event.subject_label))


@pytest.mark.parametrize(
    ("channel", "address", "is_fit"),
    [
        ("mail", "", True),  # the address kept with the name
        ("mail", "not an address", False),
        ("wecom", "limin", True),
        ("wecom", "@all", False),
        ("wecom", "all", False),
        ("wecom", "li,wang", False),
        ("wecom", "#1", False),
        ("sms", "13800138000", True),
        ("sms", "138", False),
        ("feishu", "a1b2c3d4-e5f6", True),
        ("feishu", "x/y/z12345", False),
        ("dingtalk", "", False),
        ("carrier pigeon", "x", False),
    ],
)
def test_an_address_must_be_one_person_on_that_channel(
    client, person, settings, channel, address, is_fit
):
    settings.CHANNELS = dict.fromkeys(("wecom", "dingtalk", "feishu", "sms"), "json://h/{address}")

    response = client.post(reverse(CHOICE), {"channel": channel, "address": address})

    assert response.status_code == (302 if is_fit else 422)
    assert ReminderChoice.objects.exists() is is_fit
    if not is_fit and address:
        assert f'value="{address}"' in response.content.decode()


def test_a_test_message_goes_out_at_any_hour(client, person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("messaging:send_test"))

    [message] = mail.outbox
    assert message.to == ["li@hospital.example"]
    assert Delivery.objects.get().state == "sent"


def test_a_fourth_test_within_ten_minutes_is_refused(client, person):
    for _nth in range(choosing.TESTS + 1):
        response = client.post(reverse("messaging:send_test"), follow=True)

    assert Delivery.objects.count() == choosing.TESTS
    assert "Wait ten minutes" in response.content.decode()


def test_without_an_address_there_is_nothing_to_test(client, person):
    person.email = ""
    person.save()

    response = client.post(reverse("messaging:send_test"), follow=True)

    assert "First choose how you are reached" in response.content.decode()
    assert Delivery.objects.count() == 0


# The calendar


def test_the_link_is_shown_once_and_kept_as_a_hash(client, person):
    page = client.post(reverse("messaging:make_calendar_link"))

    [secret] = re.findall(r"/calendar/([\w-]+)\.ics", page.content.decode())
    link = CalendarLink.objects.get(person=person)
    assert link.secret_hash == CalendarLink.hash_of(secret) != secret
    assert len(secret) >= 43
    assert secret not in client.get(reverse(CHOICE)).content.decode()
    assert secret not in str(list(Event.objects.values()))
    assert page.headers["Cache-Control"].startswith("max-age=0")


def test_the_calendar_shows_ones_own_deadlines_to_whoever_has_the_link(hospital, client):
    item = an_item(hospital, due_on=dt.date(2026, 11, 27))
    an_item(hospital, lead_department=hospital.surgery, responsible_leader=hospital.vp2)
    secret = actions.make_calendar_link(by=hospital.head)

    answer = client.get(reverse("messaging:calendar_feed", args=[secret]))

    calendar = icalendar.Calendar.from_ical(answer.content)
    [event] = calendar.walk("VEVENT")
    assert (event["UID"], event["SUMMARY"]) == (f"ledger-item-{item.pk}@127.0.0.1", str(item))
    assert (event.start, event.end) == (dt.date(2026, 11, 27), dt.date(2026, 11, 28))
    assert event["URL"] == f"http://127.0.0.1:8000{item.get_absolute_url()}"
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=900"


def test_an_entry_keeps_its_name_when_the_deadline_moves(hospital, client):
    item = an_item(hospital, due_on=dt.date(2026, 11, 27))
    url = reverse("messaging:calendar_feed", args=[actions.make_calendar_link(by=hospital.head)])

    def uid():
        calendar = icalendar.Calendar.from_ical(client.get(url).content)
        return [(event["UID"], event.start) for event in calendar.walk("VEVENT")]

    [(before, _day)] = uid()
    type(item).objects.filter(pk=item.pk).update(due_on=dt.date(2026, 12, 4))

    assert uid() == [(before, dt.date(2026, 12, 4))]


def test_a_calendar_costs_the_same_whatever_the_deadlines(
    hospital, client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    url = reverse("messaging:calendar_feed", args=[actions.make_calendar_link(by=hospital.head)])

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    an_item(hospital)
    of_one = cost()
    an_item(hospital)
    an_item(hospital)
    assert cost() == of_one


@pytest.mark.parametrize("why", ["unknown", "renewed", "ended", "closed account"])
def test_an_old_link_opens_nothing(hospital, client, why):
    head = again(hospital.head)
    secret = actions.make_calendar_link(by=head)
    if why == "unknown":
        secret = secret[::-1]
    elif why == "renewed":
        actions.make_calendar_link(by=head)
    elif why == "ended":
        actions.end_calendar_link(by=head)
    else:
        type(head).objects.filter(pk=head.pk).update(is_active=False)

    assert client.get(reverse("messaging:calendar_feed", args=[secret])).status_code == 404


def test_reading_a_calendar_is_no_sign_in(hospital, client):
    url = reverse("messaging:calendar_feed", args=[actions.make_calendar_link(by=hospital.head)])

    answer = client.get(url)

    assert hospital.head.sign_ins.count() == 0
    assert answer.cookies == {}


# The administrator's list


def test_the_administrator_sees_what_failed_and_why_but_not_what_it_said(client, administrator):
    a_delivery(state="failed", attempts=8, error="The mail server refuses this address.")

    page = client.get(reverse("messaging:deliveries")).content.decode()

    assert "王强" in page
    assert "The mail server refuses this address." in page
    assert "wang@h.example" not in page


def test_the_list_is_narrowed_to_a_state_as_a_part_and_as_a_page(client, administrator):
    a_delivery(state="failed")
    a_delivery(
        person=PersonFactory(name="赵一"), state="sent", sent_at=timezone.now(), key="digest:x"
    )
    url = reverse("messaging:deliveries") + "?state=failed"

    page = client.get(url).content.decode()

    assert "王强" in page
    assert "赵一" not in page
    assert_same_part(client, url, "delivery-table")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_row_or_three(client, administrator, rows):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for n in range(rows):
        a_delivery(person=PersonFactory(), state="failed", key=f"digest:{n}")

    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("messaging:deliveries"))

    assert sum("messaging_delivery" in one["sql"] for one in captured) == 2


def test_what_failed_today_is_sent_again(
    client, administrator, things, working_hours, django_capture_on_commit_callbacks
):
    delivery = a_delivery(state="failed", attempts=8, error="x")
    things.wait_for(delivery.person, "A1")

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("messaging:send_again"), {"pk": [delivery.pk]})

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 1, "")
    assert [message.to for message in mail.outbox] == [["wang@h.example"]]
    assert Event.objects.filter(action="messaging.send_again").count() == 1


@pytest.mark.parametrize(
    "facts", [{"state": "held"}, {"state": "failed", "key": "digest:2020-01-01"}]
)
def test_what_todays_digest_says_is_not_sent_again(client, administrator, working_hours, facts):
    delivery = a_delivery(**facts)

    response = client.post(
        reverse("messaging:send_again"), {"pk": [delivery.pk, "x", "9" * 30]}, follow=True
    )

    assert "There is nothing to send again" in response.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == facts["state"]


def test_in_the_quiet_hours_nothing_is_sent_again(client, administrator, settings):
    settings.QUIET_FROM, settings.QUIET_UNTIL = dt.time(0), dt.time(23, 59, 59, 999999)
    delivery = a_delivery(state="failed")

    response = client.post(reverse("messaging:send_again"), {"pk": [delivery.pk]}, follow=True)

    assert "quiet hours" in response.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == "failed"


def test_nobody_else_sends_again(client, person):
    delivery = a_delivery(state="failed")

    assert client.get(reverse("messaging:deliveries")).status_code == 403
    response = client.post(reverse("messaging:send_again"), {"pk": [delivery.pk]})

    assert response.status_code == 403
    delivery.refresh_from_db()
    assert delivery.state == "failed"


def test_the_administrators_home_counts_what_failed(client, administrator):
    a_delivery(state="failed")

    page = client.get(reverse("desk:home")).content.decode()

    assert "Reminders that could not be sent" in page
    assert reverse("messaging:deliveries") + "?state=failed" in page


def test_an_address_taken_in_from_a_list_is_shown_and_not_obeyed(client):
    person = PersonFactory(email='"<b>bold</b>"@hospital.example')
    client.force_login(person)

    shown = client.get(reverse("messaging:choice")).content.decode()

    assert "<b>bold</b>" not in shown
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
