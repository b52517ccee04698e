"""Signing in, being locked out, sessions and their limits."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from core.errors import ActionRefusedError
from organisation import actions
from organisation.models import Person, SignIn
from tests.organisation.factories import PersonFactory

PASSWORD = "木兰-溪流-2026"
URL = "/sign-in/"


@pytest.fixture
def person(db):
    return PersonFactory(employee_number="1023", name="张三", password=PASSWORD)


def fail(times, number="1023", address="10.0.0.9"):
    for _ in range(times):
        with pytest.raises(ActionRefusedError):
            actions.sign_in(number, "wrong", address=address)


def sign_in(number="1023", password=PASSWORD, address="10.0.0.9"):
    return actions.sign_in(number, password, address=address)


def signed_in(person, **extra):
    client = Client(**extra)
    client.force_login(person)
    return client


def is_in(client):
    return client.get(reverse("organisation:my_sign_ins")).status_code == 200


def test_the_right_password_lets_in_and_leaves_a_session_and_a_trace(person):
    client = Client()

    response = client.post(URL, {"employee_number": "1023", "password": PASSWORD})

    assert response.status_code == 302
    [row] = SignIn.objects.all()
    assert (row.person, row.succeeded, row.session_key) == (
        person,
        True,
        client.session.session_key,
    )
    assert [event.action for event in Event.objects.all()] == ["organisation.sign_in"]


@pytest.mark.parametrize("number", ["１０２３", " 1023 "])
def test_a_number_typed_in_full_width_or_with_spaces_is_the_same_number(person, number):
    assert sign_in(number) == person


def test_an_unknown_number_a_wrong_password_and_a_closed_account_are_told_the_same(person):
    PersonFactory(employee_number="2001", password=PASSWORD, is_active=False)
    PersonFactory(employee_number="2002")
    sentences = set()

    for number, password in [
        ("1023", "wrong"),
        ("9999", "wrong"),
        ("2001", PASSWORD),
        ("2002", "wrong"),
    ]:
        with pytest.raises(ActionRefusedError) as refused:
            sign_in(number, password)
        sentences.add(str(refused.value))

    assert sentences == {"The employee number or the password is wrong."}
    assert SignIn.objects.failures().count() == 4


def test_an_unknown_number_costs_as_much_work_as_a_wrong_password(person, monkeypatch):
    """The time of an answer is that of the hashing; it is done in both cases."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k)
    )

    fail(1, "1023")
    known = len(hashed)
    fail(1, "9999")

    assert len(hashed) - known == known > 0


def test_five_failures_lock_the_number_even_for_the_right_password(person):
    fail(5)

    with pytest.raises(ActionRefusedError, match="Try again after"):
        sign_in()

    assert SignIn.objects.failures().count() == 5
    assert [event.action for event in Event.objects.order_by("id")].count(
        "organisation.lock_out"
    ) == 1


def test_an_unknown_number_is_locked_as_any_other(person):
    fail(5, "9999")

    with pytest.raises(ActionRefusedError, match="Try again after"):
        sign_in("9999")


def test_four_failures_do_not_lock_and_a_success_forgives_them(person):
    fail(4)
    sign_in()
    fail(4)

    assert sign_in() == person


def test_the_lock_opens_after_a_quarter_of_an_hour_and_says_when(person):
    at = dt.datetime(2026, 11, 20, 1, 0, 30, tzinfo=dt.UTC)
    with time_machine.travel(at, tick=False):
        fail(5)
        with pytest.raises(ActionRefusedError, match=r"after 09:16, or"):
            sign_in()
    with (
        time_machine.travel(at + dt.timedelta(minutes=14), tick=False),
        pytest.raises(ActionRefusedError),
    ):
        sign_in()
    with time_machine.travel(at + dt.timedelta(minutes=16), tick=False):
        assert sign_in() == person


def test_refused_attempts_do_not_prolong_the_lock(person):
    at = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
    with time_machine.travel(at, tick=False):
        fail(5)
    with time_machine.travel(at + dt.timedelta(minutes=10), tick=False):
        fail(3)
    with time_machine.travel(at + dt.timedelta(minutes=16), tick=False):
        assert sign_in() == person


