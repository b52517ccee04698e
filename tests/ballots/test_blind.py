"""Tickets signed unseen: the published examples, and every number and key that must be refused."""

import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ballots import blind

PUBLISHED = json.loads((Path(__file__).parent / "vectors/rfc9474.json").read_text())
VECTORS = [pytest.param(vector, id=vector["name"]) for vector in PUBLISHED["vectors"]]


def spki(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.DER, form)


def pkcs8(key):
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.fixture(scope="module")
def published_key():
    p, q, n, e, d = (int(PUBLISHED["key"][name], 16) for name in "pqned")
    halves = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *halves, rsa.RSAPublicNumbers(e, n)).private_key()


@pytest.fixture(scope="module")
def private():
    return blind.new_signing_key()


@pytest.fixture(scope="module")
def public(private):
    return blind.public_key(private)


@pytest.fixture
def signer(private):
    return blind.Signer(private)


@pytest.fixture
def modulus(public):
    return serialization.load_der_public_key(public).public_numbers().n


def ticket(public, signer):
    message = blind.prepare()
    blinded, secret = blind.blind(public, message)
    return message, blind.finalize(public, message, signer.sign(blinded), secret)


def flipped(data, at):
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("vector", VECTORS)
def test_the_published_examples_come_out(vector, published_key):
    raw = {name: bytes.fromhex(value) for name, value in vector.items() if name != "name"}
    message, n = raw["msg_prefix"] + raw["msg"], published_key.public_key().public_numbers().n
    factor = pow(int(vector["inv"], 16), -1, n)

    blinded, secret = blind._blind(n, message, salt=raw["salt"], factor=factor)
    blind_signature = blind.Signer(pkcs8(published_key)).sign(blinded)
    signature = blind._finalize(published_key.public_key(), message, blind_signature, secret)

    assert (blinded, secret) == (raw["blinded_msg"], raw["inv"])
    assert (blind_signature, signature) == (raw["blind_sig"], raw["sig"])


def test_a_ticket_is_valid_for_its_message_and_box_alone(public, signer):
    message, signature = ticket(public, signer)
    other_box = blind.public_key(blind.new_signing_key())

    assert blind.is_valid(public, message, signature)
    assert not blind.is_valid(public, blind.prepare(), signature)
    assert not blind.is_valid(other_box, message, signature)


def test_a_ticket_is_standard_pss(public, signer):
    message, signature = ticket(public, signer)
    key, mask = serialization.load_der_public_key(public), padding.MGF1(hashes.SHA384())

    key.verify(signature, message, padding.PSS(mask, salt_length=48), hashes.SHA384())
    with pytest.raises(InvalidSignature):
        key.verify(signature, message, padding.PSS(mask, salt_length=32), hashes.SHA384())


def test_the_signer_sees_nothing_of_the_ticket(public, signer):
    message = blind.prepare()

    (first, first_secret), (second, second_secret) = (blind.blind(public, message) for _ in "12")
    one = blind.finalize(public, message, signer.sign(first), first_secret)
    other = blind.finalize(public, message, signer.sign(second), second_secret)

    assert len({first, second, first_secret, second_secret, one, other}) == 6


def test_every_ticket_can_have_come_from_every_request(public, signer, modulus):
    requests = []
    for _ in range(2):
        message = blind.prepare()
        blinded, secret = blind.blind(public, message)
        signature = blind.finalize(public, message, signer.sign(blinded), secret)
        requests.append((message, blinded, signature))
    _, first_blinded, _ = requests[0]
    _, _, second_signature = requests[1]

    # the factor that would have made the first request out of the second ticket
    first_answer = int.from_bytes(signer.sign(first_blinded), "big")
    factor = first_answer * pow(int.from_bytes(second_signature, "big"), -1, modulus) % modulus
    encoded = pow(int.from_bytes(second_signature, "big"), blind.PUBLIC_EXPONENT, modulus)
    made = encoded * pow(factor, blind.PUBLIC_EXPONENT, modulus) % modulus

    assert made.to_bytes(256, "big") == first_blinded


@pytest.mark.parametrize(
    "number",
    [lambda n: 0, lambda n: 1, lambda n: n - 1, lambda n: n, lambda n: n + 1],
    ids=["0", "1", "n - 1", "n", "n + 1"],
)
def test_signer_rejects_0_1_n_minus_1_n(signer, modulus, number):
    with pytest.raises(blind.RefusedTicketError):
        signer.sign(number(modulus).to_bytes(256, "big"))


