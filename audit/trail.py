"""Write the trail and read it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from audit import cascade
from audit.models import Event, EventQuerySet
from audit.reading import Change, Entry, entries, is_labelled, label, label_of

__all__ = [
    "Change",
    "Entry",
    "entries",
    "is_labelled",
    "label",
    "label_of",
    "of",
    "record",
    "record_created",
    "record_many",
    "snapshot",
]

SECRET = frozenset({"password"})

if TYPE_CHECKING:
    from collections.abc import Iterable

    class Actor(Protocol):
        @property
        def pk(self) -> int | None: ...


def snapshot(row: models.Model) -> dict[str, Any]:
    """The row's own columns as JSON can hold them, without secrets.

    A model names further columns to leave out (search text, tokens) in ``untrailed``.
    """
    encoder = DjangoJSONEncoder()
    left_out = SECRET | getattr(row, "untrailed", frozenset())
    facts: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.attname in left_out or isinstance(field, models.BinaryField):
            continue
        value = field.value_from_object(row)
        plain = value is None or isinstance(value, str | int | float | bool | list | dict)
        if isinstance(value, models.fields.files.FieldFile):
            facts[field.attname] = value.name or ""
        else:
            facts[field.attname] = value if plain else encoder.default(value)
    return facts


def record(
    action: str,
    *,
    subject: models.Model,
    by: Actor,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> Event:
    """Write one event; only what differs between ``before`` and ``after`` is kept."""
    event = _event(action, subject, by, before or {}, after or {}, reason, detail or {})
    event.save(force_insert=True)
    return event


def record_created(
    action: str,
    *,
    subjects: Iterable[models.Model],
    by: Actor,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one event for each of many new rows, in one query for every few hundred."""
    Event.objects.bulk_create(
        (_event(action, row, by, {}, snapshot(row), "", detail or {}) for row in subjects),
        batch_size=500,
    )


def record_many(
    action: str, *, about: Iterable[tuple[models.Model, dict[str, Any]]], by: Actor
) -> None:
    """Write one event with its detail for each of many rows, none of which changed itself."""
    Event.objects.bulk_create(
        (_event(action, row, by, {}, {}, "", detail) for row, detail in about), batch_size=500
    )


def _event(
    action: str,
    subject: models.Model,
    by: Actor,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
    detail: dict[str, Any],
) -> Event:
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)} - SECRET
    return Event(
        cascade=cascade.current(),
        actor_id=by.pk,
        actor_label=str(by),
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:300],
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed if key in after},
        reason=reason,
        detail=detail,
    )


def of(subject: models.Model) -> EventQuerySet:
    """The events of one object, oldest first."""
    return Event.objects.of(subject).order_by("id")
