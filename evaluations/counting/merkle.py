"""One digest over many receipts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over texts in the order given: SHA-256, leaves and nodes told apart by a first byte.

    As RFC 6962: an odd one is carried up unchanged; no leaves give the digest of nothing.
    """
    level = [hashlib.sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + (level[-1:] if len(level) % 2 else [])
    return level[0].hex()
