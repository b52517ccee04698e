"""The one secret of an election, a file outside the database, and what is derived from it.

It lies under ``BOX_KEY_DIR``, which belongs on a file system in memory: a key on a disk ends up in
the same snapshot as the boxes. Destroying it makes every backup of the boxes unreadable.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from ballots import sealing

if TYPE_CHECKING:
    import uuid

LENGTH = 32


class KeyMissingError(Exception):
    """The file is not there: the machine was started anew, or the election is over."""


def _path(election: uuid.UUID) -> Path:
    return Path(settings.BOX_KEY_DIR) / f"{election}.key"


def make(election: uuid.UUID) -> bytes:
    """A new secret, kept at once. One left by a freeze that was rolled back is replaced."""
    destroy(election)
    secret = secrets.token_bytes(LENGTH)
    put_back(election, secret)
    return secret


def put_back(election: uuid.UUID, secret: bytes) -> None:
    """Write the secret's file, for its owner alone."""
    path = _path(election)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def secret_of(election: uuid.UUID) -> bytes:
    try:
        secret = _path(election).read_bytes()
    except FileNotFoundError as missing:
        raise KeyMissingError from missing
    if len(secret) != LENGTH:
        raise KeyMissingError
    return secret


def is_there(election: uuid.UUID) -> bool:
    return _path(election).exists()


def destroy(election: uuid.UUID) -> None:
    """Overwrite and remove; doing it twice changes nothing."""
    path = _path(election)
    if path.exists():
        path.write_bytes(secrets.token_bytes(LENGTH))
        path.unlink(missing_ok=True)  # the clock tidies up after a count at the same moment


def key_of_shard(secret: bytes, box: uuid.UUID, number: int) -> bytes:
    return sealing.derive(secret, f"shard {box} {number}")


def key_of_signer(secret: bytes, box: uuid.UUID) -> bytes:
    return sealing.derive(secret, f"signer {box}")


def acceptance_seed(secret: bytes) -> bytes:
    return sealing.derive(secret, "acceptance")
