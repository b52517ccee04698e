"""Opening the boxes: once, all together, and then nothing is left to open."""

from __future__ import annotations

import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ballots import blind, keyring, opaque, sealing
from ballots.actions.freezing import forget_signers, sealed_size, shard_about
from ballots.models import BoardEntry, Box, BoxKind, BoxShard, Comment, Election, SlipCode
from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

THREADS = 4


@dataclass(slots=True)
class BoxContent:
    """What lay in one box: each ballot with what let it in, sorted by that, and what could be read."""

    box: Box
    slots: list[opaque.Slot] = field(default_factory=list)
    plain: list[bytes | None] = field(default_factory=list)
    """The opened ballot beside its slot; ``None`` where the seal was broken."""

    @property
    def accepted(self) -> int:
        return len(self.slots)


def unlocked(election: Election, one: str, other: str) -> bytes:
    """The commission's private key from two of its three shares; ``sealing.ShareError`` if not.

    Any other key would make every ballot invalid, and the count destroy what it could not read.
    """
    private = sealing.unwrap(election.wrapped_seal, one, other, election.pk.bytes)
    if not _opens_what_was_sealed(election, private):
        raise ActionRefusedError(
            _("The ballots were not sealed to the key of these shares. Nothing was opened.")
        )
    return private


def _opens_what_was_sealed(election: Election, private: bytes) -> bool:
    try:
        return sealing.Unsealer(private).fits(bytes(election.seal_key or b""))
    except sealing.BrokenSealError:
        return False


def contents(election: Election, private_seal_key: bytes | None) -> list[BoxContent]:
    """Everything in the boxes, which are locked until the transaction ends. Nothing is changed."""
    try:
        secret = keyring.secret_of(election.pk)
    except keyring.KeyMissingError as missing:
        raise ActionRefusedError(
            _("The key of the boxes is missing. Unlock them with two shares first.")
        ) from missing
    boxes = election.boxes.select_for_update(of=("self",)).order_by("pk")
    found = {box.pk: BoxContent(box) for box in boxes}  # locked, or one could grow meanwhile
    shards = BoxShard.objects.filter(box__in=found)
    for row in shards.select_for_update(of=("self",)).order_by("box", "number"):
        box = found[row.box_id].box
        key = keyring.key_of_shard(secret, box.pk, row.number)
        about = shard_about(box.pk, row.number)
        shard = opaque.Shard.from_blob(
            bytes(row.blob), key, about, box.capacity, sealed_size(box.kind)
        )
        found[row.box_id].slots += shard.slots
    unsealer = sealing.Unsealer(private_seal_key) if private_seal_key else None
    with ThreadPoolExecutor(THREADS) as pool:
        for content in found.values():
            content.slots.sort(key=lambda slot: slot.credential)
            _open(content, unsealer, pool)
    return list(found.values())


def _open(content: BoxContent, unsealer: sealing.Unsealer | None, pool: ThreadPoolExecutor) -> None:
    box = content.box

    def opened(slot: opaque.Slot) -> bytes | None:
        if box.kind == BoxKind.SURVEY:
            return slot.sealed
        public = bytes(box.public_key or b"")
        if unsealer is None:
            raise ValueError("ballots of a round are opened with the commission's key")
        if not slot.is_slip and not blind.is_valid(public, slot.credential, slot.signature):
            return None
        try:
            return unsealer.open(slot.sealed)
        except sealing.BrokenSealError:
            return None

    content.plain = list(pool.map(opened, content.slots))


def close(election: Election, counted: Sequence[BoxContent]) -> None:
    """Write receipts and comments, sorted, and empty the boxes; part of the count's transaction."""
    BoardEntry.objects.bulk_create(_receipts(counted), batch_size=2000)
    Comment.objects.bulk_create(_comments(counted))
    election.is_counted = True
    election.recovery = None
    election.save(update_fields=["is_counted", "recovery"])
    BoxShard.objects.filter(box__election=election).delete()
    SlipCode.objects.filter(box__election=election).delete()
    election.boxes.update(signing_key=None)
    transaction.on_commit(lambda: destroy(election))


def destroy(election: Election) -> None:
    """Destroy the key of the boxes, then have the database give their pages back. Repeatable."""
    keyring.destroy(election.pk)
    forget_signers()
    if connection.in_atomic_block:  # a test, whose transaction never ends
        return
    with connection.cursor() as cursor:
        for model in (BoxShard, SlipCode):
            cursor.execute(f'VACUUM FULL "{model._meta.db_table}"')


def _receipts(counted: Sequence[BoxContent]) -> list[BoardEntry]:
    by_box: dict[Box, list[str]] = defaultdict(list)
    for content in counted:
        by_box[content.box] = sorted(
            sealing.receipt(content.box.pk, slot.credential, slot.sealed) for slot in content.slots
        )
    return [
        BoardEntry(box=box, receipt=receipt)
        for box, receipts in by_box.items()
        for receipt in receipts
    ]


def _comments(counted: Sequence[BoxContent]) -> list[Comment]:
    """Comments in the order of the identifiers that devices drew: none at all.

    An identifier that is taken, by mistake or by malice, is replaced: its device will not find it.
    """
    found: dict[uuid.UUID, Comment] = {}
    for content in counted:
        for plain in content.plain if content.box.kind == BoxKind.COMMENT else ():
            try:
                ballot = sealing.CommentBallot.decode(plain or b"")
            except sealing.BadBallotError:
                continue
            if ballot.text or ballot.chips:
                own = uuid.uuid4() if ballot.id in found else ballot.id
                found[own] = Comment(
                    id=own, box=content.box, chips=list(ballot.chips), text=ballot.text
                )
    for taken in Comment.objects.filter(pk__in=found).values_list("pk", flat=True):
        comment = found.pop(taken)
        comment.id = uuid.uuid4()
        found[comment.id] = comment
    return [found[each] for each in sorted(found)]
