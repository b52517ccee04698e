"""Write the trail and read it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from audit.models import Event, EventQuerySet

if TYPE_CHECKING:

    class Actor(Protocol):
        @property
        def pk(self) -> int | None: ...


def snapshot(row: models.Model) -> dict[str, Any]:
    """The row's own columns as JSON can hold them."""
    encoder = DjangoJSONEncoder()
    facts: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        plain = value is None or isinstance(value, str | int | float | bool | list | dict)
        facts[field.attname] = value if plain else encoder.encode(value).strip('"')
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
    before, after = before or {}, after or {}
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return Event.objects.create(
        actor_id=by.pk,
        actor_label=str(by),
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:300],
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed if key in after},
        reason=reason,
        detail=detail or {},
    )


def of(subject: models.Model) -> EventQuerySet:
    """The events of one object, oldest first."""
    return Event.objects.of(subject).order_by("id")
