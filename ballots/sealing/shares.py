"""The commission's key in three shares, any two of which open it.

Two of three needs nothing but what every platform has: the private key is closed three
times, each time under a key derived from one pair of shares. Nothing here depends on arithmetic of
our own, and a pair can be tried without knowing which pair it is.
"""

from __future__ import annotations

import base64
import binascii
from itertools import permutations
from secrets import randbits, token_bytes
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from ballots.sealing import crockford
from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHARE_BITS = 128
DIGITS = 26
CHECK_DIGITS = 2
CHECK_PRIME = 1021
"""The largest prime in two characters: one wrong character, or two swapped, changes the remainder."""
GROUP = 4
PAIRS = {"12": (0, 1), "13": (0, 2), "23": (1, 2)}
KEY_BYTES = 32
NONCE_BYTES = 12


class ShareError(ActionRefusedError):
    """A share that cannot be read, or two that do not open the key; it says which and why."""


def new_share() -> str:
    """128 random bits to be written down: seven groups of four, the last two characters a check."""
    value = randbits(SHARE_BITS)
    text = crockford.written(value, DIGITS) + crockford.written(value % CHECK_PRIME, CHECK_DIGITS)
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def read_share(text: str) -> bytes:
    """The 128 bits of a share as somebody typed it: any case, with or without dashes and spaces."""
    plain = crockford.tidied(text)
    if len(plain) != DIGITS + CHECK_DIGITS:
        raise ShareError(
            _("A share has %(length)s characters; “%(start)s…” has %(found)s.")
            % {"length": DIGITS + CHECK_DIGITS, "start": plain[:GROUP], "found": len(plain)}
        )
    try:
        value, check = crockford.number(plain[:DIGITS]), crockford.number(plain[DIGITS:])
    except KeyError as fault:
        raise ShareError(
            _("The character “%(character)s” in share “%(start)s…” occurs in no share.")
            % {"character": fault.args[0], "start": plain[:GROUP]}
        ) from None
    if value >> SHARE_BITS or value % CHECK_PRIME != check:
        raise ShareError(
            _("Share “%(start)s…” is mistyped: compare each character with the paper.")
            % {"start": plain[:GROUP]}
        )
    return value.to_bytes(SHARE_BITS // 8, "big")


def wrap(private: bytes, shares: Sequence[str], context: bytes) -> dict[str, str]:
    """The private key closed for each pair of the three shares, in base 64.

    `context` names what the key is for; a wrapped key does not open under another.
    """
    if len(shares) != len(PAIRS):
        raise ValueError("A key is wrapped for three shares.")
    read = [read_share(share) for share in shares]
    return {
        pair: base64.b64encode(_close(private, read[one], read[other], context, pair)).decode()
        for pair, (one, other) in PAIRS.items()
    }


def unwrap(wrapped: Mapping[str, str], one: str, other: str, context: bytes) -> bytes:
    """The private key by two shares, whichever two and in whichever order, or ShareError."""
    both = read_share(one), read_share(other)
    if both[0] == both[1]:
        raise ShareError(_("The same share was typed twice. Two different ones are needed."))
    for pair in PAIRS:
        for first, second in permutations(both):
            private = _opened(wrapped.get(pair, ""), first, second, context, pair)
            if private is not None:
                return private
    raise ShareError(
        _(
            "These two shares do not open the seal. Both are typed correctly, so at least one belongs"
            " to another key."
        )
    )


def _close(private: bytes, first: bytes, second: bytes, context: bytes, pair: str) -> bytes:
    nonce = token_bytes(NONCE_BYTES)
    return nonce + _cipher(first, second, context, pair).encrypt(nonce, private, None)


def _opened(closed: str, first: bytes, second: bytes, context: bytes, pair: str) -> bytes | None:
    try:
        data = base64.b64decode(closed, validate=True)
        cipher = _cipher(first, second, context, pair)
        return cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None)
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _cipher(first: bytes, second: bytes, context: bytes, pair: str) -> AESGCM:
    """AES-256-GCM under a key of these two shares for this pair: HKDF with SHA-256."""
    kdf = HKDF(
        algorithm=hashes.SHA256(), length=KEY_BYTES, salt=context, info=f"shares {pair}".encode()
    )
    return AESGCM(kdf.derive(first + second))
