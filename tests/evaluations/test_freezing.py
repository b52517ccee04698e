"""The freeze: what it fixes, what it refuses, and that it happens once."""

import hashlib
import json
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from audit.models import Event
from ballots import keyring
from ballots.models import Box, BoxShard
from core.errors import ActionRefusedError
from evaluations import actions
from evaluations.models import Electorate, RollEntry, Round
from evaluations.presets import READY_SETS
from evaluations.states import RoundState
from tests.evaluations.factories import a_round, a_sealed_round, closed, electors
from tests.people import again, small_hospital

WHY = "测试环境"


def frozen(hospital, **facts):
    round_ = a_sealed_round(hospital, **facts)
    actions.freeze_round(round_, by=again(hospital.office), override=WHY)
    return Round.objects.get(pk=round_.pk)


def nothing_frozen(round_):
    kept = Round.objects.get(pk=round_.pk)
    return (
        kept.state == RoundState.PREPARING
        and not Box.objects.exists()
        and not Electorate.objects.exists()
        and not (kept.election and (kept.election.digest or keyring.is_there(kept.election.pk)))
        and not Event.objects.filter(action="evaluations.freeze_round").exists()
    )


@pytest.mark.django_db
def test_the_digest_is_that_of_the_rules_which_everybody_reads(hospital):
    round_ = frozen(hospital)
    election = round_.election

    assert hashlib.sha256(election.manifest.encode()).hexdigest() == election.digest
    manifest = json.loads(election.manifest)
    assert {one["name"] for one in manifest["subjects"]} == {"门诊主任", "普外主任"}
    assert {(one["kind"], one["eligible"]) for one in manifest["boxes"]} == {
        ("grade", 11),
        ("comment", 11),
    }
    assert Box.objects.count() == BoxShard.objects.count() == 4
    event = Event.objects.get(action="evaluations.freeze_round")
    assert event.reason == WHY


@pytest.mark.django_db
def test_the_roll_has_every_voter_once_and_nobody_rates_himself(hospital):
    round_ = frozen(hospital)

    everybody = {one.pk for one in electors(hospital)}
    for subject in round_.subjects.all():
        for electorate in subject.electorates.all():
            people = list(electorate.roll.values_list("person", flat=True))
            assert len(people) == len(set(people)) == electorate.eligible
            assert set(people) == everybody - {subject.person_id}
    assert not RollEntry.objects.filter(has_ticket=True).exists()


@pytest.mark.django_db
def test_a_round_with_a_box_that_hides_nobody_is_not_frozen(hospital):
    round_ = a_sealed_round(hospital, voters=electors(hospital)[:3])

    with pytest.raises(ActionRefusedError, match="at least 5"):
        actions.freeze_round(round_, by=again(hospital.office), override=WHY)

    assert nothing_frozen(round_)


@pytest.mark.django_db
def test_a_faulty_server_is_refused_without_a_reason(hospital, settings):
    settings.SITE_URL = "http://vote.example"
    round_ = a_sealed_round(hospital)

    with pytest.raises(ActionRefusedError, match="not set up for a secret vote"):
        actions.freeze_round(round_, by=again(hospital.office))
    with pytest.raises(ActionRefusedError, match="not set up for a secret vote"):
        actions.freeze_round(round_, by=again(hospital.office), override="   ")

    assert nothing_frozen(round_)


@pytest.mark.django_db
def test_what_is_missing_is_named(hospital):
    office = again(hospital.office)
    round_ = a_round(hospital)
    with pytest.raises(ActionRefusedError, match="not made its key"):
        actions.freeze_round(round_, by=office, override=WHY)
    group = round_.groups.get()
    actions.revise_group(
        group, by=office, units=[], people=electors(hospital), weight=90, rule="by_hand", name="全"
    )
    with pytest.raises(ActionRefusedError, match="add up to 90"):
        actions.freeze_round(round_, by=office, override=WHY)
    actions.set_subjects(round_, [], by=office)
    with pytest.raises(ActionRefusedError, match="Name the heads"):
        actions.freeze_round(round_, by=office, override=WHY)

    assert nothing_frozen(round_)


@pytest.mark.django_db
def test_the_time_of_a_vote_must_not_be_over(hospital):
    round_ = closed(a_sealed_round(hospital))

    with pytest.raises(ActionRefusedError, match="over already"):
        actions.freeze_round(round_, by=again(hospital.office), override=WHY)

    assert nothing_frozen(round_)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["liaison", "secretary", "administrator", "head"])
def test_only_who_runs_the_round_freezes_it(hospital, who):
    round_ = a_sealed_round(hospital)

    with pytest.raises(PermissionDenied):
        actions.freeze_round(round_, by=again(getattr(hospital, who)), override=WHY)

    assert nothing_frozen(round_)


@pytest.mark.django_db
def test_after_the_freeze_nothing_is_changed_any_more(hospital):
    round_ = frozen(hospital)
    office = again(hospital.office)
    group = round_.groups.get()
    before = round_.election.digest, Event.objects.count()

    for change in (
        lambda: actions.revise_round(round_, by=office, name="改"),
        lambda: actions.set_subjects(round_, [], by=office),
        lambda: actions.remove_group(group, by=office),
        lambda: actions.take_ready_set(round_, READY_SETS[0], by=office),
        lambda: actions.set_commission(round_, [], by=office),
        lambda: actions.begin_seal(round_, by=again(hospital.liaison)),
        lambda: actions.seal(round_, by=again(hospital.liaison), public="", wrapped={}),
        lambda: actions.freeze_round(round_, by=office, override=WHY),
    ):
        with pytest.raises(ActionRefusedError):
            change()

    now = Round.objects.get(pk=round_.pk)
    assert (now.election.digest, Event.objects.count()) == before
    assert now.groups.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_freezes_at_once_make_one():
    hospital = small_hospital()
    round_ = a_sealed_round(hospital)
    ended = []

    def freeze():
        try:
            actions.freeze_round(round_, by=again(hospital.office), override=WHY)
            ended.append("frozen")
        except ActionRefusedError:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=freeze) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["frozen", "refused"]
    assert Box.objects.count() == Electorate.objects.count() == 4
    assert keyring.is_there(Round.objects.get(pk=round_.pk).election_id)


@pytest.mark.django_db
def test_slips_are_printed_noted_and_never_more_than_voters(hospital):
    round_ = frozen(hospital)
    office = again(hospital.office)
    electorate = Electorate.objects.filter(is_for_comments=False).order_by("pk").first()

    [(of, codes)] = actions.print_slips(round_, {electorate: 5}, by=office)
    with pytest.raises(ActionRefusedError, match="more slips than people"):
        actions.print_slips(round_, {electorate: 7}, by=office)

    assert (of, len(set(codes))) == (electorate, 5)
    event = Event.objects.get(action="evaluations.print_slips")
    assert not any(code in json.dumps(event.detail) for code in codes)
    electorate.box.refresh_from_db()
    assert (electorate.box.slips, electorate.box.slip_codes.count()) == (5, 5)
