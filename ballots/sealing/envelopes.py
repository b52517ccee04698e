"""What is closed for others: ballots for the commission, and what this server locks for itself."""

from __future__ import annotations

from functools import lru_cache
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEAL_KEY_BITS = 3072
PUBLIC_EXPONENT = 65537
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
WRAPPED_KEY_BYTES = SEAL_KEY_BITS // 8
OVERHEAD = WRAPPED_KEY_BYTES + TAG_BYTES
"""How many bytes longer a sealed ballot is than the ballot."""

_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
_ONLY_NONCE = bytes(NONCE_BYTES)


class BrokenSealError(ValueError):
    """What this key does not open: sealed for another, altered, or not sealed at all."""


def new_seal_key() -> tuple[bytes, bytes]:
    """A private key (PKCS8 DER) and its public half (SubjectPublicKeyInfo DER).

    For the demonstration and tests. The commission of a real round makes its key in its own
    browser, and no server ever holds the private half before the count.
    """
    private = rsa.generate_private_key(PUBLIC_EXPONENT, SEAL_KEY_BITS)
    return (
        private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )


def is_seal_key(public: bytes) -> bool:
    """Whether ballots can be sealed to this key: RSA with 3072 bits, as DER."""
    try:
        _load_public(public)
    except BrokenSealError:
        return False
    return True


def seal(public: bytes, plain: bytes) -> bytes:
    """Close a ballot for the holder of the private key; the length tells nothing but its length.

    Each key for AES closes one ballot, so its nonce may be zero.
    """
    key = token_bytes(KEY_BYTES)
    return _load_public(public).encrypt(key, _OAEP) + AESGCM(key).encrypt(_ONLY_NONCE, plain, None)


class Unsealer:
    """Opens sealed ballots with one private key, parsed and checked once."""

    def __init__(self, private: bytes) -> None:
        try:
            key = serialization.load_der_private_key(private, None)
        except (ValueError, TypeError) as fault:
            raise BrokenSealError("This is not a private key.") from fault
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size != SEAL_KEY_BITS:
            raise BrokenSealError(f"A seal key is RSA with {SEAL_KEY_BITS} bits.")
        self._key = key

    def fits(self, public: bytes) -> bool:
        """Whether ballots sealed to this key are those that it opens."""
        return self._key.public_key() == _load_public(public)

    def open(self, sealed: bytes) -> bytes:
        """The ballot, or BrokenSealError."""
        try:
            key = self._key.decrypt(sealed[:WRAPPED_KEY_BYTES], _OAEP)
            return AESGCM(key).decrypt(_ONLY_NONCE, sealed[WRAPPED_KEY_BYTES:], None)
        except (InvalidTag, ValueError) as fault:
            raise BrokenSealError("This ballot was not sealed to this key.") from fault


def derive(secret: bytes, label: str) -> bytes:
    """The key for one purpose out of the one secret of a round: HKDF with SHA-256, 32 bytes."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=label.encode())
    return kdf.derive(secret)


def lock(secret: bytes, plain: bytes, about: bytes) -> bytes:
    """Close something for this server itself; it opens only together with what it is about."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, plain, about)


def unlock(secret: bytes, locked: bytes, about: bytes) -> bytes:
    """What was locked with this secret about this thing, or BrokenSealError."""
    try:
        return AESGCM(secret).decrypt(locked[:NONCE_BYTES], locked[NONCE_BYTES:], about)
    except (InvalidTag, ValueError) as fault:
        raise BrokenSealError("This secret does not open this, or not here.") from fault


@lru_cache(maxsize=16)
def _load_public(public: bytes) -> rsa.RSAPublicKey:
    try:
        key = serialization.load_der_public_key(public)
    except ValueError as fault:
        raise BrokenSealError("This is not a public key.") from fault
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size != SEAL_KEY_BITS:
        raise BrokenSealError(f"A seal key is RSA with {SEAL_KEY_BITS} bits.")
    if key.public_numbers().e != PUBLIC_EXPONENT:
        raise BrokenSealError(f"A seal key has the exponent {PUBLIC_EXPONENT}.")
    return key
