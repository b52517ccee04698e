"""From the plan of an election to boxes with keys, and the tickets that the keys sign."""

from __future__ import annotations

import hashlib
import json
import uuid
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils.translation import gettext as _

from ballots import blind, keyring, opaque, sealing
from ballots.models import Box, BoxKind, BoxShard, Door, Election
from ballots.roles import BOX_READ
from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEY_THREADS = 4
ROOM_FOR_ADDITIONS = 10
"""Per cent more ballots than voters: the roll may be added to, and slips replace lost tickets."""

PLAIN_SIZE = {
    BoxKind.GRADE: sealing.GRADE_BYTES,
    BoxKind.COMMENT: sealing.COMMENT_BYTES,
    BoxKind.SURVEY: sealing.ANSWER_BYTES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxPlan:
    """A box that is to be made; ``about`` is what the manifest says of it besides its key."""

    kind: str
    eligible: int
    door: str = Door.TICKET
    dimensions: int = 0
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    about: dict[str, Any] = field(default_factory=dict)


def sealed_size(kind: str) -> int:
    """Bytes of one ballot as the box holds it. A survey's answer is not sealed to a commission."""
    plain = PLAIN_SIZE[BoxKind(kind)]
    return plain if kind == BoxKind.SURVEY else plain + sealing.OVERHEAD


@transaction.atomic
def freeze(
    election: Election,
    plans: Sequence[BoxPlan],
    *,
    manifest: Callable[[list[dict[str, Any]], str], dict[str, Any]],
) -> list[Box]:
    """Make keys, boxes and manifest; from now on the election's rules have a digest.

    ``manifest`` is given what it has to say of each box and the acceptance key, and returns the
    whole. About 80 ms of one core for each box with tickets.
    """
    if election.is_frozen:
        raise ActionRefusedError(_("The rules are frozen already."))
    secret = keyring.make(election.pk)
    try:
        boxes = _with_keys(election, plans, secret)
        described = [_described(box, plan) for box, plan in zip(boxes, plans, strict=True)]
        acceptance = b64encode(sealing.acceptance_public(keyring.acceptance_seed(secret)))
        whole = manifest(described, acceptance.decode())
        text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        election.manifest = text
        election.digest = hashlib.sha256(text.encode()).hexdigest()
        if election.seal_key:
            election.recovery = sealing.seal(bytes(election.seal_key), secret)
        election.save()
        Box.objects.bulk_create(boxes)
        for box in boxes:
            _add_shards(box, secret, range(box.shard_count), using=DEFAULT_DB_ALIAS)
    except BaseException:
        keyring.destroy(election.pk)
        raise
    return boxes


def _with_keys(election: Election, plans: Sequence[BoxPlan], secret: bytes) -> list[Box]:
    with ThreadPoolExecutor(KEY_THREADS) as pool:
        keys = list(pool.map(_new_key, plans))
    boxes = []
    for plan, key in zip(plans, keys, strict=True):
        room = plan.eligible + -(-plan.eligible * ROOM_FOR_ADDITIONS // 100)
        count, capacity = opaque.shards_for(room)
        box = Box(
            id=plan.id,
            election=election,
            kind=plan.kind,
            door=plan.door,
            dimensions=plan.dimensions,
            eligible=plan.eligible,
            shard_count=count,
            placed_over=count,
            capacity=capacity,
        )
        if key is not None:
            box.public_key = blind.public_key(key)
            box.signing_key = sealing.lock(keyring.key_of_signer(secret, box.pk), key, box.pk.bytes)
        boxes.append(box)
    return boxes


def _new_key(plan: BoxPlan) -> bytes | None:
    return blind.new_signing_key() if plan.door == Door.TICKET else None


def _described(box: Box, plan: BoxPlan) -> dict[str, Any]:
    key = b64encode(bytes(box.public_key)).decode() if box.public_key else ""
    return plan.about | {"id": str(box.pk), "kind": box.kind, "eligible": box.eligible, "key": key}


def _add_shards(box: Box, secret: bytes, numbers: range, *, using: str) -> None:
    BoxShard.objects.using(using).bulk_create(
        BoxShard(
            box=box,
            number=number,
            blob=opaque.Shard.empty(box.capacity, sealed_size(box.kind)).to_blob(
                keyring.key_of_shard(secret, box.pk, number), shard_about(box.pk, number)
            ),
        )
        for number in numbers
    )


def shard_about(box: uuid.UUID, number: int) -> bytes:
    """What the ciphertext of a shard is bound to, so that none can be put in another's place."""
    return box.bytes + number.to_bytes(4, "big")


def enlarge(box: Box, *, secret: bytes) -> Box:
    """One more shard: for additions to the roll, for slips in place of tickets that were not lost after
    all, or an open link whose voters nobody can count. None once the box is counted and emptied.
    """
    with transaction.atomic(using=settings.BOX_DATABASE):
        boxes = Box.objects.using(settings.BOX_DATABASE).only(*BOX_READ)
        row = boxes.select_for_update().get(pk=box.pk)
        shards = BoxShard.objects.using(settings.BOX_DATABASE).filter(box=row)
        if row.shard_count == box.shard_count and shards.exists():
            added = range(row.shard_count, row.shard_count + 1)
            _add_shards(row, secret, added, using=settings.BOX_DATABASE)
            row.shard_count += 1
            row.save(update_fields=["shard_count"])
    return row


@lru_cache(maxsize=1024)
def _signer(box: uuid.UUID, secret: bytes, locked: bytes) -> blind.Signer:
    return blind.Signer(sealing.unlock(keyring.key_of_signer(secret, box), locked, box.bytes))


def forget_signers() -> None:
    """No key outlives its count in the memory of this process."""
    _signer.cache_clear()


def sign(box: Box, blinded: bytes) -> bytes:
    """The blind signature of the box on a ticket that the signer cannot see.

    Raises ``blind.RefusedTicketError`` for what is no blinded ticket of this box, and
    ``keyring.KeyMissingError``. Whoever calls answers for asking once for each voter.
    """
    if box.signing_key is None:
        raise ActionRefusedError(_("This box gives out no tickets."))
    secret = keyring.secret_of(box.election_id)
    return _signer(box.pk, secret, bytes(box.signing_key)).sign(blinded)


def recover(election: Election, private_seal_key: bytes) -> None:
    """Put the election's key back after the machine lost it, with two shares of the commission."""
    if election.is_counted or election.recovery is None:
        raise ActionRefusedError(_("There is nothing to unlock."))
    secret = sealing.Unsealer(private_seal_key).open(bytes(election.recovery))
    if not keyring.is_there(election.pk):
        keyring.put_back(election.pk, secret)
