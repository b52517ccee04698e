"""Each kind of forgery, done as the master of the database would do it, and named."""

import datetime as dt
import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from audit import chain, trail
from audit.chain import Snapshot
from audit.models import Event, Link, Seal
from audit.tasks import seal_trail
from audit.verification import Report, verify
from tests.audit.attack import attack
from tests.audit.subjects import Clerk, subject

pytestmark = pytest.mark.django_db(transaction=True)

COPY = """
    INSERT INTO audit_event (at, transaction, actor_id, actor_label, action, subject_type,
        subject_id, subject_label, before, after, reason, detail)
    SELECT {at}, {xid}, actor_id, 'forged', action, subject_type, subject_id, subject_label,
        before, after, reason, detail FROM audit_event ORDER BY id LIMIT 1
"""


def write(count=1):
    return [trail.record("ward.close", subject=subject(n), by=Clerk()).pk for n in range(count)]


def places(code=""):
    return [finding.place for finding in verify(Report(), code=code)]


def sentences():
    return [finding.sentence for finding in verify(Report())]


@pytest.fixture
def sealed():
    """Nine events under three seals."""
    pks = []
    for _ in range(3):
        pks += write(3)
        chain.seal()
    return pks


def test_an_untouched_trail_is_whole(sealed):
    write(2)
    report = Report()

    assert list(verify(report)) == []
    assert (report.events, report.seals, report.waiting) == (9, 3, 2)


def test_a_changed_event_is_named(sealed):
    attack("UPDATE audit_event SET reason = 'nothing happened' WHERE id = %s", sealed[4])

    assert places() == [f"event {sealed[4]} (position 5)"]
    assert "was changed" in sentences()[0]


def test_a_changed_time_is_named_too(sealed):
    attack("UPDATE audit_event SET at = at - interval '1 microsecond' WHERE id = %s", sealed[0])

    assert places() == [f"event {sealed[0]} (position 1)"]


def test_a_removed_event_is_named_by_its_link(sealed):
    attack("DELETE FROM audit_event WHERE id = %s", sealed[3])

    assert places() == [f"event {sealed[3]} (position 4)"]
    assert "was removed" in sentences()[0]


def test_a_removed_link_is_named_and_its_event_too(sealed):
    attack("DELETE FROM audit_link WHERE position = 6")

    assert places() == ["position 6 to 6", f"event {sealed[5]}"]


def test_an_event_removed_with_its_link_is_named(sealed):
    attack("DELETE FROM audit_link WHERE position = 6")
    attack("DELETE FROM audit_event WHERE id = %s", sealed[5])

    assert places() == ["position 6 to 6"]


def test_an_event_inserted_with_an_old_transaction_is_named_before_and_after_sealing(sealed):
    attack(COPY.format(at="at", xid="transaction"))
    forged = Event.objects.latest("id").pk

    assert places() == [f"event {forged}"]
    assert "was put in later" in sentences()[0]

    attack(
        "INSERT INTO audit_link (position, event_id, hash) VALUES (10, %s, %s)",
        forged,
        chain.digest(bytes(Seal.objects.get(number=3).hash), Event.objects.get(pk=forged)),
    )
    run = Seal(
        number=4,
        at=timezone.now(),
        cluster=chain.this_cluster(),
        transaction=Seal.objects.get(number=3).transaction + 50,
        snapshot=Seal.objects.get(number=3).snapshot,
        position=10,
        count=1,
        last_hash=bytes(Link.objects.get(position=10).hash),
    )
    run.hash = chain.digest(run.last_hash, run)
    run.save(force_insert=True)
    assert places() == [f"event {forged} (position 10)"]


def test_an_event_inserted_with_an_old_date_is_named(sealed):
    attack(COPY.format(at="at - interval '3 days'", xid="pg_current_xact_id()::text::bigint"))
    forged = Event.objects.latest("id").pk

    assert places() == [f"event {forged}"]
    chain.seal()
    assert places() == [f"event {forged} (position 10)"]
    assert "dated before seal 3" in sentences()[0]


def test_an_event_with_a_transaction_of_the_future_is_named(sealed):
    attack(COPY.format(at="clock_timestamp()", xid="9000000000000"))
    chain.seal()

    assert "written after it had been sealed" in sentences()[0]


def test_a_tail_cut_off_is_named_by_its_seal(sealed):
    attack("DELETE FROM audit_link WHERE position > 7")
    attack("DELETE FROM audit_event WHERE id > %s", sealed[6])

    assert places() == ["position 8 to 9"]


def test_a_removed_seal_is_named(sealed):
    attack("DELETE FROM audit_seal WHERE number = 2")

    assert places()[0] == "seal 2"


