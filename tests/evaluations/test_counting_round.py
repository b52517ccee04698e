"""Opening the boxes: with two shares, once, all or nothing."""

import datetime as dt
import json
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from audit.models import Event
from ballots import keyring, sealing
from ballots.actions import cast as put
from ballots.actions import print_slips
from ballots.actions.casting import code_hash
from ballots.models import BoardEntry, BoxShard, BoxTally
from core.errors import ActionRefusedError
from evaluations import actions
from evaluations.actions import give_slip
from evaluations.actions.count import SurplusError
from evaluations.models import Appeal, Publication, RollEntry, Round
from evaluations.queries.tallies import record
from evaluations.states import AppealState, RoundState
from tests.evaluations.factories import (
    GOOD,
    POOR,
    SHARES,
    boxes_of,
    closed,
    electors,
    fetch_tickets,
    seal_pair,
    vote,
)
from tests.evaluations.test_freezing import frozen
from tests.people import again, small_hospital


def voted(hospital, people=8, grades=GOOD):
    """Frozen, and so many have voted about both heads."""
    round_ = frozen(hospital)
    subjects = list(round_.subjects.order_by("position"))
    receipts = []
    for person in electors(hospital)[:people]:
        about = {one: grades for one in subjects if one.person_id != person.pk}
        receipts += vote(round_, again(person), about)
    return round_, receipts


def count(hospital, round_, shares=None, **facts):
    return actions.count_round(
        round_, by=again(hospital.liaison), shares=shares or (SHARES[0], SHARES[2]), **facts
    )


def bundles():
    there = default_storage.exists("evaluations")
    return set(default_storage.listdir("evaluations")[1]) if there else set()


def untouched(round_):
    kept = Round.objects.get(pk=round_.pk)
    return (
        kept.state == RoundState.FROZEN
        and keyring.is_there(kept.election_id)
        and BoxShard.objects.count() == 4
        and not BoxTally.objects.exists()
        and not BoardEntry.objects.exists()
        and not Publication.objects.exists()
        and not kept.bundle_path
        and not Event.objects.filter(action="evaluations.count_round").exists()
    )


@pytest.mark.django_db
def test_everything_is_counted_at_once_and_the_boxes_are_gone(hospital):
    round_, receipts = voted(hospital)

    count(hospital, closed(round_))

    now = Round.objects.get(pk=round_.pk)
    assert now.state == RoundState.COUNTED
    assert set(BoardEntry.objects.values_list("receipt", flat=True)) == {
        r.receipt for r in receipts
    }
    grades = {p.subject.person.name: (p.grade, p.score) for p in Publication.objects.all()}
    assert {grade for grade, _score in grades.values()} == {"good"}
    assert not BoxShard.objects.exists()
    assert not RollEntry.objects.exclude(digest=None).exists()
    assert json.loads(now.election.board)["digest"] == now.election.digest
    assert default_storage.exists(now.bundle_path)
    assert (now.bundle_until - timezone.localdate()).days == 30


@pytest.mark.django_db
@pytest.mark.parametrize(
    "shares",
    [
        (SHARES[0], SHARES[0]),
        (SHARES[0], sealing.new_share()),
        (SHARES[0], SHARES[1][:-1] + ("0" if SHARES[1][-1] != "0" else "1")),
        ("", SHARES[1]),
    ],
)
def test_wrong_shares_change_nothing(hospital, shares):
    round_, _receipts = voted(hospital, people=2)
    round_ = closed(round_)

    with pytest.raises(sealing.ShareError):
        count(hospital, round_, shares=shares)

    assert untouched(round_)


@pytest.mark.django_db
@pytest.mark.parametrize("private", [b"no key at all", None])
def test_a_key_to_which_nothing_was_sealed_destroys_no_ballot(hospital, private):
    private = private or sealing.new_seal_key()[0]
    round_, _receipts = voted(hospital, people=2)
    election = closed(round_).election
    election.wrapped_seal = sealing.wrap(private, SHARES, election.pk.bytes)
    election.save(update_fields=["wrapped_seal"])

    with pytest.raises(ActionRefusedError, match="not sealed to the key"):
        count(hospital, round_)

    assert untouched(round_)