def test_signer_signs_the_numbers_beside_them(signer, modulus):
    for number in (2, modulus - 2):
        signature = signer.sign(number.to_bytes(256, "big"))
        assert pow(int.from_bytes(signature, "big"), blind.PUBLIC_EXPONENT, modulus) == number


@pytest.mark.parametrize("length", [0, 32, 255, 257])
def test_signer_rejects_another_length(signer, length):
    with pytest.raises(blind.RefusedTicketError):
        signer.sign(bytes(length - 1) + b"\x02" if length else b"")


@pytest.mark.parametrize("half", ["_dp", "_dq", "_q_inverse"])
def test_signer_rechecks_result(public, signer, half):
    blinded, _ = blind.blind(public, blind.prepare())
    signer.sign(blinded)
    setattr(signer, half, getattr(signer, half) + 2)

    with pytest.raises(blind.RefusedTicketError):
        signer.sign(blinded)


def test_signer_blinds_its_base_anew_each_time(signer):
    pairs = [signer._base_blinding() for _ in range(20)]

    assert len({int(mask) for mask, _ in pairs}) == 20
    assert {int(mask * unmask % signer._n) for mask, unmask in pairs} == {1}


def test_signer_answers_the_same_request_the_same(public, signer, private):
    blinded, _ = blind.blind(public, blind.prepare())

    assert signer.sign(blinded) == signer.sign(blinded) == blind.Signer(private).sign(blinded)


@pytest.mark.parametrize(
    "key",
    [
        lambda: spki(rsa.generate_private_key(3, 2048)),
        lambda: spki(rsa.generate_private_key(65537, 1024)),
        lambda: spki(rsa.generate_private_key(65537, 3072)),
        lambda: spki(ec.generate_private_key(ec.SECP256R1())),
        lambda: b"",
        lambda: b"no key",
    ],
    ids=["e = 3", "1024 bits", "3072 bits", "elliptic", "empty", "no key"],
)
def test_a_key_that_is_not_ours_is_refused(key):
    public = key()

    for use in (
        lambda: blind.blind(public, blind.prepare()),
        lambda: blind.finalize(public, blind.prepare(), bytes(256), bytes(256)),
        lambda: blind.is_valid(public, blind.prepare(), bytes(256)),
    ):
        with pytest.raises(blind.RefusedTicketError):
            use()


def test_a_signing_key_is_rsa():
    with pytest.raises(blind.RefusedTicketError):
        blind.Signer(pkcs8(ec.generate_private_key(ec.SECP256R1())))


def test_keys_are_fresh_and_of_the_right_kind(private, public):
    key = serialization.load_der_public_key(public)

    assert (key.key_size, key.public_numbers().e) == (2048, 65537)
    assert blind.new_signing_key() != private


@pytest.mark.parametrize("at", [0, 100, -1])
@pytest.mark.parametrize("part", ["message", "blind_signature", "secret"])
def test_an_altered_answer_makes_no_ticket(public, signer, part, at):
    message = blind.prepare()
    blinded, secret = blind.blind(public, message)
    parts = {
        "message": message,
        "blind_signature": signer.sign(blinded),
        "secret": secret,
    }
    parts[part] = flipped(parts[part], at % len(parts[part]))

    with pytest.raises(blind.RefusedTicketError):
        blind.finalize(public, **parts)


def test_an_answer_of_another_length_makes_no_ticket(public, signer):
    message = blind.prepare()
    blinded, secret = blind.blind(public, message)
    answer = signer.sign(blinded)

    for given in ((answer[:-1], secret), (b"\x00" + answer, secret), (answer, secret[1:])):
        with pytest.raises(blind.RefusedTicketError):
            blind.finalize(public, message, *given)


@pytest.mark.parametrize("at", [0, 128, 255])
def test_an_altered_ticket_is_not_valid(public, signer, at):
    message, signature = ticket(public, signer)

    assert not blind.is_valid(public, message, flipped(signature, at))
    assert not blind.is_valid(public, flipped(message, at % 32), signature)
    assert not blind.is_valid(public, message, signature[:at])
    assert not blind.is_valid(public, message, b"")
    assert not blind.is_valid(public, message, bytes(256))
