"""Sealed ballots, the commission's shares, what a ballot may hold, and receipts."""

import base64
import hashlib
import uuid
from secrets import token_bytes

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from ballots import sealing
from ballots.sealing import CommentBallot, GradeBallot, SurveyAnswer, crockford

CONTEXT = uuid.UUID(int=7).bytes
BOX = uuid.UUID("8f0a1c52-6f5e-4f2a-9f0b-1d2f3a4b5c6d")


@pytest.fixture(scope="module")
def seal_key():
    return sealing.new_seal_key()


@pytest.fixture(scope="module")
def unsealer(seal_key):
    return sealing.Unsealer(seal_key[0])


@pytest.fixture
def shares():
    return [sealing.new_share() for _ in range(3)]


def flipped(data, at):
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def private_der(key):
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_der(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.DER, form)


# Sealed ballots


@pytest.mark.parametrize("length", [0, 16, 64, 896])
def test_a_sealed_ballot_opens_and_is_longer_by_the_overhead(seal_key, unsealer, length):
    plain = token_bytes(length)

    sealed = sealing.seal(seal_key[1], plain)

    assert unsealer.open(sealed) == plain
    assert len(sealed) == length + sealing.OVERHEAD == length + 400


def test_the_same_ballot_sealed_twice_has_nothing_in_common(seal_key):
    one, other = (sealing.seal(seal_key[1], bytes(64)) for _ in range(2))

    pieces = [{sealed[at : at + 6] for at in range(len(sealed) - 5)} for sealed in (one, other)]
    assert pieces[0] & pieces[1] == set()


@pytest.mark.parametrize("at", [0, 200, 383, 384, 420, 463])
def test_an_altered_sealed_ballot_does_not_open(seal_key, unsealer, at):
    sealed = sealing.seal(seal_key[1], bytes(64))

    with pytest.raises(sealing.BrokenSealError):
        unsealer.open(flipped(sealed, at))


@pytest.mark.parametrize("length", [0, 10, 384, 399, 463])
def test_a_cut_sealed_ballot_does_not_open(seal_key, unsealer, length):
    with pytest.raises(sealing.BrokenSealError):
        unsealer.open(sealing.seal(seal_key[1], bytes(64))[:length])


def test_a_ballot_sealed_to_another_does_not_open(unsealer):
    with pytest.raises(sealing.BrokenSealError):
        unsealer.open(sealing.seal(sealing.new_seal_key()[1], bytes(64)))


@pytest.mark.parametrize(
    "key",
    [
        lambda: rsa.generate_private_key(3, 3072),
        lambda: rsa.generate_private_key(65537, 2048),
        lambda: ec.generate_private_key(ec.SECP256R1()),
    ],
    ids=["e = 3", "2048 bits", "elliptic"],
)
def test_nothing_is_sealed_to_a_key_of_another_kind(key):
    public = public_der(key())

    assert not sealing.is_seal_key(public)
    with pytest.raises(sealing.BrokenSealError):
        sealing.seal(public, bytes(64))


def test_a_seal_key_is_known(seal_key):
    assert sealing.is_seal_key(seal_key[1])
    assert not sealing.is_seal_key(b"no key")


@pytest.mark.parametrize(
    "private",
    [
        lambda: b"no key",
        lambda: private_der(rsa.generate_private_key(65537, 2048)),
        lambda: private_der(ec.generate_private_key(ec.SECP256R1())),
    ],
    ids=["no key", "2048 bits", "elliptic"],
)
def test_only_a_seal_key_unseals(private):
    with pytest.raises(sealing.BrokenSealError):
        sealing.Unsealer(private())


# Keys of one round


def test_each_purpose_has_its_own_key():
    secret, other = bytes(32), b"\x01" * 32

    keys = {sealing.derive(*of) for of in ((secret, "a"), (secret, "b"), (other, "a"))}

    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3
    assert sealing.derive(secret, "a") in keys


def test_what_is_locked_opens_with_its_secret_about_its_thing_alone():
    secret, plain = token_bytes(32), b"a signing key"
    locked = sealing.lock(secret, plain, b"box 1")

    assert sealing.unlock(secret, locked, b"box 1") == plain
    assert sealing.lock(secret, plain, b"box 1") != locked
    for given_secret, given_locked, about in (
        (token_bytes(32), locked, b"box 1"),
        (secret, locked, b"box 2"),
        (secret, flipped(locked, 0), b"box 1"),
        (secret, flipped(locked, -1), b"box 1"),
        (secret, b"", b"box 1"),
    ):
        with pytest.raises(sealing.BrokenSealError):
            sealing.unlock(given_secret, given_locked, about)