@pytest.mark.django_db
def test_nobody_counts_before_the_end(hospital):
    round_ = frozen(hospital)

    with pytest.raises(ActionRefusedError, match="not closed"):
        count(hospital, round_)

    assert untouched(round_)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["office", "discipline", "secretary", "administrator", "head"])
def test_only_the_commission_counts(hospital, who):
    round_ = closed(frozen(hospital))

    with pytest.raises(PermissionDenied):
        actions.count_round(round_, by=again(getattr(hospital, who)), shares=tuple(SHARES[:2]))

    assert untouched(round_)


@pytest.mark.django_db
def test_more_ballots_than_were_given_out_stop_the_count_until_the_box_is_void(hospital):
    round_, _receipts = voted(hospital)
    box = boxes_of(round_, hospital.staff)[round_.subjects.order_by("position").first().pk]
    stuffed = RollEntry.objects.filter(electorate__box=box, has_ticket=True).order_by("person")
    stuffed.filter(person=stuffed.first().person_id).update(has_ticket=False)
    round_ = closed(round_)

    with pytest.raises(SurplusError, match="holds"):
        count(hospital, round_)
    assert untouched(round_)
    with pytest.raises(ActionRefusedError, match="why the box is void"):
        count(hospital, round_, void=[box])

    count(hospital, round_, void=[box], reason="多出一票，宣布作废")

    tally = BoxTally.objects.get(box=box)
    assert (tally.valid, tally.invalid) == (0, tally.accepted)
    said = json.loads(Round.objects.get(pk=round_.pk).election.board)
    assert {one["id"] for one in said["boxes"] if one["void"]} == {str(box)}


@pytest.mark.django_db
def test_a_slip_that_nobody_drew_does_not_vote_for_a_ticket_that_was_not_used(hospital):
    round_ = frozen(hospital)
    subject = round_.subjects.order_by("position").first()
    electorate = subject.electorates.get(is_for_comments=False)
    for person in electors(hospital)[:8]:
        fetch_tickets(round_, again(person))
    [code] = print_slips(electorate.box, 1)
    ballot = sealing.seal(seal_pair()[1], sealing.GradeBallot(POOR).encode())
    put(electorate.box_id, credential=code_hash(code), sealed=ballot, now=timezone.now())

    with pytest.raises(SurplusError, match="1 by slip, but 7 tickets and 0 slips"):
        count(hospital, closed(round_))
    assert untouched(round_)
    give_slip(electorate, again(hospital.staff), by=again(hospital.office), reason="漏记")
    count(hospital, round_)

    assert BoxTally.objects.get(box=electorate.box_id).accepted == 1


@pytest.mark.django_db
def test_a_count_that_fails_at_its_end_leaves_everything_as_it_was(hospital, settings):
    round_, _receipts = voted(hospital, people=2)
    round_ = closed(round_)
    before = bundles()
    with connection.cursor() as cursor:  # the last thing that is written is refused
        cursor.execute(
            "ALTER TABLE ballots_boardentry ADD CONSTRAINT never CHECK (false) NOT VALID"
        )

    with pytest.raises(Exception, match="never"):
        count(hospital, round_)

    assert untouched(round_)
    assert bundles() == before


@pytest.mark.django_db(transaction=True)
def test_two_counts_at_once_make_one_and_destroy_the_key():
    hospital = small_hospital()
    round_, _receipts = voted(hospital, people=3)
    round_ = closed(round_)
    ended = []

    def run():
        try:
            count(hospital, round_)
            ended.append("counted")
        except ActionRefusedError:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["counted", "refused"]
    assert not keyring.is_there(round_.election_id)
    assert Publication.objects.count() == 2
    assert BoxTally.objects.count() == 4


