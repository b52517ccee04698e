"""An action that a program sends twice under one key is done once."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import OperationalError, connection, transaction

from organisation.models import IdempotentRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organisation.models import Person

PATIENCE = dt.timedelta(seconds=10)
"""So long the second of two requests at once waits for the first."""


class StillWorkingError(Exception):
    """The first of two requests under one key has not come to an end."""


class OtherRequestError(Exception):
    """The key was used for something else."""


@contextmanager
def once(person: Person, key: str, fingerprint: str) -> Iterator[IdempotentRequest]:
    """Yield the place of the answer to this key. It has a status already when it was given before.

    Whoever acts inside writes the answer there; it commits together with the action. A second
    request under the key waits at the unique row until the first has committed (and then finds
    its answer) or has come to nothing (and then acts itself). Refusals are not kept: they
    changed nothing.
    """
    with transaction.atomic():
        place = _take_place(person, key, fingerprint)
        if place.fingerprint != fingerprint:
            raise OtherRequestError
        is_new = place.status is None
        yield place
        if is_new:
            place.save(update_fields=["status", "body"])


def _take_place(person: Person, key: str, fingerprint: str) -> IdempotentRequest:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {int(PATIENCE.total_seconds() * 1000)}")
    try:
        place, _is_new = IdempotentRequest.objects.get_or_create(
            person=person, key=key, defaults={"fingerprint": fingerprint}
        )
    except OperationalError as waited:
        if getattr(waited.__cause__, "sqlstate", "") == "55P03":  # lock_not_available
            raise StillWorkingError from waited
        raise
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return place


def forget_answers(*, now: dt.datetime) -> int:
    """After a day a key may be used again."""
    old = IdempotentRequest.objects.filter(at__lte=now - IdempotentRequest.KEPT)
    return old.delete()[0]