# Shares


def test_a_share_is_written_in_seven_groups_and_read_back():
    share = sealing.new_share()

    assert [len(group) for group in share.split("-")] == [4] * 7
    assert set(share) <= set("-0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert len(sealing.read_share(share)) == 16
    assert sealing.new_share() != share


def test_a_share_is_read_as_people_type_it():
    share = "00G1-20A3-1G50-R401-8042-C1JC-9E9H"
    bits = sealing.read_share(share)

    for typed in (
        share.lower(),
        share.replace("-", ""),
        share.replace("-", " "),
        share.replace("-", "——"),
        f"  {share}\n",
        share.replace("0", "O"),
        share.replace("0", "o"),
        share.replace("1", "I"),
        share.replace("1", "l"),
        "".join(chr(ord(sign) + 0xFEE0) if sign != "-" else sign for sign in share),
    ):
        assert sealing.read_share(typed) == bits


@settings(deadline=None)
@given(at=st.integers(0, 27), to=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_is_found_wherever_it_stands(at, to):
    plain = sealing.new_share().replace("-", "")
    typed = plain[:at] + to + plain[at + 1 :]

    if typed == plain:
        assert len(sealing.read_share(typed)) == 16
    else:
        with pytest.raises(sealing.ShareError):
            sealing.read_share(typed)


@settings(deadline=None)
@given(at=st.integers(0, 26))
def test_two_swapped_neighbours_are_found(at):
    plain = sealing.new_share().replace("-", "")
    typed = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]

    if typed == plain:
        assert len(sealing.read_share(typed)) == 16
    else:
        with pytest.raises(sealing.ShareError):
            sealing.read_share(typed)


def test_a_mistyped_share_is_named_and_the_fault_with_it():
    share = "00G1-20A3-1G50-R401-8042-C1JC-9E9H"

    def complaint(typed):
        with pytest.raises(sealing.ShareError) as refused:
            sealing.read_share(typed)
        return str(refused.value)

    assert complaint(share[:-1]) == "A share has 28 characters; “00G1…” has 27."
    assert complaint(share[:-1] + "U") == ("The character “U” in share “00G1…” occurs in no share.")
    assert complaint(share[:-1] + "0") == (
        "Share “00G1…” is mistyped: compare each character with the paper."
    )
    assert complaint("8" + share[1:]) == (
        "Share “80G1…” is mistyped: compare each character with the paper."
    )


def test_a_number_too_large_for_a_share_is_refused_though_its_check_fits():
    value = 1 << 128
    typed = crockford.written(value, 26) + crockford.written(value % 1021, 2)

    with pytest.raises(sealing.ShareError, match="mistyped"):
        sealing.read_share(typed)


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2), (1, 0), (2, 0), (2, 1)])
def test_any_two_shares_open_the_key_in_either_order(seal_key, shares, pair):
    wrapped = sealing.wrap(seal_key[0], shares, CONTEXT)

    one, other = (shares[at] for at in pair)

    assert sealing.unwrap(wrapped, one, other, CONTEXT) == seal_key[0]


def test_a_key_is_wrapped_for_the_three_pairs_of_three_shares(shares):
    wrapped = sealing.wrap(b"key", shares, CONTEXT)

    assert set(wrapped) == {"12", "13", "23"}
    assert len(set(wrapped.values())) == 3
    with pytest.raises(ValueError, match="three shares"):
        sealing.wrap(b"key", shares[:2], CONTEXT)


def test_one_share_alone_opens_nothing(shares):
    wrapped = sealing.wrap(b"key", shares, CONTEXT)

    for share in shares:
        with pytest.raises(sealing.ShareError, match="typed twice"):
            sealing.unwrap(wrapped, share, share.lower(), CONTEXT)
        with pytest.raises(sealing.ShareError, match="do not open"):
            sealing.unwrap(wrapped, share, sealing.new_share(), CONTEXT)


def test_shares_open_only_what_they_were_made_for(shares):
    wrapped = sealing.wrap(b"key", shares, CONTEXT)
    swapped = {"12": wrapped["13"], "13": wrapped["12"], "23": wrapped["23"]}
    altered = {
        pair: base64.b64encode(flipped(base64.b64decode(closed), 5)).decode()
        for pair, closed in wrapped.items()
    }

    for given_wrapped, context in (
        (wrapped, uuid.UUID(int=8).bytes),
        (swapped, CONTEXT),
        (altered, CONTEXT),
        ({}, CONTEXT),
        ({"12": "*", "13": "", "23": "AAAA"}, CONTEXT),
    ):
        with pytest.raises(sealing.ShareError, match="do not open"):
            sealing.unwrap(given_wrapped, shares[0], shares[1], context)


