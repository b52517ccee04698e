"""What is public about an election, found for a page. Nothing here knows a voter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ballots.models import BoxKind, Election, SlipCode
from ballots.sealing import crockford

if TYPE_CHECKING:
    import uuid

    from ballots.models import Box

DIGEST_SHOWN = 16
GROUP = 4


@dataclass(frozen=True, slots=True)
class SlipBox:
    """The box that a slip belongs to, as the manifest describes it."""

    box: Box
    manifest: dict[str, Any]

    @property
    def election(self) -> Election:
        return self.box.election

    @property
    def subject(self) -> dict[str, Any]:
        described = {one["id"]: one for one in self.manifest["boxes"]}[str(self.box.pk)]
        subjects = {one["id"]: one for one in self.manifest["subjects"]}
        return {"label": described["label"], **subjects[described["subject"]]}

    @property
    def is_for_comments(self) -> bool:
        return self.box.kind == BoxKind.COMMENT


def announced(election_id: uuid.UUID) -> Election | None:
    """The election of this number, if its rules are frozen and it is one of heads, not a survey."""
    rows = Election.objects.filter(pk=election_id, seal_key__isnull=False)
    return rows.exclude(digest="").first()


def box_of_slip(code_hash: bytes) -> SlipBox | None:
    """The box for which the code with this hash was printed, as long as it is not counted."""
    found = (
        SlipCode.objects.select_related("box__election")
        .exclude(box__kind=BoxKind.SURVEY)
        .filter(code_hash=code_hash)
        .first()
    )
    return SlipBox(found.box, found.box.election.description) if found else None


def short_digest(digest: str) -> str:
    """The beginning of a digest, in groups as the notice prints it."""
    return in_groups(digest[:DIGEST_SHOWN], " ")


def in_groups(text: str, between: str = "-") -> str:
    return between.join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a receipt that somebody typed."""

    receipt: str
    box: dict[str, Any] | None


def look_up(board: dict[str, Any], typed: str) -> Found | None:
    """Where on the board a receipt stands, however it was typed; ``None`` when nothing was."""
    wanted = crockford.tidied(typed[:100])
    if not wanted:
        return None
    box = next((one for one in board["boxes"] if wanted in one["receipts"]), None)
    return Found(in_groups(wanted), box)
