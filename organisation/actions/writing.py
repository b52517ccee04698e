"""What all writes to units and people have in common: ask the rule, keep the constraints, record."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from audit import trail
from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.workflow import Actor
    from organisation.models import Person

Row = TypeVar("Row", bound=models.Model)


def permit(permission: str, subject: models.Model | None = None, *, by: Actor) -> None:
    if not by.has_perm(permission, subject):
        raise PermissionDenied


@contextmanager
def changing(row: Row, permission: str, *, by: Person) -> Iterator[Row]:
    """The row as the database has it now, locked, after asking the rule about it."""
    permit(permission, row, by=by)
    with transaction.atomic():
        yield type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)


def saved(row: models.Model) -> None:
    """Save a row that keeps every constraint, or refuse with the constraints' own sentences."""
    try:
        row.full_clean()
    except ValidationError as faults:
        raise ActionRefusedError(" ".join(faults.messages)) from faults
    row.save()


def added(action: str, row: models.Model, *, by: Actor, **detail: Any) -> None:
    saved(row)
    trail.record(action, subject=row, by=by, after=trail.snapshot(row), detail=detail)


def changed(action: str, row: models.Model, facts: dict[str, Any], *, by: Person) -> bool:
    """Write new facts, and an event if any of them differs from the old."""
    before = trail.snapshot(row)
    for name, value in facts.items():
        setattr(row, name, value)
    saved(row)
    after = trail.snapshot(row)
    if after == before:
        return False
    trail.record(action, subject=row, by=by, before=before, after=after)
    return True