def test_a_mistyped_share_is_found_before_anything_is_tried(shares):
    wrapped = sealing.wrap(b"key", shares, CONTEXT)

    with pytest.raises(sealing.ShareError, match="28 characters"):
        sealing.unwrap(wrapped, shares[0], shares[1][:-1], CONTEXT)


# What stands inside a ballot

grade_ballots = st.lists(st.integers(0, 5), min_size=1, max_size=62).map(
    lambda grades: GradeBallot(tuple(grades))
)
comment_ballots = st.builds(
    CommentBallot,
    id=st.uuids(),
    chips=st.sets(st.integers(1, 20), max_size=8).map(lambda chips: tuple(sorted(chips))),
    text=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200),
)


@given(ballot=grade_ballots)
def test_grades_round_trip(ballot):
    encoded = ballot.encode()

    assert len(encoded) == sealing.GRADE_BYTES
    assert GradeBallot.decode(encoded, dimensions=len(ballot.grades), grades=5) == ballot


@settings(deadline=None)
@given(ballot=comment_ballots)
def test_comments_round_trip(ballot):
    encoded = ballot.encode()

    assert len(encoded) == sealing.COMMENT_BYTES
    assert CommentBallot.decode(encoded, chips=20) == ballot


@given(answer=st.integers(0, 5))
def test_answers_round_trip(answer):
    encoded = SurveyAnswer(answer).encode()

    assert len(encoded) == sealing.ANSWER_BYTES
    assert SurveyAnswer.decode(encoded, answers=5) == SurveyAnswer(answer)


def test_the_longest_comment_fits():
    ballot = CommentBallot(id=BOX, chips=tuple(range(1, 9)), text="𠮷" * 200)

    assert CommentBallot.decode(ballot.encode(), chips=8) == ballot


def test_the_layout_of_grades():
    assert GradeBallot((1, 0, 5)).encode() == bytes([1, 3, 1, 0, 5]) + bytes(59)


def test_the_layout_of_a_comment():
    encoded = CommentBallot(id=BOX, chips=(7, 2), text="好").encode()

    assert encoded == (
        bytes([1]) + BOX.bytes + bytes([2, 2, 7, 0, 3]) + "好".encode() + bytes(896 - 25)
    )


def test_the_layout_of_an_answer():
    assert SurveyAnswer(4).encode() == bytes([1, 4]) + bytes(14)


def test_control_signs_of_pasted_text_become_spaces():
    encoded = CommentBallot(id=BOX, chips=(), text="a\x00b\x0bc\r\nd\te").encode()

    assert CommentBallot.decode(encoded, chips=0).text == "a b c \nd\te"


@pytest.mark.parametrize(
    "encode",
    [
        lambda: GradeBallot((1,) * 63),
        lambda: GradeBallot((256,)),
        lambda: GradeBallot((-1,)),
        lambda: CommentBallot(id=BOX, chips=tuple(range(1, 10)), text=""),
        lambda: CommentBallot(id=BOX, chips=(256,), text=""),
        lambda: CommentBallot(id=BOX, chips=(), text="字" * 201),
        lambda: SurveyAnswer(256),
    ],
)
def test_what_does_not_fit_is_not_written(encode):
    with pytest.raises(sealing.BadBallotError):
        encode().encode()


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        bytes(64),
        bytes([2, 3, 1, 1, 1]) + bytes(59),
        bytes([1, 2, 1, 1]) + bytes(60),
        bytes([1, 4, 1, 1, 1, 1]) + bytes(58),
        bytes([1, 3, 1, 1, 6]) + bytes(59),
        bytes([1, 3, 1, 1, 1]) + bytes(58) + b"\x01",
        bytes([1, 3, 1, 1, 1, 1]) + bytes(58),
        bytes([1, 3, 1, 1, 1]) + bytes(58),
        bytes([1, 3, 1, 1, 1]) + bytes(60),
    ],
    ids=[
        "empty",
        "zeros",
        "version",
        "fewer dimensions",
        "more dimensions",
        "no such grade",
        "padding",
        "one grade more",
        "short",
        "long",
    ],
)
def test_what_is_no_grade_ballot_is_refused(plain):
    with pytest.raises(sealing.BadBallotError):
        GradeBallot.decode(plain, dimensions=3, grades=5)


