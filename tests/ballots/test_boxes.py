"""What a box takes and what it turns away, and what comes out of it, once."""

import datetime as dt
import secrets
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ballots import actions, keyring, opaque, sealing
from ballots.actions import NotTakenError, Why
from ballots.actions.casting import code_hash
from ballots.models import (
    BoardEntry,
    Box,
    BoxKind,
    BoxShard,
    Comment,
    Door,
    Election,
    SlipCode,
)
from core.errors import ActionRefusedError
from tests.ballots import elections
from tests.ballots.elections import a_box, a_ticket, an_election, cast, grades

pytestmark = pytest.mark.django_db


def opened(election):
    """Box → the opened ballots; whether or not the boxes were closed already."""
    with transaction.atomic():
        found = actions.contents(election, elections.seal_pair()[0])
    return {content.box.pk: content for content in found}


def ballots_in(box):
    content = opened(box.election)[box.pk]
    return [
        sealing.GradeBallot.decode(plain, dimensions=4, grades=5).grades for plain in content.plain
    ]


def refused(box, ticket, sealed, **kwargs):
    before = [bytes(shard.blob) for shard in box.shards.order_by("number")]
    with pytest.raises(NotTakenError) as no:
        cast(box, ticket, sealed, **kwargs)
    assert [bytes(shard.blob) for shard in box.shards.order_by("number")] == before
    return no.value.why


def test_a_ballot_with_a_ticket_is_in_the_box():
    box = a_box()

    accepted = cast(box, a_ticket(box), grades(1, 2, 3, 4))

    assert ballots_in(box) == [(1, 2, 3, 4)]
    public = sealing.acceptance_public(keyring.acceptance_seed(keyring.secret_of(box.election_id)))
    assert sealing.is_accepted(public, accepted.receipt, accepted.signature)


def test_the_same_ticket_votes_again_and_the_last_ballot_counts():
    box = a_box()
    ticket = a_ticket(box)
    cast(box, ticket, grades(4, 4, 4, 4))
    cast(box, a_ticket(box), grades(2, 2, 2, 2))

    cast(box, ticket, grades(1, 1, 1, 1))

    assert sorted(ballots_in(box)) == [(1, 1, 1, 1), (2, 2, 2, 2)]


def test_what_has_no_valid_ticket_of_this_box_is_turned_away():
    box, other = a_box(), a_box()
    credential, signature = a_ticket(box)
    sealed = grades(1, 1, 1, 1)

    assert refused(box, a_ticket(other), sealed) == Why.NO_TICKET
    assert refused(box, (secrets.token_bytes(32), signature), sealed) == Why.NO_TICKET
    assert refused(box, (credential, secrets.token_bytes(256)), sealed) == Why.NO_TICKET
    assert refused(box, (credential, b""), sealed) == Why.NO_TICKET
    assert refused(box, (credential, opaque.SLIP_SIGNATURE), sealed) == Why.NO_TICKET


def test_what_has_not_the_size_of_a_ballot_is_turned_away():
    box = a_box()
    ticket = a_ticket(box)

    assert refused(box, ticket, grades(1, 1, 1, 1)[:-1]) == Why.MALFORMED
    assert refused(box, (ticket[0] + b"x", ticket[1]), grades(1, 1, 1, 1)) == Why.MALFORMED


def test_before_and_after_the_hours_of_voting_nothing_is_taken():
    box = a_box()
    ticket, sealed = a_ticket(box), grades(1, 1, 1, 1)
    election = box.election

    early = election.opens_at - dt.timedelta(seconds=1)
    late = election.closes_at + dt.timedelta(seconds=61)
    assert refused(box, ticket, sealed, now=early) == Why.NOT_OPEN
    assert refused(box, ticket, sealed, now=late) == Why.NOT_OPEN
    cast(box, ticket, sealed, now=election.closes_at + dt.timedelta(seconds=30))  # on its way


def test_a_box_that_does_not_exist_takes_nothing():
    with pytest.raises(NotTakenError) as no:
        actions.cast(
            uuid.uuid4(), credential=bytes(32), sealed=grades(1, 1, 1, 1), now=timezone.now()
        )

    assert no.value.why == Why.NO_BOX


