"""A list of people: each row a person with one post. The employee number says who is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.findings import Finding, Level
from core.workbooks.names import Named, Names
from core.workbooks.staging import CheckedRow, Checker
from organisation.actions.signing_in import normal
from organisation.actions.taking_in import PersonRow, take_in_people
from organisation.columns import PEOPLE_COLUMNS
from organisation.models import Person, PostKind, Unit
from organisation.workbooks.importer import Done, Importer, register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from organisation.models import StagedWorkbook
    from organisation.workbooks.importer import Cells, Rows

OTHER_NAME_IN_THE_FILE = gettext_noop("Another row gives this employee number to “%(name)s”.")
OTHER_NAME = gettext_noop("We have this number as “%(name)s”; the name will be changed.")
HIMSELF = gettext_noop("Nobody gives himself a post; leave this row to another administrator.")


class PersonChecker:
    """Adds to the checks of the cells whether the number is somebody else's."""

    def __init__(self, workbook: StagedWorkbook) -> None:
        units = Unit.objects.in_use().select_related("parent").order_by("pk")
        self.checker = Checker(PEOPLE_COLUMNS, units=Names(_named(unit) for unit in units))
        self.known = dict(Person.objects.values_list("employee_number", "name"))
        self.uploader = workbook.uploaded_by.employee_number
        self.in_the_file: dict[str, str] = {}

    def check_row(self, cells: Cells, mended: Mapping[str, str] | None = None) -> CheckedRow:
        checked = self.checker.check_row(cells, mended)
        number, name = number_of(checked), checked.values["name"]
        if not number:
            return checked
        said = self.in_the_file.setdefault(number, name)
        known = self.known.get(number, name)
        about = []
        if said != name:
            about.append(_about(cells, OTHER_NAME_IN_THE_FILE, Level.FAULT, said))
        elif known != name:
            about.append(_about(cells, OTHER_NAME, Level.DOUBT, known))
        if number == self.uploader:
            about.append(_about(cells, HIMSELF, Level.FAULT))
        return checked.with_findings(about)


def _named(unit: Unit) -> Named:
    """With the superior's name before its own it is told apart from the same name elsewhere."""
    if unit.parent is None:
        return Named(unit.pk, unit.name, tuple(unit.aliases), unit.category)
    full = f"{unit.parent.name}{unit.name}"
    return Named(unit.pk, unit.name, (full, *unit.aliases), unit.category, label=full)


def _about(cells: Cells, message: str, level: Level, name: str = "") -> Finding:
    cell = cells.get("employee_number", {}).get("cell", "")
    params = {"name": name} if name else {}
    return Finding("people.number", message, params, level, "employee_number", cell)


def number_of(checked: CheckedRow) -> str:
    return normal(checked.values["employee_number"])


def identity(checked: CheckedRow) -> str:
    """The same person may stand there twice, but not with the same post in the same unit."""
    number = number_of(checked)
    return f"{number} {checked.values['unit']} {_post(checked)}" if number else ""


def _post(checked: CheckedRow) -> str:
    return checked.values["post"] or PostKind.STAFF


def take_in(_scope: None, rows: Rows, *, by: Person, workbook: StagedWorkbook) -> list[int]:
    return take_in_people([_person(checked) for _row, checked in rows], by=by)


def _person(checked: CheckedRow) -> PersonRow:
    values = checked.values
    facts = {name: values[name] for name in ("name", "phone", "email") if values[name]}
    return PersonRow(
        employee_number=number_of(checked),
        facts=facts,
        unit=values["unit"],
        kind=_post(checked),
        title=values["title"],
        since=values["since"],
        in_charge_of=values["in_charge_of"].ids,
    )


PEOPLE = register(
    Importer(
        purpose="people",
        title=gettext_lazy("Import people"),
        hint=gettext_lazy(
            "One post a row; who holds two posts has two rows. Whose employee number we have is"
            " brought up to date."
        ),
        permission="organisation.import_people",
        columns=lambda _scope: PEOPLE_COLUMNS,
        checker=lambda _scope, workbook: PersonChecker(workbook),
        commit=take_in,
        done=lambda _scope, _workbook, count: Done(
            reverse("organisation:people"),
            _("%(count)s rows are in. Nobody new can sign in before you issue one-time passwords.")
            % {"count": count},
        ),
        identity=identity,
        identity_column="employee_number",
        pretitle=lambda _scope: (_("People"), reverse("organisation:people")),
    )
)
