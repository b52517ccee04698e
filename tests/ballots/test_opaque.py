"""An opaque shard: what goes in comes out, and nothing else can be seen from outside."""

import hashlib
from secrets import token_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballots import opaque
from ballots.opaque import Shard, Slot

KEY = bytes(range(32))
ABOUT = b"box 1, shard 0"


def slot(number=None, *, sealed_size=40, is_slip=False):
    credential = token_bytes(32) if number is None else hashlib.sha256(bytes([number])).digest()
    signature = opaque.SLIP_SIGNATURE if is_slip else token_bytes(opaque.SIGNATURE_BYTES)
    return Slot(credential=credential, signature=signature, sealed=token_bytes(sealed_size))


def reopened(shard, key=KEY, about=ABOUT):
    blob = shard.to_blob(key, about)
    return Shard.from_blob(blob, key, about, shard.capacity, shard.sealed_size)


def filled(*slots, capacity=8, sealed_size=40):
    shard = Shard.empty(capacity, sealed_size)
    for one in slots:
        shard.put(one)
    return shard


def test_an_empty_shard_comes_back_empty():
    assert reopened(Shard.empty(8, 40)).slots == []


@settings(deadline=None)
@given(
    ballots=st.lists(
        st.builds(
            Slot,
            credential=st.binary(min_size=32, max_size=32),
            signature=st.one_of(
                st.just(opaque.SLIP_SIGNATURE), st.binary(min_size=256, max_size=256)
            ),
            sealed=st.binary(min_size=24, max_size=24),
        ),
        max_size=12,
        unique_by=lambda ballot: ballot.credential,
    )
)
def test_what_was_put_in_comes_out(ballots):
    shard = filled(*ballots, capacity=12, sealed_size=24)

    again = reopened(shard)

    assert {ballot.credential: ballot for ballot in again.slots} == {
        ballot.credential: ballot for ballot in ballots
    }
    assert len(again.slots) == len(ballots)


def test_a_ballot_of_zeros_is_a_ballot():
    zeros = Slot(credential=bytes(32), signature=opaque.SLIP_SIGNATURE, sealed=bytes(40))

    assert reopened(filled(zeros)).slots == [zeros]


def test_a_slip_is_known_by_having_no_signature():
    assert slot(is_slip=True).is_slip
    assert not slot().is_slip


def test_the_order_inside_tells_nothing_of_arrival():
    ballots = [slot(number) for number in range(8)]

    there, back = filled(*ballots), filled(*reversed(ballots))

    assert there.slots == back.slots == sorted(ballots, key=lambda ballot: ballot.credential)
    assert reopened(there).slots == there.slots


def test_the_same_credential_replaces_its_ballot():
    shard, first, other = Shard.empty(8, 40), slot(1), slot(2)
    second = Slot(first.credential, token_bytes(256), token_bytes(40))

    came_new = [shard.put(first), shard.put(other), shard.put(second)]

    assert came_new == [True, True, False]
    assert {ballot.sealed for ballot in shard.slots} == {second.sealed, other.sealed}


def test_a_full_shard_takes_a_replacement_but_no_new_ballot():
    ballots = [slot(number) for number in range(8)]
    shard = filled(*ballots)
    replacement = Slot(ballots[3].credential, token_bytes(256), token_bytes(40))

    with pytest.raises(opaque.FullError):
        shard.put(slot(99))
    assert shard.put(replacement) is False
    assert reopened(shard).slots == sorted(
        [*ballots[:3], replacement, *ballots[4:]], key=lambda ballot: ballot.credential
    )


@pytest.mark.parametrize(
    "wrong",
    [
        Slot(bytes(31), bytes(256), bytes(40)),
        Slot(bytes(32), bytes(255), bytes(40)),
        Slot(bytes(32), bytes(256), bytes(41)),
        Slot(bytes(32), b"", bytes(40)),
    ],
    ids=["credential", "signature", "sealed", "no signature"],
)
def test_a_ballot_of_another_size_is_not_taken(wrong):
    shard = filled(slot(1))

    with pytest.raises(ValueError, match="sizes of its box"):
        shard.put(wrong)
    assert len(shard.slots) == 1