@pytest.mark.django_db
def test_two_shares_put_a_lost_key_back_and_ballots_are_taken_again(hospital):
    round_, _receipts = voted(hospital, people=2)
    keyring.destroy(round_.election_id)
    with pytest.raises(PermissionDenied):
        actions.unlock_boxes(round_, by=again(hospital.office), shares=tuple(SHARES[:2]))
    with pytest.raises(sealing.ShareError):
        actions.unlock_boxes(
            round_, by=again(hospital.staff2), shares=(SHARES[0], sealing.new_share())
        )
    assert not keyring.is_there(round_.election_id)

    actions.unlock_boxes(round_, by=again(hospital.staff2), shares=tuple(SHARES[1:]))

    person = electors(hospital)[4]
    assert vote(round_, again(person), {round_.subjects.order_by("position").last(): POOR})


@pytest.mark.django_db
def test_a_principal_publishes_and_nobody_else(hospital):
    round_, _receipts = voted(hospital)
    round_ = closed(round_)
    with pytest.raises(ActionRefusedError):
        actions.publish_round(round_, by=again(hospital.secretary))
    count(hospital, round_)
    for who in (hospital.office, hospital.discipline, hospital.liaison, hospital.administrator):
        with pytest.raises(PermissionDenied):
            actions.publish_round(round_, by=again(who))

    actions.publish_round(round_, by=again(hospital.secretary))

    assert Round.objects.get(pk=round_.pk).state == RoundState.PUBLISHED
    with pytest.raises(ActionRefusedError):
        actions.publish_round(round_, by=again(hospital.secretary))


@pytest.mark.django_db
def test_a_cancelled_round_is_emptied_unread(hospital):
    round_, _receipts = voted(hospital, people=2)
    with pytest.raises(ActionRefusedError, match="Say why"):
        actions.cancel_round(round_, by=again(hospital.office), reason=" ")
    assert untouched(round_)

    actions.cancel_round(round_, by=again(hospital.office), reason="名册有误")

    assert Round.objects.get(pk=round_.pk).state == RoundState.CANCELLED
    assert not BoxShard.objects.exists()
    assert not BoxTally.objects.exists()
    assert Event.objects.get(action="evaluations.cancel_round").reason == "名册有误"


@pytest.mark.django_db
def test_the_record_tells_nothing_of_a_few_ballots(hospital):
    round_, _receipts = voted(hospital, people=4)
    round_ = closed(round_)
    count(hospital, round_)

    found = record(Round.objects.get(pk=round_.pk))

    assert {line.accepted for line in found.heads} == {4}
    assert {line.judged for line in found.heads} == {None}
    assert found.total.judged is None or found.total.accepted >= 5


@pytest.mark.django_db
def test_the_bundle_is_destroyed_when_the_time_for_appeals_is_over(hospital):
    round_, _receipts = voted(hospital, people=2)
    count(hospital, closed(round_))
    kept = Round.objects.get(pk=round_.pk)

    assert actions.forget_bundles(kept.bundle_until) == 0
    assert actions.forget_bundles(kept.bundle_until + dt.timedelta(days=1)) == 1
    assert actions.forget_bundles(kept.bundle_until + dt.timedelta(days=2)) == 0

    now = Round.objects.get(pk=round_.pk)
    assert (now.bundle_path, now.election.wrapped_seal) == ("", {})
    roll = RollEntry.objects.filter(electorate__subject__round=round_)
    assert not roll.filter(Q(has_ticket=True) | Q(has_slip=True)).exists()
    assert BoxTally.objects.filter(box__election=now.election, issued=2).exists()


@pytest.mark.django_db
def test_a_bundle_that_an_appeal_waits_for_is_kept(hospital):
    round_, _receipts = voted(hospital, people=2)
    count(hospital, closed(round_))
    kept = Round.objects.get(pk=round_.pk)
    appeal = Appeal.objects.create(
        subject=kept.subjects.first(), text="请求复核计票", filed_on=timezone.localdate()
    )
    late = kept.bundle_until + dt.timedelta(days=1)

    assert actions.forget_bundles(late) == 0
    Appeal.objects.filter(pk=appeal.pk).update(state=AppealState.REJECTED)
    assert actions.forget_bundles(late) == 1
