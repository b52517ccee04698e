"""A ballot into its box. Who calls knows nothing of the voter, and nothing is written about it."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections, transaction
from django.utils.translation import gettext as _

from ballots import blind, keyring, opaque, sealing
from ballots.actions.freezing import enlarge, sealed_size, shard_about
from ballots.models import Box, Door, Election, SlipCode
from ballots.roles import BOX_READ, ELECTION_READ

if TYPE_CHECKING:
    import uuid

GRACE = dt.timedelta(seconds=60)
"""A ballot that was on its way when the vote closed is still taken."""

READ = [*(f"box.{name}" for name in BOX_READ), *(f"election.{name}" for name in ELECTION_READ)]
FIND_BOX = f"""
    SELECT {", ".join(READ)}
    FROM ballots_box box JOIN ballots_election election ON election.id = box.election_id
    WHERE box.id = %s
"""  # noqa: S608 -- names of columns, and no others
LOCK_SHARD = "SELECT blob FROM ballots_boxshard WHERE box_id = %s AND number = %s FOR UPDATE"
REPLACE_SHARD = "UPDATE ballots_boxshard SET blob = %s WHERE box_id = %s AND number = %s"
"""A whole hospital votes within minutes: written out, because putting these statements together took
more than half of the time that a ballot takes.
"""


class Why(enum.Enum):
    """Why a ballot was not taken; the value is what the answer calls it."""

    MALFORMED = "malformed"
    NO_BOX = "no_box"
    NOT_OPEN = "not_open"
    NO_TICKET = "no_ticket"
    LOCKED = "locked"
    FULL = "full"

    @property
    def sentence(self) -> str:
        return {
            Why.MALFORMED: _("This is no ballot. Open the voting page again."),
            Why.NO_BOX: _("There is no such ballot box."),
            Why.NOT_OPEN: _("Voting is not open now."),
            Why.NO_TICKET: _("The ticket is not valid for this box."),
            Why.LOCKED: _(
                "The boxes are locked since the machine was started anew. Your ballot is kept on this device; try again later."
            ),
            Why.FULL: _("The box has no room left. Tell the campaign office."),
        }[self]


class NotTakenError(Exception):
    """A ballot was refused, and nothing changed."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Accepted:
    """The receipt of a ballot that is in the box, and the proof that we gave it."""

    receipt: str
    signature: bytes


def code_hash(code: str) -> bytes:
    """A slip's code as the box knows it."""
    return hashlib.sha256(b"slip" + code.encode()).digest()


def cast(
    box_id: uuid.UUID,
    *,
    credential: bytes,
    sealed: bytes,
    signature: bytes = b"",
    now: dt.datetime,
) -> Accepted:
    """Put a ballot into its box, in place of an earlier one under the same credential.

    ``credential`` is the ticket's message (with the box's ``signature``), the hash of a slip's
    code, or for an open link a number that the page drew. Durable when this returns.
    """
    box = _found(box_id)
    election = box.election
    if not (election.is_open(now) or election.is_open(now - GRACE)):
        raise NotTakenError(Why.NOT_OPEN)
    if len(sealed) != sealed_size(box.kind) or len(credential) != opaque.CREDENTIAL_BYTES:
        raise NotTakenError(Why.MALFORMED)
    if not _may_enter(box, credential, signature):
        raise NotTakenError(Why.NO_TICKET)
    try:
        secret = keyring.secret_of(election.pk)
    except keyring.KeyMissingError as missing:
        raise NotTakenError(Why.LOCKED) from missing
    _put(box, opaque.Slot(credential, signature or opaque.SLIP_SIGNATURE, sealed), secret)
    receipt = sealing.receipt(box.pk, credential, sealed)
    return Accepted(receipt, sealing.accept(keyring.acceptance_seed(secret), receipt))


def _found(box_id: uuid.UUID) -> Box:
    """The box with its election, of both no more than is needed."""
    alias = settings.BOX_DATABASE
    with connections[alias].cursor() as cursor:
        cursor.execute(FIND_BOX, [box_id])
        row = cursor.fetchone()
    if row is None:
        raise NotTakenError(Why.NO_BOX)
    box = Box.from_db(alias, BOX_READ, row[: len(BOX_READ)])
    box.election = Election.from_db(alias, ELECTION_READ, row[len(BOX_READ) :])
    return box


def _may_enter(box: Box, credential: bytes, signature: bytes) -> bool:
    if box.door == Door.OPEN:
        return not signature
    if signature:
        return bool(box.public_key) and blind.is_valid(
            bytes(box.public_key or b""), credential, signature
        )
    slips = SlipCode.objects.using(settings.BOX_DATABASE)
    return slips.filter(code_hash=credential, box=box).exists()


def _put(box: Box, slot: opaque.Slot, secret: bytes) -> None:
    """Into the first shard that has room, in the one order that belongs to the credential.

    Shards before it were full, and nothing is ever taken out of one: looking in the same order
    finds an earlier ballot again. Shards added later come last.
    """
    first = opaque.place(slot.credential, box.placed_over)
    spread = [(first + step) % box.placed_over for step in range(box.placed_over)]
    for number in [*spread, *range(box.placed_over, box.shard_count)]:
        if _put_into(box, number, slot, secret):
            return
    larger = enlarge(box, secret=secret)
    if not _put_into(larger, larger.shard_count - 1, slot, secret):
        raise NotTakenError(Why.FULL)


def _put_into(box: Box, number: int, slot: opaque.Slot, secret: bytes) -> bool:
    key, about = keyring.key_of_shard(secret, box.pk, number), shard_about(box.pk, number)
    alias = settings.BOX_DATABASE
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(LOCK_SHARD, [box.pk, number])
        row = cursor.fetchone()
        if row is None:  # counted and emptied meanwhile
            raise NotTakenError(Why.NOT_OPEN)
        shard = opaque.Shard.from_blob(
            bytes(row[0]), key, about, box.capacity, sealed_size(box.kind)
        )
        try:
            shard.put(slot)
        except opaque.FullError:
            return False
        cursor.execute(REPLACE_SHARD, [shard.to_blob(key, about), box.pk, number])
    return True