def test_blob_size_constant():
    shard, sizes = Shard.empty(8, 40), set()
    for number in range(8):
        sizes.add(len(shard.to_blob(KEY, ABOUT)))
        shard.put(slot(number))
    sizes.add(len(shard.to_blob(KEY, ABOUT)))

    assert sizes == {opaque.blob_size(8, 40)} == {12 + 8 * (1 + 32 + 256 + 40) + 16}


def test_two_blobs_of_one_shard_have_nothing_in_common():
    shard = filled(slot(1), slot(2))

    blobs = [shard.to_blob(KEY, ABOUT) for _ in range(2)]
    pieces = [{blob[at : at + 8] for at in range(len(blob) - 7)} for blob in blobs]

    assert blobs[0][:12] != blobs[1][:12]
    assert pieces[0] & pieces[1] == set()


def test_a_cast_changes_the_blob_everywhere():
    before = filled(slot(1), slot(2))
    first = before.to_blob(KEY, ABOUT)
    before.put(slot(3))
    second = before.to_blob(KEY, ABOUT)

    block = 64
    same = [
        at
        for at in range(0, len(first), block)
        if first[at : at + block] == second[at : at + block]
    ]

    assert same == []


def test_nothing_of_a_ballot_stands_in_the_blob():
    ballot = slot(1)

    blob = filled(ballot).to_blob(KEY, ABOUT)

    assert not any(
        part[:8] in blob for part in (ballot.credential, ballot.signature, ballot.sealed)
    )


@settings(deadline=None)
@given(at=st.integers(min_value=0, max_value=opaque.blob_size(8, 40) - 1))
def test_an_altered_blob_does_not_open(at):
    blob = bytearray(filled(slot(1)).to_blob(KEY, ABOUT))
    blob[at] ^= 1

    with pytest.raises(opaque.BrokenShardError):
        Shard.from_blob(bytes(blob), KEY, ABOUT, 8, 40)


def test_a_blob_opens_with_its_key_in_its_place_and_size_alone():
    blob = filled(slot(1)).to_blob(KEY, ABOUT)

    for key, about, capacity, size in (
        (bytes(32), ABOUT, 8, 40),
        (KEY, b"box 1, shard 1", 8, 40),
        (KEY, ABOUT, 9, 40),
        (KEY, ABOUT, 8, 41),
    ):
        with pytest.raises(opaque.BrokenShardError):
            Shard.from_blob(blob, key, about, capacity, size)
    with pytest.raises(opaque.BrokenShardError):
        Shard.from_blob(blob[:-1], KEY, ABOUT, 8, 40)


@pytest.mark.parametrize(
    ("eligible", "shards"),
    [
        (0, (1, 16)),
        (7, (1, 16)),
        (16, (1, 16)),
        (17, (1, 17)),
        (64, (1, 64)),
        (65, (3, 64)),
        (96, (3, 64)),
        (97, (4, 64)),
        (5000, (157, 64)),
    ],
)
def test_shards_for_so_many_voters(eligible, shards):
    assert opaque.shards_for(eligible) == shards


@given(eligible=st.integers(min_value=0, max_value=20_000))
def test_there_is_room_for_everybody(eligible):
    count, capacity = opaque.shards_for(eligible)

    assert count * capacity >= eligible
    assert count == 1 or count * capacity >= 2 * eligible


@given(credential=st.binary(min_size=32, max_size=32), count=st.integers(1, 400))
def test_a_credential_has_one_place(credential, count):
    first = opaque.place(credential, count)

    assert first == opaque.place(credential, count)
    assert 0 <= first < count


def test_credentials_spread_over_all_shards():
    count, capacity = opaque.shards_for(5000)
    in_each = [0] * count
    for number in range(5000):
        in_each[opaque.place(hashlib.sha256(str(number).encode()).digest(), count)] += 1

    assert min(in_each) > 0
    assert max(in_each) <= capacity
