import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit import chain, trail
from audit.models import Event, Link, Seal
from tests.audit.attack import TABLES
from tests.audit.subjects import Clerk, subject

pytestmark = pytest.mark.django_db


def test_an_event_keeps_only_what_differs_and_who_when_why():
    before = {"title": "挂号难", "state": "reported", "office": 3}
    after = {"title": "挂号难", "state": "confirmed", "office": 3}

    trail.record(
        "issues.confirm",
        subject=subject(5),
        by=Clerk(),
        before=before,
        after=after,
        reason="属实",
        detail={"on": dt.date(2026, 5, 6)},
    )

    [event] = trail.of(subject(5))
    assert (event.actor_id, event.actor_label, event.action) == (7, "李敏", "issues.confirm")
    assert (event.before, event.after) == ({"state": "reported"}, {"state": "confirmed"})
    assert (event.reason, event.detail) == ("属实", {"on": "2026-05-06"})


def test_the_database_sets_clock_and_transaction_whatever_the_client_says():
    event = Event.objects.create(
        at=dt.datetime(2001, 1, 1, tzinfo=dt.UTC),
        transaction=1,
        actor_label="forger",
        action="x",
        subject_type="y",
        subject_id=1,
    )

    event.refresh_from_db()
    assert abs(timezone.now() - event.at) < dt.timedelta(minutes=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert event.transaction == cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [(Event, "reason", "x"), (Link, "hash", b"x"), (Seal, "snapshot", "1:1:")],
)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete(model, column, value, verb):
    trail.record("issues.confirm", subject=subject(), by=Clerk())
    chain.seal()

    rows = model.objects.all()
    change = {
        "update": lambda: rows.update(**{column: value}),
        "delete": lambda: rows._raw_delete("default"),
    }
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change[verb]()

    assert model.objects.count() == 1


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_empty_a_table(table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table}")


def test_a_snapshot_holds_no_password_and_nothing_the_model_leaves_out(django_user_model):
    person = django_user_model(employee_number="A1", name="李敏")
    person.set_password("very secret")
    person.untrailed = frozenset({"phone"})

    facts = trail.snapshot(person)

    assert "password" not in facts
    assert "phone" not in facts
    assert facts["name"] == "李敏"


def test_a_password_handed_in_by_hand_is_left_out_too():
    trail.record(
        "people.change", subject=subject(), by=Clerk(), before={}, after={"password": "x", "a": 1}
    )

    assert trail.of(subject()).get().after == {"a": 1}
