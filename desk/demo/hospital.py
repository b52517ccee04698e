"""Units and people, brought in by the importer from two workbooks, and who signs in as whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.core.files import File
from django.core.management import call_command

from desk.demo.days import as_of
from organisation.models import Person, Post, PostKind, Unit, UnitKind
from organisation.workbooks import staged
from organisation.workbooks.importer import importer_for

if TYPE_CHECKING:
    from pathlib import Path

    from organisation.models import StagedWorkbook

LOGINS = (
    "secretary",
    "vp",
    "office",
    "discipline",
    "head",
    "head2",
    "staff",
    "bureau",
    "admin",
)
IN_OFFICE_SINCE = dt.date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Cast:
    """Those who act in the demonstration; each keeps what follows from his posts."""

    hospital: Unit
    office: Person
    colleague: Person
    discipline: Person
    known: dict[int, Person] = field(default_factory=dict)

    def person(self, pk: int) -> Person:
        if pk not in self.known:
            self.known[pk] = Person.objects.get(pk=pk)
        return self.known[pk]

    def leader_of(self, department: Unit) -> Person:
        """The leader in charge of a department."""
        leaders = [PostKind.SECRETARY, PostKind.VICE_PRESIDENT]
        in_charge = Post.objects.get(kind__in=leaders, in_charge_of=department)
        return self.person(in_charge.person_id)

    def in_department(self, department: Unit, kind: PostKind) -> Person:
        post = Post.objects.filter(unit=department, kind=kind).order_by("pk")[0]
        return self.person(post.person_id)


def take_in(purpose: str, scope: object, path: Path, by: Person) -> StagedWorkbook:
    """Stage a workbook and take it in as somebody would who finds nothing to mend."""
    door = importer_for(purpose)
    with path.open("rb") as file:
        workbook = staged.stage(door, scope, File(file, name=path.name), by=by)
    staged.commit(door, scope, workbook, by=by)
    return workbook


def bring_in(base: Path, password: str) -> Cast:
    call_command("seed_calendar", verbosity=0)
    administrator = Person.objects.create_user("admin", "系统管理员", password)
    administrator.is_administrator = True
    administrator.save()
    with as_of(IN_OFFICE_SINCE):
        take_in("units", None, base / "units.xlsx", administrator)
        take_in("people", None, base / "people.xlsx", administrator)
    Person.objects.filter(employee_number__in=LOGINS).update(
        password=make_password(password), must_change_password=False
    )
    hospital = Unit.objects.get(kind=UnitKind.HOSPITAL, name="青湖市中心医院")
    office, colleague = Person.objects.filter(
        posts__unit=hospital, posts__kind=PostKind.CAMPAIGN_OFFICE
    ).order_by("pk")[:2]
    return Cast(
        hospital=hospital,
        office=office,
        colleague=colleague,
        discipline=Person.objects.get(employee_number="discipline"),
    )