def test_without_the_key_of_the_boxes_nothing_is_taken_until_two_shares_bring_it_back():
    box = a_box()
    ticket = a_ticket(box)
    cast(box, ticket, grades(1, 1, 1, 1))
    keyring.destroy(box.election_id)  # the machine was started anew

    assert refused(box, ticket, grades(2, 2, 2, 2)) == Why.LOCKED

    actions.recover(box.election, elections.seal_pair()[0])
    cast(box, ticket, grades(3, 3, 3, 3))
    assert ballots_in(box) == [(3, 3, 3, 3)]


def test_a_full_shard_sends_its_ballots_to_the_next_and_finds_them_again():
    """Two shards of one place each: whatever the first choice, both are found again and replaced."""
    box = a_box()
    Box.objects.filter(pk=box.pk).update(capacity=1, shard_count=2, placed_over=2)
    box.refresh_from_db()
    secret = keyring.secret_of(box.election_id)
    BoxShard.objects.filter(box=box).delete()
    actions.freezing._add_shards(box, secret, range(2), using="default")
    one, two, three = a_ticket(box), a_ticket(box), a_ticket(box)
    cast(box, one, grades(1, 1, 1, 1))
    cast(box, two, grades(2, 2, 2, 2))

    cast(box, two, grades(3, 3, 3, 3))
    cast(box, one, grades(4, 4, 4, 4))
    assert sorted(ballots_in(box)) == [(3, 3, 3, 3), (4, 4, 4, 4)]

    cast(box, three, grades(1, 1, 1, 1))  # somebody who was added to the roll
    cast(box, three, grades(2, 2, 2, 2))
    cast(box, one, grades(1, 1, 1, 1))

    assert sorted(ballots_in(box)) == [(1, 1, 1, 1), (2, 2, 2, 2), (3, 3, 3, 3)]
    assert Box.objects.get(pk=box.pk).shard_count == 3


def test_a_box_that_was_counted_does_not_grow_any_more():
    box = a_box()
    secret = keyring.secret_of(box.election_id)
    BoxShard.objects.filter(box=box).delete()  # as the count does

    larger = actions.enlarge(box, secret=secret)

    assert larger.shard_count == box.shard_count
    assert not BoxShard.objects.filter(box=box).exists()


def test_a_slip_votes_once_however_often_it_is_used():
    box = a_box()
    first, second = actions.print_slips(box, 2)
    slip = (code_hash(first), b"")

    cast(box, slip, grades(4, 4, 4, 4))
    cast(box, slip, grades(1, 1, 1, 1))
    cast(box, (code_hash(second), b""), grades(2, 2, 2, 2))

    assert sorted(ballots_in(box)) == [(1, 1, 1, 1), (2, 2, 2, 2)]
    assert refused(box, (code_hash("guessed"), b""), grades(1, 1, 1, 1)) == Why.NO_TICKET
    assert refused(a_box(), slip, grades(1, 1, 1, 1)) == Why.NO_TICKET


def test_slips_are_not_marked_as_used_and_their_codes_are_not_kept():
    box = a_box()
    codes = actions.print_slips(box, 5)
    before = sorted(bytes(slip.code_hash) for slip in SlipCode.objects.all())
    cast(box, (code_hash(codes[0]), b""), grades(1, 1, 1, 1))

    assert sorted(bytes(slip.code_hash) for slip in SlipCode.objects.all()) == before
    assert before == sorted(code_hash(code) for code in codes)


def test_no_more_slips_than_voters_and_none_before_the_freeze_or_after_the_count():
    box = a_box(eligible=6)
    actions.print_slips(box, 4)

    with pytest.raises(ActionRefusedError, match="more slips than people"):
        actions.print_slips(box, 3)
    assert SlipCode.objects.filter(box=box).count() == 4

    with transaction.atomic():
        actions.close(box.election, actions.contents(box.election, elections.seal_pair()[0]))
    with pytest.raises(ActionRefusedError, match="No slips"):
        actions.print_slips(box, 1)


def test_an_open_link_takes_more_answers_than_anybody_expected():
    box = a_box(kind=BoxKind.SURVEY, eligible=10, door=Door.OPEN)
    many = box.capacity + 5

    for _each in range(many):
        cast(box, (secrets.token_bytes(32), b""), elections.answer(1))

    assert opened(box.election)[box.pk].accepted == many
    assert Box.objects.get(pk=box.pk).shard_count == 2


