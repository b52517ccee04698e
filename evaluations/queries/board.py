"""What everybody may check after the count: how many, which receipts, and one digest of it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from ballots.models import BoardEntry, BoxTally
from evaluations.counting.merkle import merkle_root
from evaluations.models import Electorate, RollEntry

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from evaluations.models import Round

FORMAT = 1


def issued(round_: Round) -> dict[uuid.UUID, tuple[int, int]]:
    """Box → how many tickets were issued, how many slips given."""
    counted = (
        RollEntry.objects.filter(electorate__subject__round=round_)
        .values("electorate__box")
        .annotate(
            tickets=Count("person", filter=Q(has_ticket=True)),
            slips=Count("person", filter=Q(has_slip=True)),
        )
        .values_list("electorate__box", "tickets", "slips")
    )
    return {box: (tickets, slips) for box, tickets, slips in counted.order_by()}


def board(round_: Round, void: Collection[uuid.UUID] = ()) -> dict[str, Any]:
    """The board as it is made public, once, from what the count wrote. ``void`` boxes count for nobody."""
    election = round_.election
    assert election is not None  # noqa: S101 -- counted
    k = round_.rules.k_grade
    tallies = {one.box_id: one for one in BoxTally.objects.filter(box__election=election)}
    receipts: dict[uuid.UUID, list[str]] = {box: [] for box in tallies}
    entries = BoardEntry.objects.filter(box__election=election).order_by("receipt")
    for box, receipt in entries.values_list("box", "receipt"):
        receipts[box].append(receipt)
    electorates = Electorate.objects.filter(subject__round=round_).order_by(
        "subject__position", "subject", "is_for_comments", "code", "pk"
    )
    boxes = []
    for one in electorates:
        assert one.box_id is not None  # noqa: S101 -- made at the freeze
        tally = tallies[one.box_id]
        boxes.append(
            {
                "id": str(one.box_id),
                "subject": one.subject_id,
                "kind": "comment" if one.is_for_comments else "grade",
                "label": one.label,
                "eligible": one.eligible,
                "added": one.added,
                "issued": tally.issued,
                "slips": tally.slips_given,
                "accepted": tally.accepted,
                "void": one.box_id in void,
                **_judged(tally, k),
                "root": merkle_root(receipts[one.box_id]),
                "receipts": receipts[one.box_id],
            }
        )
    return {
        "format": FORMAT,
        "election": str(election.pk),
        "digest": election.digest,
        "root": merkle_root([f"{box['id']} {box['root']}" for box in boxes]),
        "boxes": boxes,
    }


def _judged(tally: BoxTally, k: int) -> dict[str, int | None]:
    """Of a few ballots not even how many were blank is told."""
    tells = tally.accepted >= k
    return {
        "valid": tally.valid if tells else None,
        "abstained": tally.abstained if tells else None,
        "invalid": tally.invalid if tells else None,
    }
