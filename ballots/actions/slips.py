"""Slips: one-time codes on paper, drawn by hand, for the same boxes."""

from __future__ import annotations

import secrets
import unicodedata
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from ballots.actions.casting import code_hash
from ballots.models import Box, Door, SlipCode
from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 18
"""Characters of five bits: 90 bits, which nobody guesses while a vote is open."""


LOOK_ALIKES = str.maketrans({"I": "L", "1": "L", "O": "Q", "0": "Q"})
"""No code has a sign of the left, so whoever typed one misread the other."""
LONGEST_TYPED = 100


def tidied(typed: str) -> str:
    """A code as it was printed, however somebody typed it: small or wide letters, spaces, dashes."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    return "".join(sign for sign in plain if sign.isalnum()).translate(LOOK_ALIKES)


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _each in range(LENGTH))


@transaction.atomic
def print_slips(box: Box, count: int) -> Sequence[str]:
    """Codes for so many slips of one box, in random order; only their hashes are kept."""
    row = Box.objects.select_for_update(of=("self",)).select_related("election").get(pk=box.pk)
    if row.election.is_counted or not row.election.is_frozen or row.door == Door.OPEN:
        raise ActionRefusedError(_("No slips can be printed for this box now."))
    if count < 1:
        raise ActionRefusedError(_("Say how many slips are wanted."))
    if row.door == Door.TICKET and row.slips + count > row.eligible:
        raise ActionRefusedError(
            _("There cannot be more slips than people entitled to vote: %(most)s.")
            % {"most": row.eligible}
        )
    codes = [_new_code() for _each in range(count)]
    hashes = sorted(code_hash(code) for code in codes)
    SlipCode.objects.bulk_create(SlipCode(code_hash=each, box=row) for each in hashes)
    row.slips += count
    row.save(update_fields=["slips"])
    return codes
