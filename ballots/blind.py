"""Tickets signed unseen: RSABSSA-SHA384-PSS of RFC 9474, with a salt of 48 bytes.

A voter's device blinds a message of its own making, the server signs what it cannot read, and the
device takes the blinding off. What remains is an ordinary RSASSA-PSS signature, which anybody
checks and nobody can lead back to the request that it came from: for every request and every ticket
there is a blinding that joins them, so no later break of the cryptography tells which one it was.

Messages are prepared by the identity (the variant PSS-Deterministic). The randomized variant puts
32 random bytes before a message that may be guessed or chosen by the signer; our message is
itself 256 random bits from the voter's device, so the prefix would add nothing to it.

A signing key does nothing else. Each voter may have one number of his choice raised to the private
exponent, which is fatal for a key that also decrypts, or signs anything else.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_BITS = 2048
PUBLIC_EXPONENT = 65537
MESSAGE_BYTES = 32
SALT_BYTES = 48
HASH_BYTES = 48
KEYS_KEPT = 512
"""Public keys kept parsed: more than the boxes of one round."""

_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=SALT_BYTES)


class RefusedTicketError(ValueError):
    """A number that is not signed, a key that is not one of ours, or a ticket that does not hold."""


def new_signing_key() -> bytes:
    """A fresh private key for one box, as PKCS8 DER."""
    return rsa.generate_private_key(PUBLIC_EXPONENT, KEY_BITS).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_key(private: bytes) -> bytes:
    """The SubjectPublicKeyInfo (DER) of a private key."""
    return (
        _load_private(private)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


class Signer:
    """Signs blinded messages with one key, parsed once.

    The input is wholly the voter's, so its timing must tell nothing of the key: the exponentiation
    takes the same steps for every exponent, and what is raised is the input times a random number
    that nobody else knows, a new one every time. A fault in one half of the computation would give
    the key away (its square root of n divides the difference), so the result is raised again and
    compared before it leaves.
    """

    def __init__(self, private: bytes) -> None:
        numbers = _load_private(private).private_numbers()
        self._n = gmpy2.mpz(numbers.public_numbers.n)
        self._e = gmpy2.mpz(numbers.public_numbers.e)
        self._p, self._dp = gmpy2.mpz(numbers.p), gmpy2.mpz(numbers.dmp1)
        self._q, self._dq = gmpy2.mpz(numbers.q), gmpy2.mpz(numbers.dmq1)
        self._q_inverse = gmpy2.mpz(numbers.iqmp)
        self._size = (numbers.public_numbers.n.bit_length() + 7) // 8

    def sign(self, blinded: bytes) -> bytes:
        """The blind signature of a blinded message, each as long as the key."""
        if len(blinded) != self._size:
            raise RefusedTicketError("A blinded message is as long as the key.")
        message = gmpy2.mpz(int.from_bytes(blinded, "big"))
        if not 1 < message < self._n - 1:
            raise RefusedTicketError("A blinded message is neither 0, 1, n - 1 nor larger.")
        mask, unmask = self._base_blinding()
        masked = message * gmpy2.powmod(mask, self._e, self._n) % self._n
        signature = self._raise_to_private(masked) * unmask % self._n
        if gmpy2.powmod(signature, self._e, self._n) != message:
            raise RefusedTicketError("The signature did not come out right and is withheld.")
        return int(signature).to_bytes(self._size, "big")

    def _base_blinding(self) -> tuple[gmpy2.mpz, gmpy2.mpz]:
        """A random number for this signature alone, and its inverse."""
        mask = gmpy2.mpz(secrets.randbelow(int(self._n) - 2) + 2)
        return mask, gmpy2.invert(mask, self._n)

    def _raise_to_private(self, base: gmpy2.mpz) -> gmpy2.mpz:
        """Base to the private exponent by the Chinese remainder theorem, in constant time."""
        by_p = gmpy2.powmod_sec(base % self._p, self._dp, self._p)
        by_q = gmpy2.powmod_sec(base % self._q, self._dq, self._q)
        return by_q + self._q * ((by_p - by_q) * self._q_inverse % self._p)


def is_valid(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is a ticket of the box with this key: standard RSASSA-PSS, SHA-384, salt 48.

    A key that is not one of ours (another size, another exponent) raises RefusedTicketError.
    """
    return _verifies(_load_public(public), message, signature)


