"""The trail in words, for pages: who, when, what, why, and what differs."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.models import Event

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

_labels: dict[str, StrOrPromise] = {}


def label(action: str, words: StrOrPromise) -> None:
    """Name an action for readers: ``label("issues.merge", _("Merged"))``."""
    _labels[action] = words


def label_of(action: str) -> str:
    """The action's registered words, or its own name made readable."""
    if words := _labels.get(action):
        return str(words)
    return action.rpartition(".")[2].replace("_", " ").capitalize()


def is_labelled(action: str) -> bool:
    return action in _labels


@dataclass(frozen=True, slots=True)
class Change:
    """One column's difference, in words."""

    label: str
    before: str
    after: str
    column: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event as a page shows it."""

    id: int
    at: dt.datetime
    who: str
    action: str
    label: str
    reason: str
    subject: str
    subject_type: str
    changes: list[Change] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    cascade: uuid.UUID | None = None


def entries(subjects: Iterable[models.Model]) -> list[Entry]:
    """The events of all these objects, oldest first.

    Costs one query, and one more for each model that a changed foreign key points to. A creation
    lists no changes: the page shows what was created, and the first change shows what it was.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for subject in subjects:
        wanted[subject._meta.label_lower].add(subject.pk)
    if not wanted:
        return []
    of_any = Q()
    for kind, keys in wanted.items():
        of_any |= Q(subject_type=kind, subject_id__in=keys)
    events = list(Event.objects.filter(of_any).order_by("id"))
    names = _Names(events)
    return [_entry(event, names) for event in events]


def _entry(event: Event, names: _Names) -> Entry:
    return Entry(
        id=event.pk,
        at=event.at,
        who=event.actor_label if event.actor_id is not None else _("the system"),
        action=event.action,
        label=label_of(event.action),
        reason=event.reason,
        subject=event.subject_label,
        subject_type=event.subject_type,
        changes=_changes(event, names),
        detail=event.detail,
        cascade=event.cascade,
    )


def _changes(event: Event, names: _Names) -> list[Change]:
    if not event.before:
        return []
    changes = []
    for column in sorted({*event.before, *event.after}, key=lambda name: names.order(event, name)):
        known = names.field(event, column)
        if known is not None and not _is_for_readers(known):
            continue
        title = str(known.verbose_name) if known is not None else column.replace("_", " ")
        title = title[:1].upper() + title[1:]
        before = names.words(known, event.before.get(column))
        after = names.words(known, event.after.get(column))
        if before != after:
            changes.append(Change(title, before, after, column))
    return changes


def _is_for_readers(known: models.Field[Any, Any]) -> bool:
    return not known.primary_key and not isinstance(known, models.UUIDField | models.JSONField)


class _Names:
    """Turns what the trail holds into words: choices, foreign keys, dates, yes and no."""

    def __init__(self, events: list[Event]) -> None:
        self._fields = {kind: _fields_of(kind) for kind in {event.subject_type for event in events}}
        keys: dict[type[models.Model], set[Any]] = defaultdict(set)
        for event in events:
            for column in {*event.before, *event.after} if event.before else ():
                if (known := self.field(event, column)) is None or not known.is_relation:
                    continue
                target = known.related_model
                if isinstance(target, type):
                    keys[target] |= {event.before.get(column), event.after.get(column)} - {None}
        self._rows = {
            target: {row.pk: str(row) for row in target._base_manager.filter(pk__in=wanted)}
            for target, wanted in keys.items()
            if wanted
        }

    def field(self, event: Event, column: str) -> models.Field[Any, Any] | None:
        return self._fields[event.subject_type].get(column)

    def order(self, event: Event, column: str) -> tuple[int, str]:
        """The model's own order of columns; what it no longer has comes last."""
        known = list(self._fields[event.subject_type])
        return (known.index(column) if column in known else len(known), column)

    def words(self, known: models.Field[Any, Any] | None, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if known is None:
            return str(value)
        if known.is_relation:
            target = known.related_model
            rows = self._rows.get(target, {}) if isinstance(target, type) else {}
            return rows.get(value, f"#{value}")
        return _plain(known, value)


def _plain(known: models.Field[Any, Any], value: Any) -> str:
    if known.choices:
        return str(dict(known.flatchoices).get(value, value))
    try:
        plain = known.to_python(value)
    except ValidationError:
        return str(value)
    if isinstance(plain, dt.datetime):
        return date_format(timezone.localtime(plain), "DATETIME_FORMAT")
    if isinstance(plain, dt.date):
        return date_format(plain, "DATE_FORMAT")
    if isinstance(plain, list):
        return ", ".join(map(str, plain))
    return re.sub(r"\s+", " ", str(plain)).strip()


def _fields_of(kind: str) -> dict[str, models.Field[Any, Any]]:
    """The model's columns by the name the trail uses; nothing when the model is no more."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return {}
    return {known.attname: known for known in model._meta.concrete_fields}
