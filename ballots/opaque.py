"""One shard of a ballot box, opaque: nobody can tell one ballot in it from another before the count.

A row for each ballot would be in the database in the order of arrival, whatever it is called: system
columns, the write-ahead log and the difference of two backups show which ballot came when. Here all
ballots of a shard are one encrypted value of one size, made anew at every cast. Who reads the
database, its log and every backup sees that *a* ballot came or was replaced, never which one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CREDENTIAL_BYTES = 32
SIGNATURE_BYTES = 256
NONCE_BYTES = 12
TAG_BYTES = 16
USED = b"\x01"
SLIP_SIGNATURE = bytes(SIGNATURE_BYTES)

ONE_SHARD_UP_TO = 64
SMALLEST_SHARD = 16
VOTERS_PER_SHARD = 32


class FullError(Exception):
    """A shard that has no room for one more ballot."""


class BrokenShardError(ValueError):
    """A blob that this key does not open, or not at this place."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One ballot as it lies in the box: who may cast it, the proof of that, and what is sealed."""

    credential: bytes
    signature: bytes
    sealed: bytes

    @property
    def is_slip(self) -> bool:
        """Cast with a drawn paper slip, which proves itself by its code and has no signature."""
        return self.signature == SLIP_SIGNATURE


class Shard:
    """The ballots of one shard in memory: at most `capacity`, each sealed in `sealed_size` bytes."""

    def __init__(self, capacity: int, sealed_size: int, slots: dict[bytes, Slot]) -> None:
        self.capacity = capacity
        self.sealed_size = sealed_size
        self._slots = slots

    @classmethod
    def empty(cls, capacity: int, sealed_size: int) -> Shard:
        return cls(capacity, sealed_size, {})

    @classmethod
    def from_blob(
        cls, blob: bytes, key: bytes, about: bytes, capacity: int, sealed_size: int
    ) -> Shard:
        """The shard that a blob holds; `about` names the box and the number of the shard."""
        if len(blob) != blob_size(capacity, sealed_size):
            raise BrokenShardError("This blob has not the size of its shard.")
        nonce, encrypted = blob[:NONCE_BYTES], blob[NONCE_BYTES:]
        try:
            plain = AESGCM(key).decrypt(nonce, encrypted, about)
        except InvalidTag as fault:
            raise BrokenShardError("This key does not open this blob.") from fault
        width = _slot_size(sealed_size)
        places = (plain[at : at + width] for at in range(0, len(plain), width))
        slots = (_read(place) for place in places if place[:1] == USED)
        return cls(capacity, sealed_size, {slot.credential: slot for slot in slots})

    @property
    def slots(self) -> list[Slot]:
        """The ballots by credential, which is random: their order tells nothing of their arrival."""
        return [self._slots[credential] for credential in sorted(self._slots)]

    def put(self, slot: Slot) -> bool:
        """Lay a ballot in; one with the same credential takes its place. True if it is a new one."""
        self._check(slot)
        is_new = slot.credential not in self._slots
        if is_new and len(self._slots) >= self.capacity:
            raise FullError
        self._slots[slot.credential] = slot
        return is_new

    def to_blob(self, key: bytes, about: bytes) -> bytes:
        """Everything encrypted under a fresh nonce, empty places and all: always the same size."""
        used = b"".join(
            USED + slot.credential + slot.signature + slot.sealed for slot in self.slots
        )
        plain = used.ljust(self.capacity * _slot_size(self.sealed_size), b"\x00")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, plain, about)

    def _check(self, slot: Slot) -> None:
        """A ballot of another size would shift those behind it."""
        sizes = len(slot.credential), len(slot.signature), len(slot.sealed)
        if sizes != (CREDENTIAL_BYTES, SIGNATURE_BYTES, self.sealed_size):
            raise ValueError("A ballot has not the sizes of its box.")


def blob_size(capacity: int, sealed_size: int) -> int:
    """The bytes of a shard in the database, however many ballots are in it."""
    return NONCE_BYTES + capacity * _slot_size(sealed_size) + TAG_BYTES


def shards_for(eligible: int) -> tuple[int, int]:
    """How many shards a box of so many voters has, and how many ballots each takes.

    Credentials fall into shards at random, so several shards have room for twice what each will get.
    """
    if eligible <= ONE_SHARD_UP_TO:
        return 1, max(SMALLEST_SHARD, eligible)
    return -(-eligible // VOTERS_PER_SHARD), 2 * VOTERS_PER_SHARD


def place(credential: bytes, count: int) -> int:
    """The shard where a credential's ballot lies if there is room: the same one every time."""
    return int.from_bytes(hashlib.sha256(credential).digest(), "big") % count


def _slot_size(sealed_size: int) -> int:
    return len(USED) + CREDENTIAL_BYTES + SIGNATURE_BYTES + sealed_size


def _read(place: bytes) -> Slot:
    credential_end = len(USED) + CREDENTIAL_BYTES
    signature_end = credential_end + SIGNATURE_BYTES
    return Slot(
        credential=place[len(USED) : credential_end],
        signature=place[credential_end:signature_end],
        sealed=place[signature_end:],
    )