def prepare() -> bytes:
    """The message of one ticket: 256 random bits."""
    return secrets.token_bytes(MESSAGE_BYTES)


def blind(public: bytes, message: bytes) -> tuple[bytes, bytes]:
    """The blinded message for the signer, and the secret that takes the blinding off again."""
    n = _load_public(public).public_numbers().n
    return _blind(
        n, message, salt=secrets.token_bytes(SALT_BYTES), factor=secrets.randbelow(n - 2) + 2
    )


def finalize(public: bytes, message: bytes, blind_signature: bytes, secret: bytes) -> bytes:
    """The ticket's signature, the blinding taken off; it is checked before it is handed out."""
    return _finalize(_load_public(public), message, blind_signature, secret)


def _blind(n: int, message: bytes, *, salt: bytes, factor: int) -> tuple[bytes, bytes]:
    size = (n.bit_length() + 7) // 8
    encoded = int.from_bytes(_encode(message, salt, n.bit_length() - 1), "big")
    inverse = pow(factor, -1, n)
    blinded = encoded * pow(factor, PUBLIC_EXPONENT, n) % n
    return blinded.to_bytes(size, "big"), inverse.to_bytes(size, "big")


def _finalize(
    key: rsa.RSAPublicKey, message: bytes, blind_signature: bytes, secret: bytes
) -> bytes:
    n = key.public_numbers().n
    size = (n.bit_length() + 7) // 8
    if (len(blind_signature), len(secret)) != (size, size):
        raise RefusedTicketError("A blind signature and its secret are as long as the key.")
    unblinded = int.from_bytes(blind_signature, "big") * int.from_bytes(secret, "big") % n
    signature = unblinded.to_bytes(size, "big")
    if not _verifies(key, message, signature):
        raise RefusedTicketError("The signer's answer does not make a valid ticket.")
    return signature


def _encode(message: bytes, salt: bytes, bits: int) -> bytes:
    """EMSA-PSS of RFC 8017, 9.1.1, which `cryptography` has but keeps to itself."""
    size = (bits + 7) // 8
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(size - len(salt) - HASH_BYTES - 2) + b"\x01" + salt
    mask = _stretch(digest, len(block))
    masked = bytearray(one ^ other for one, other in zip(block, mask, strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + digest + b"\xbc"


def _stretch(seed: bytes, length: int) -> bytes:
    """MGF1 of RFC 8017, B.2.1."""
    rounds = -(-length // HASH_BYTES)
    made = [hashlib.sha384(seed + at.to_bytes(4, "big")).digest() for at in range(rounds)]
    return b"".join(made)[:length]


def _verifies(key: rsa.RSAPublicKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, message, _PSS, hashes.SHA384())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=KEYS_KEPT)
def _load_public(public: bytes) -> rsa.RSAPublicKey:
    """A box's key; one of another size or exponent could mark the voters to whom it is shown."""
    try:
        key = serialization.load_der_public_key(public)
    except ValueError as fault:
        raise RefusedTicketError("This is not a public key.") from fault
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size != KEY_BITS:
        raise RefusedTicketError(f"A box's key is RSA with {KEY_BITS} bits.")
    if key.public_numbers().e != PUBLIC_EXPONENT:
        raise RefusedTicketError(f"A box's key has the exponent {PUBLIC_EXPONENT}.")
    return key


def _load_private(private: bytes) -> rsa.RSAPrivateKey:
    """A key of our own making: proving its primes again would cost more than many signatures."""
    key = serialization.load_der_private_key(private, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise RefusedTicketError("A signing key is an RSA key.")
    return key