def test_a_double_press_on_an_open_link_counts_once():
    box = a_box(kind=BoxKind.SURVEY, eligible=10, door=Door.OPEN)
    credential = (secrets.token_bytes(32), b"")

    cast(box, credential, elections.answer(1))
    cast(box, credential, elections.answer(1))

    assert opened(box.election)[box.pk].accepted == 1


def test_a_closed_box_holds_nothing_and_its_keys_are_gone():
    box = a_box()
    ticket = a_ticket(box)
    receipt = cast(box, ticket, grades(1, 1, 1, 1)).receipt
    election = box.election

    with transaction.atomic():
        actions.close(election, actions.contents(election, elections.seal_pair()[0]))
    actions.destroy(election)

    assert [entry.receipt for entry in BoardEntry.objects.all()] == [receipt]
    assert not BoxShard.objects.filter(box=box).exists()
    assert Box.objects.get(pk=box.pk).signing_key is None
    assert not keyring.is_there(election.pk)
    assert Election.objects.get(pk=election.pk).recovery is None
    with pytest.raises(NotTakenError) as no:
        cast(box, ticket, grades(1, 1, 1, 1))
    assert no.value.why == Why.NOT_OPEN


def test_a_ballot_that_was_not_sealed_to_the_commission_is_invalid_and_hinders_nobody():
    box = a_box()
    cast(box, a_ticket(box), secrets.token_bytes(len(grades(1, 1, 1, 1))))
    cast(box, a_ticket(box), grades(1, 2, 1, 2))

    plain = opened(box.election)[box.pk].plain

    assert sorted(plain, key=lambda one: one is None)[1:] == [None]
    assert len(plain) == 2


def test_comments_keep_the_number_their_device_drew_unless_it_is_taken():
    election = an_election()
    plan = actions.BoxPlan(kind=BoxKind.COMMENT, eligible=20)
    [box] = actions.freeze(election, [plan], manifest=elections.manifest)
    own, taken = uuid.uuid4(), uuid.uuid4()
    Comment.objects.create(id=taken, box=a_box(kind=BoxKind.COMMENT), text="上一轮的评语")
    for text, id_ in (("办事认真", own), ("推诿", taken), ("也用这个号", own), ("", uuid.uuid4())):
        cast(box, a_ticket(box), elections.comment(text, id_=id_))

    with transaction.atomic():
        actions.close(election, actions.contents(election, elections.seal_pair()[0]))

    found = {comment.text: comment.pk for comment in Comment.objects.filter(box=box)}
    assert set(found) == {"办事认真", "推诿", "也用这个号"}
    assert found["推诿"] != taken
    assert own in {found["办事认真"], found["也用这个号"]}
    assert Comment.objects.get(pk=taken).text == "上一轮的评语"


def test_a_freeze_that_fails_leaves_neither_boxes_nor_a_key():
    election = an_election()

    def broken(_boxes, _key):
        raise ValueError("no such rule")

    with pytest.raises(ValueError, match="no such rule"):
        actions.freeze(election, [actions.BoxPlan(kind=BoxKind.GRADE, eligible=9)], manifest=broken)

    assert not keyring.is_there(election.pk)
    assert not Box.objects.filter(election=election).exists()
    assert not Election.objects.get(pk=election.pk).is_frozen


def test_frozen_rules_are_not_frozen_again():
    box = a_box()

    with pytest.raises(ActionRefusedError, match="frozen already"):
        actions.freeze(box.election, [], manifest=elections.manifest)


def test_a_cast_costs_the_same_in_an_empty_and_in_a_full_box():
    box = a_box(eligible=60)
    counts = []
    for _each in range(20):
        ticket = a_ticket(box)
        with CaptureQueriesContext(connection) as asked:
            cast(box, ticket, grades(1, 1, 1, 1))
        counts.append(len(asked))

    assert len(set(counts)) == 1
    assert counts[0] <= 5  # box, savepoint, shard, shard, savepoint


@pytest.mark.django_db(transaction=True)
def test_ballots_that_come_at_once_are_all_in_the_box():
    box = a_box(eligible=40)
    tickets = [a_ticket(box) for _each in range(32)]

    def vote(ticket):
        try:
            return cast(box, ticket, grades(1, 2, 3, 4)).receipt
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(vote, tickets))
    with transaction.atomic():
        actions.close(box.election, actions.contents(box.election, elections.seal_pair()[0]))

    assert sorted(entry.receipt for entry in BoardEntry.objects.all()) == sorted(receipts)
    assert len(set(receipts)) == 32