def comment_bytes(chips=b"", text=b"", *, version=1, count=None, length=None, padding=b""):
    head = bytes([version]) + BOX.bytes + bytes([len(chips) if count is None else count]) + chips
    size = (len(text) if length is None else length).to_bytes(2, "big")
    return (head + size + text).ljust(896 - len(padding), b"\x00") + padding


def test_the_bytes_of_the_next_test_are_a_comment_where_nothing_is_wrong():
    right = comment_bytes(b"\x01\x03", b"fine")

    assert CommentBallot.decode(right, chips=3) == CommentBallot(BOX, (1, 3), "fine")


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        comment_bytes(version=2),
        comment_bytes()[:-1],
        comment_bytes() + b"\x00",
        comment_bytes(padding=b"\x01"),
        comment_bytes(b"\x04"),
        comment_bytes(b"\x00"),
        comment_bytes(b"\x02\x01"),
        comment_bytes(b"\x01\x01"),
        comment_bytes(bytes(range(1, 10))),
        comment_bytes(count=255),
        comment_bytes(text=b"fine", length=3),
        comment_bytes(text=b"fine", length=65535),
        comment_bytes(text=b"\xff\xfe"),
        comment_bytes(text=b"\xed\xa0\x80"),
        comment_bytes(text=b"a\x00b"),
        comment_bytes(text=b"a" * 201),
    ],
    ids=[
        "empty",
        "version",
        "short",
        "long",
        "padding",
        "no such phrase",
        "phrase 0",
        "phrases not rising",
        "phrase twice",
        "nine phrases",
        "more phrases than bytes",
        "text behind its end",
        "text longer than the ballot",
        "not UTF-8",
        "half a character",
        "a zero in the text",
        "201 characters",
    ],
)
def test_what_is_no_comment_is_refused(plain):
    with pytest.raises(sealing.BadBallotError):
        CommentBallot.decode(plain, chips=3)


def test_nine_phrases_are_refused_even_where_twenty_are_offered():
    assert CommentBallot.decode(comment_bytes(bytes(range(1, 9))), chips=20)
    with pytest.raises(sealing.BadBallotError):
        CommentBallot.decode(comment_bytes(bytes(range(1, 10))), chips=20)


@settings(deadline=None)
@given(ballot=comment_ballots, at=st.integers(0, 895), to=st.integers(0, 255))
def test_an_altered_comment_is_refused_or_says_something_else(ballot, at, to):
    plain = bytearray(ballot.encode())
    was, plain[at] = plain[at], to
    try:
        read = CommentBallot.decode(bytes(plain), chips=20)
    except sealing.BadBallotError:
        return
    assert read.encode() == plain
    assert (read == ballot) == (was == to)


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        bytes(16),
        bytes([2, 1]) + bytes(14),
        bytes([1, 6]) + bytes(14),
        bytes([1, 1, 1]) + bytes(13),
    ],
    ids=["empty", "version", "other version", "no such answer", "padding"],
)
def test_what_is_no_answer_is_refused(plain):
    with pytest.raises(sealing.BadBallotError):
        SurveyAnswer.decode(plain, answers=5)


# Receipts


def test_a_receipt_is_the_fingerprint_of_box_credential_and_ballot():
    credential, sealed = bytes(range(32)), b"sealed"

    receipt = sealing.receipt(BOX, credential, sealed)

    whole = hashlib.sha256(b"receipt" + BOX.bytes + credential + sealed).digest()[:20]
    standard = base64.b32encode(whole).decode()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    assert receipt == standard.translate(str.maketrans(*letters))
    assert len(receipt) == 32
    assert (
        len(
            {
                receipt,
                sealing.receipt(uuid.UUID(int=1), credential, sealed),
                sealing.receipt(BOX, bytes(32), sealed),
                sealing.receipt(BOX, credential, b"other"),
            }
        )
        == 4
    )


def test_an_accepted_receipt_is_proof_and_nothing_else_is():
    seed, receipt = token_bytes(32), sealing.receipt(BOX, bytes(32), b"sealed")
    public = sealing.acceptance_public(seed)

    signature = sealing.accept(seed, receipt)

    assert len(public) == 32
    assert sealing.is_accepted(public, receipt, signature)
    assert not sealing.is_accepted(public, receipt[:-1] + "0U"[receipt[-1] == "0"], signature)
    assert not sealing.is_accepted(public, receipt, flipped(signature, 0))
    assert not sealing.is_accepted(public, receipt, b"")
    assert not sealing.is_accepted(sealing.acceptance_public(token_bytes(32)), receipt, signature)
    assert not sealing.is_accepted(b"", receipt, signature)
    sealing.acceptance_key(seed).public_key().verify(signature, b"accepted" + receipt.encode())
