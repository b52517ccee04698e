"""Many units or people at once, from rows that were checked before. All of them, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from organisation.actions.units import next_position
from organisation.actions.writing import changed, permit
from organisation.models import Person, Post, Unit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

BATCH = 500


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit to be. Its superior is one we have, or one that an earlier row makes."""

    facts: dict[str, Any]
    existing: int | None = None
    parent: int | None = None
    parent_row: int | None = None


@transaction.atomic
def take_in_units(rows: Sequence[UnitRow], *, by: Person) -> list[int]:
    """Make the units of a list, level by level, and bring those we have up to its facts."""
    permit("organisation.import_units", by=by)
    units = _known_units(rows, by=by)
    last: dict[int | None, int] = {}
    waiting = [at for at in range(len(rows)) if at not in units]
    while waiting:
        level = [
            at for at in waiting if rows[at].parent_row is None or rows[at].parent_row in units
        ]
        if not level:
            raise ActionRefusedError(_("A unit cannot stand under itself."))
        made = [_unit(rows[at], units, last) for at in level]
        _make(made)
        units.update(zip(level, made, strict=True))
        waiting = [at for at in waiting if at not in units]
        trail.record_created("organisation.create_unit", subjects=made, by=by)
    return [units[at].pk for at in range(len(rows))]


def _known_units(rows: Sequence[UnitRow], *, by: Person) -> dict[int, Unit]:
    known = Unit.objects.in_bulk([row.existing for row in rows if row.existing])
    units: dict[int, Unit] = {}
    for at, row in enumerate(rows):
        if row.existing:
            units[at] = known[row.existing]
            changed("organisation.change_unit", units[at], row.facts, by=by)
    return units


def _unit(row: UnitRow, units: dict[int, Unit], last: dict[int | None, int]) -> Unit:
    parent = units[row.parent_row].pk if row.parent_row is not None else row.parent
    if parent not in last:
        last[parent] = next_position(Unit(pk=parent) if parent else None)
    else:
        last[parent] += 1
    return Unit(parent_id=parent, position=last[parent], **row.facts)


def _make(units: list[Unit]) -> None:
    try:
        with transaction.atomic():
            Unit.objects.bulk_create(units, batch_size=BATCH)
    except IntegrityError as broken:
        raise ActionRefusedError(
            _("Two units of the same name would stand under one superior unit.")
        ) from broken


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with one post; a person with two posts has two rows."""

    employee_number: str
    facts: dict[str, Any]
    unit: int
    kind: str
    title: str = ""
    since: dt.date | None = None
    in_charge_of: tuple[int, ...] = ()


@transaction.atomic
def take_in_people(rows: Sequence[PersonRow], *, by: Person) -> list[int]:
    """Enter people and their posts. Nobody can sign in until he is given a one-time password."""
    permit("organisation.import_people", by=by)
    numbers = {row.employee_number for row in rows}
    people = {
        person.employee_number: person
        for person in Person.objects.select_for_update().filter(employee_number__in=numbers)
    }
    new: dict[str, Person] = {}
    for row in rows:
        if row.employee_number in people:
            changed("organisation.change_person", people[row.employee_number], row.facts, by=by)
        elif row.employee_number not in new:
            new[row.employee_number] = Person(
                employee_number=row.employee_number,
                password=make_password(None),
                must_change_password=True,
                **row.facts,
            )
    Person.objects.bulk_create(new.values(), batch_size=BATCH)
    trail.record_created("organisation.create_person", subjects=new.values(), by=by)
    people |= new
    _give_posts(rows, people, by=by)
    return [people[row.employee_number].pk for row in rows]


def _give_posts(rows: Sequence[PersonRow], people: dict[str, Person], *, by: Person) -> None:
    today = timezone.localdate()
    held = set(
        Post.objects.on(today)
        .filter(person__in=[person.pk for person in people.values()])
        .values_list("person_id", "unit_id", "kind")
    )
    units = Unit.objects.in_bulk({row.unit for row in rows})
    posts: list[tuple[Post, tuple[int, ...]]] = []
    for row in rows:
        person = people[row.employee_number]
        if (person.pk, row.unit, row.kind) in held:
            continue
        held.add((person.pk, row.unit, row.kind))
        permit("organisation.appoint_person", person, by=by)
        post = Post(
            person=person,
            unit=units[row.unit],
            kind=row.kind,
            title=row.title,
            since=row.since or today,
        )
        posts.append((post, row.in_charge_of))
    made = Post.objects.bulk_create([post for post, _charge in posts], batch_size=BATCH)
    through = Post.in_charge_of.through
    through.objects.bulk_create(
        through(post_id=post.pk, unit_id=unit) for post, charge in posts for unit in charge
    )
    trail.record_created("organisation.add_post", subjects=made, by=by)
