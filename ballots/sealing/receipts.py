"""What a voter keeps of a cast ballot: a receipt without the vote in it, and the server's word on it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from ballots.sealing import crockford

if TYPE_CHECKING:
    import uuid

RECEIPT_BYTES = 20
RECEIPT_CHARACTERS = 32


def receipt(box: uuid.UUID, credential: bytes, sealed: bytes) -> str:
    """The fingerprint of one cast ballot; it shows that a ballot counts, not what is in it."""
    digest = hashlib.sha256(b"receipt" + box.bytes + credential + sealed).digest()
    return crockford.written(int.from_bytes(digest[:RECEIPT_BYTES], "big"), RECEIPT_CHARACTERS)


def acceptance_key(seed: bytes) -> Ed25519PrivateKey:
    """The key with which the server confirms receipts, from 32 secret bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def acceptance_public(seed: bytes) -> bytes:
    """Its public half, 32 bytes."""
    public = acceptance_key(seed).public_key()
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def accept(seed: bytes, receipt: str) -> bytes:
    """The server's word that a ballot was accepted: with it a missing one can be claimed."""
    return acceptance_key(seed).sign(_statement(receipt))


def is_accepted(public: bytes, receipt: str, signature: bytes) -> bool:
    """Whether the holder of this key confirmed this receipt."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _statement(receipt))
    except (InvalidSignature, ValueError):
        return False
    return True


def _statement(receipt: str) -> bytes:
    return b"accepted" + receipt.encode()