def test_failures_spread_over_an_hour_do_not_lock(person):
    at = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
    for number in range(6):
        with time_machine.travel(at + dt.timedelta(minutes=5 * number), tick=False):
            if number < 5:
                fail(1)
            else:
                assert sign_in() == person


def test_an_address_is_locked_at_a_higher_count_over_all_numbers(person, settings):
    settings.SIGN_IN_ADDRESS_FAILURES = 8
    for number in range(8):
        fail(1, f"80{number}")

    with pytest.raises(ActionRefusedError, match="Try again after"):
        sign_in()
    assert sign_in(address="10.0.0.10") == person


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_cannot_slip_past_the_count(person):
    """Twelve at once: five are looked at, the others are refused unseen."""
    barrier = threading.Barrier(12)
    sentences = []

    def guess():
        barrier.wait()
        try:
            sign_in(password="wrong")
        except ActionRefusedError as refused:
            sentences.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sentences) == 12
    assert SignIn.objects.failures().count() == 5


def test_a_new_one_time_password_lifts_the_lock(person):
    fail(5)

    password = actions.reset_password(person, by=PersonFactory(is_administrator=True))

    assert sign_in(password=password) == person


def test_the_page_refuses_with_422_and_the_sentence(person, client):
    response = client.post(URL, {"employee_number": "1023", "password": "wrong"})

    assert response.status_code == 422
    assert "The employee number or the password is wrong." in response.content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/units/", "/units/"), ("https://example.org/", "/"), ("//example.org/", "/"), ("", "/")],
)
def test_after_signing_in_one_comes_to_the_page_asked_for_and_never_to_another_host(
    person, client, wanted, reached
):
    response = client.post(URL, {"employee_number": "1023", "password": PASSWORD, "next": wanted})

    assert (response.status_code, response["Location"]) == (302, reached)


def test_who_has_not_signed_in_is_sent_to_the_sign_in_page(client, db):
    response = client.get("/units/")

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/units/")


def test_a_swap_after_the_session_ended_takes_the_whole_page_to_the_sign_in(client, db):
    response = client.get(
        "/units/?page=2",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/units/?page=1"},
    )

    assert response["HX-Redirect"] == "/sign-in/?next=/units/%3Fpage%3D1"


def test_signing_out_is_a_post_and_ends_the_session(person):
    client = signed_in(person)

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302

    assert not is_in(client)
    assert SignIn.objects.get().ended_at is not None


def test_the_oldest_session_gives_way_when_there_are_too_many(person, settings):
    settings.SIGN_IN_SESSIONS = 2
    clients = [signed_in(person) for _ in range(3)]

    assert [is_in(client) for client in clients] == [False, True, True]


def test_a_session_that_ran_out_is_not_counted_nor_shown_as_open(person, settings):
    settings.SIGN_IN_SESSIONS = 1
    at = timezone.now()
    with time_machine.travel(at - dt.timedelta(hours=13), tick=False):
        signed_in(person)
    client = signed_in(person)

    page = client.get(reverse("organisation:my_sign_ins")).content.decode()

    assert (page.count(">Open<"), page.count(">signed out<")) == (0, 1)


def test_signing_out_everywhere_ends_all_ones_sessions_and_nobody_elses(person):
    mine, phone = signed_in(person), signed_in(person)
    other = signed_in(PersonFactory())

    mine.post("/me/sign-out-everywhere/")

    assert [is_in(client) for client in (mine, phone, other)] == [False, False, True]


def test_a_session_that_was_not_used_runs_out(person):
    at = timezone.now()
    with time_machine.travel(at, tick=False):
        client = signed_in(person)
    with time_machine.travel(at + dt.timedelta(hours=7, minutes=50), tick=False):
        assert is_in(client)
    with time_machine.travel(at + dt.timedelta(hours=11, minutes=50), tick=False):
        assert is_in(client)
    with time_machine.travel(at + dt.timedelta(hours=12, minutes=1), tick=False):
        assert not is_in(client)