def test_a_removed_last_seal_leaves_links_that_belong_to_none(sealed):
    attack("DELETE FROM audit_seal WHERE number = 3")

    assert places() == [f"event {sealed[n]} (position {n + 1})" for n in (6, 7, 8)]


def test_a_changed_seal_is_named(sealed):
    attack("UPDATE audit_seal SET snapshot = '1:1:' WHERE number = 2")

    assert "seal 2" in places()


def test_a_code_kept_on_paper_shows_that_the_end_with_its_seal_is_gone(sealed):
    code = Seal.objects.get(number=3).code
    assert places(code) == []

    attack("DELETE FROM audit_seal WHERE number = 3")
    attack("DELETE FROM audit_link WHERE position > 6")
    attack("DELETE FROM audit_event WHERE id > %s", sealed[5])

    assert places() == []
    assert places(code) == [f"seal {code}"]


def test_a_trigger_switched_off_is_as_good_an_attack_and_named_as_well(sealed):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_change")
        cursor.execute("UPDATE audit_event SET actor_label = '王强' WHERE id = %s", [sealed[8]])
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER audit_event_no_change")

    assert places() == [f"event {sealed[8]} (position 9)"]


def test_the_command_names_the_place_and_ends_with_one(sealed, capsys):
    call_command("verify_trail")
    attack("UPDATE audit_event SET reason = 'x' WHERE id = %s", sealed[4])

    with pytest.raises(SystemExit) as end:
        call_command("verify_trail")

    assert end.value.code == 1
    out = capsys.readouterr().out
    assert "The trail is whole." in out
    assert f"event {sealed[4]} (position 5)" in out


def test_a_day_without_events_is_sealed_once(capsys):
    call_command("seal_trail")
    call_command("seal_trail")

    [seal] = Seal.objects.all()
    assert (seal.count, seal.position, seal.day) == (0, 0, timezone.localdate())
    assert "Nothing new to seal." in capsys.readouterr().out


def test_sealing_again_links_nothing_twice(sealed):
    assert seal_trail() == 0

    assert list(Link.objects.order_by("position").values_list("event_id", flat=True)) == sealed


def test_a_transaction_that_outlasts_a_sealing_is_sealed_later_and_in_order_of_commit():
    begun, sealed_once = threading.Event(), threading.Event()
    slow = []

    def write_slowly():
        with transaction.atomic():
            slow.extend(write())
            begun.set()
            assert sealed_once.wait(10)
        connections.close_all()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert begun.wait(10)
    [quick] = write()
    chain.seal()
    sealed_once.set()
    writer.join(10)
    chain.seal()

    assert slow[0] < quick
    assert list(Link.objects.order_by("position").values_list("event_id", flat=True)) == [
        quick,
        slow[0],
    ]
    assert places() == []


def test_two_writers_do_not_wait_for_each_other():
    """Each commits while the other's transaction with an event in it is still open."""
    first_wrote, second_committed = threading.Event(), threading.Event()
    outcome = []

    def first():
        with transaction.atomic():
            write()
            first_wrote.set()
            outcome.append(second_committed.wait(10))
        connections.close_all()

    def second():
        assert first_wrote.wait(10)
        with transaction.atomic():
            write()
        second_committed.set()
        connections.close_all()

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert outcome == [True]
    assert Event.objects.count() == 2


def test_two_sealers_at_once_seal_once():
    write(40)
    start = threading.Barrier(2)

    def work():
        start.wait(10)
        chain.seal()
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert Seal.objects.count() == 1
    assert Link.objects.count() == 40
    assert places() == []


def test_a_restore_into_another_server_starts_the_comparison_of_transactions_afresh(sealed):
    """Seals of a server whose transaction ids were far ahead of this one's."""
    attack("DELETE FROM audit_link")
    attack("DELETE FROM audit_seal")
    far = Snapshot(9_000_000, 9_000_001, frozenset())
    run = Seal(
        number=1,
        at=timezone.now() - dt.timedelta(minutes=5),
        cluster=42,
        transaction=9_000_000,
        snapshot=f"{far.xmin}:{far.xmax}:",
        position=0,
        count=0,
        last_hash=chain.GENESIS,
    )
    run.hash = chain.digest(chain.GENESIS, run)
    run.save(force_insert=True)

    assert places() == []
    chain.seal()
    write()
    chain.seal()

    assert places() == []
    assert Link.objects.count() == 10


def test_our_reading_of_a_snapshot_agrees_with_the_databases():
    text = "100:110:103,107"

    with connection.cursor() as cursor:
        for xid in range(95, 115):
            cursor.execute("SELECT pg_visible_in_snapshot(%s::text::xid8, %s)", [xid, text])
            assert Snapshot.read(text).sees(xid) == cursor.fetchone()[0]
