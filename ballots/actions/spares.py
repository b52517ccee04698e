"""A spare of the key of boxes that have no commission: those of a survey.

A round that loses its key is unlocked with two shares. A survey has none, and a restart of the machine
must not cost what patients answered for weeks. So its key lies in the database as well, locked with
the secret of the product. Whoever holds both can count an open survey early; he still learns nobody's
answer, because nothing in a survey's box leads to anybody.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings

from ballots import keyring, sealing
from ballots.actions.counting import destroy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ballots.models import Election


def _secrets(election: Election) -> Iterator[bytes]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield sealing.derive(secret.encode(), f"spare {election.pk}")


def keep_spare(election: Election) -> None:
    """Keep the key of an election without a seal, until it is counted."""
    if election.seal_key:
        raise ValueError("The commission's shares are the spare of a sealed election.")
    secret = keyring.secret_of(election.pk)
    election.recovery = sealing.lock(next(_secrets(election)), secret, election.pk.bytes)
    election.save(update_fields=["recovery"])


def put_back_spare(election: Election) -> bool:
    """Put the key back where it is missing and a spare was kept; whether that was so."""
    if election.is_counted or not election.recovery or keyring.is_there(election.pk):
        return False
    for secret in _secrets(election):
        try:
            found = sealing.unlock(secret, bytes(election.recovery), election.pk.bytes)
        except sealing.BrokenSealError:
            continue
        with suppress(FileExistsError):  # another worker was quicker
            keyring.put_back(election.pk, found)
        return True
    return False


def destroy_leftovers(election: Election) -> bool:
    """Destroy the key that outlived its count because the process was killed in between."""
    if not election.is_counted or not keyring.is_there(election.pk):
        return False
    destroy(election)
    return True