def test_an_idle_session_runs_out_after_eight_hours_and_says_so(person):
    at = timezone.now()
    with time_machine.travel(at, tick=False):
        client = signed_in(person)
    with time_machine.travel(at + dt.timedelta(hours=8, minutes=1), tick=False):
        page = client.get("/units/", follow=True).content.decode()

    assert "the session ran out" in page
    assert Event.objects.filter(action="organisation.sign_out").count() == 1


def test_my_sign_ins_shows_mine_and_not_those_of_others(person, client):
    fail(1)
    fail(1, "7777")
    PersonFactory(employee_number="7777")
    client.force_login(person)

    page = client.get(reverse("organisation:my_sign_ins")).content.decode()

    assert (page.count("Failed"), page.count("This session")) == (1, 1)


# --- passwords


def change(client, old, new, again=None):
    return client.post(
        "/me/password/", {"old_password": old, "new_password": new, "repeated": again or new}
    )


def test_changing_the_password_keeps_this_session_and_ends_the_others(person):
    here, there = signed_in(person), signed_in(person)

    response = change(here, PASSWORD, "水滴-石穿-2027")

    assert response.status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert sign_in(password="水滴-石穿-2027") == person
    open_now = SignIn.objects.open().get(session_key=here.session.session_key)
    assert open_now.person == person


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "水滴-石穿-2027", None),
        (PASSWORD, "短", None),
        (PASSWORD, "1234567890123", None),
        (PASSWORD, "水滴-石穿-2027", "不一样的一个口令"),
        (PASSWORD, PASSWORD, None),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_and_nothing_changes(person, old, new, again):
    client = signed_in(person)

    assert change(client, old, new, again).status_code == 422

    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert not Event.objects.filter(action="organisation.change_password").exists()


def test_whoever_was_given_a_password_changes_it_before_anything_else(person):
    Person.objects.filter(pk=person.pk).update(must_change_password=True)
    client = signed_in(person)

    assert client.get("/units/")["Location"] == "/me/password/"
    assert client.get("/me/password/").status_code == 200
    assert client.post("/language", {"language": "en"}).status_code == 302
    change(client, PASSWORD, "水滴-石穿-2027")

    assert client.get("/units/").status_code == 200


def test_the_trail_never_holds_a_password(person):
    client = signed_in(person)
    change(client, PASSWORD, "水滴-石穿-2027")
    actions.reset_password(person, by=PersonFactory(is_administrator=True))

    stored = " ".join(f"{e.before}{e.after}{e.detail}{e.reason}" for e in Event.objects.all())

    assert "pbkdf2" not in stored
    assert "md5$" not in stored
    assert "石穿" not in stored


def test_the_chosen_language_goes_with_the_person_to_every_browser(person):
    signed_in(person).post("/language", {"language": "zh-hans"})

    other_browser = signed_in(Person.objects.get(pk=person.pk), HTTP_ACCEPT_LANGUAGE="en")

    assert other_browser.get("/units/")["Content-Language"] == "zh-hans"
    assert Event.objects.filter(action="organisation.choose_language").count() == 1


def test_a_language_we_do_not_have_is_not_stored(person):
    client = signed_in(person)

    client.post("/language", {"language": "xx"})

    person.refresh_from_db()
    assert person.language == ""


def test_a_browser_that_prefers_another_language_gets_the_default(client, db, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    url = reverse("organisation:sign_in")

    first = client.get(url, headers={"Accept-Language": "en-US,en;q=0.9"})
    client.post(reverse("set_language"), {"language": "en", "next": url})
    chosen = client.get(url, headers={"Accept-Language": "zh-CN"})

    assert [first.headers["Content-Language"], chosen.headers["Content-Language"]] == [
        "zh-hans",
        "en",
    ]


def test_the_demands_on_a_password_are_a_list_and_not_its_source(client, db):
    client.force_login(PersonFactory())

    shown = client.get(reverse("organisation:change_password")).content.decode()

    assert "<ul><li>" in shown
    assert "&lt;ul&gt;" not in shown
