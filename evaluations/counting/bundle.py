"""The recount bundle: what lay in the boxes, in a file that two shares open.

Format 1, UTF-8 JSON: ``{"format", "election", "wrapped", "sealed"}``. ``wrapped`` is the private
seal key for any two shares; ``sealed`` (base64) is sealed to that key and holds, again as JSON,
``{"manifest", "boxes": [{"id", "ballots": [{"credential", "signature", "sealed"}]}]}``, ballots
sorted by credential, binary parts in base64; the signature of a slip is empty. ``manifest`` is the
very text whose SHA-256 is the digest on the notice.
"""

from __future__ import annotations

import json
import uuid
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ballots import sealing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ballots.actions import BoxContent
    from ballots.models import Election

FORMAT = 1


class BadBundleError(ValueError):
    """A file that is no bundle, or was damaged."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot as it lay in its box."""

    credential: bytes
    signature: bytes
    """Empty for a slip."""
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle, opened."""

    manifest: str
    boxes: dict[str, list[Ballot]]
    unsealer: sealing.Unsealer


def written(election: Election, contents: Iterable[BoxContent]) -> bytes:
    inside = {
        "manifest": election.manifest,
        "boxes": [
            {
                "id": str(content.box.pk),
                "ballots": [
                    {
                        "credential": _text(slot.credential),
                        "signature": "" if slot.is_slip else _text(slot.signature),
                        "sealed": _text(slot.sealed),
                    }
                    for slot in content.slots
                ],
            }
            for content in contents
        ],
    }
    plain = json.dumps(inside, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = sealing.seal(bytes(election.seal_key or b""), plain)
    whole = {
        "format": FORMAT,
        "election": str(election.pk),
        "wrapped": election.wrapped_seal,
        "sealed": _text(sealed),
    }
    return json.dumps(whole, separators=(",", ":")).encode()


def opened(content: bytes, one: str, other: str) -> Bundle:
    """Open a bundle with two shares; ``sealing.ShareError`` when they do not fit."""
    try:
        whole: dict[str, Any] = json.loads(content)
        election, wrapped = uuid.UUID(whole["election"]), whole["wrapped"]
        sealed = b64decode(whole["sealed"], validate=True)
        known = whole["format"] == FORMAT
    except (KeyError, TypeError, ValueError) as fault:
        raise BadBundleError("This is no recount bundle.") from fault
    if not known:
        raise BadBundleError("A bundle of a format that this program does not know.")
    unsealer = sealing.Unsealer(sealing.unwrap(wrapped, one, other, election.bytes))
    try:
        inside = json.loads(unsealer.open(sealed))
        boxes = {
            box["id"]: [
                Ballot(*(b64decode(ballot[part], validate=True) for part in PARTS))
                for ballot in box["ballots"]
            ]
            for box in inside["boxes"]
        }
        return Bundle(inside["manifest"], boxes, unsealer)
    except (sealing.BrokenSealError, KeyError, TypeError, ValueError) as fault:
        raise BadBundleError("The bundle was damaged.") from fault


PARTS = ("credential", "signature", "sealed")


def _text(content: bytes) -> str:
    return b64encode(content).decode()
