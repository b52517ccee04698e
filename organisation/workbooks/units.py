"""A list of units: each row one unit, its superior named by a unit we have or by a row above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core import text
from core.findings import Finding, Level, Suggestion
from core.workbooks.names import Named, Names
from core.workbooks.staging import CheckedRow, Checker
from organisation.actions.taking_in import UnitRow, take_in_units
from organisation.columns import UNIT_COLUMNS
from organisation.models import Unit, UnitKind
from organisation.workbooks.importer import Done, Importer, register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from organisation.models import Person, StagedWorkbook
    from organisation.workbooks.importer import Cells, Rows


def name_of(checked: CheckedRow) -> str:
    return text.key(checked.values["name"])


def identity(checked: CheckedRow) -> str:
    """Two hospitals may each have a department of one name; under one superior it stands once."""
    if not checked.values["name"]:
        return ""
    return f"{name_of(checked)} {text.key(checked.values['parent'])}".rstrip()


def aliases_of(checked: CheckedRow) -> list[str]:
    parts = checked.values["aliases"].replace("，", "、").split("、")
    return [alias for part in parts if (alias := part.strip())]


class UnitChecker:
    """Adds to the checks of the cells who stands under whom."""

    def __init__(self, workbook: StagedWorkbook) -> None:
        self.checker = Checker(UNIT_COLUMNS)
        self.units = list(Unit.objects.in_use().order_by("pk"))
        self.names = Names(Named(u.pk, u.name, tuple(u.aliases), u.category) for u in self.units)
        known = workbook.rows.exclude(identity="").values_list("identity", flat=True)
        self.in_the_file = {identity.partition(" ")[0] for identity in known}
        self.hospitals = [unit.pk for unit in self.units if unit.kind == UnitKind.HOSPITAL]

    def check_row(self, cells: Cells, mended: Mapping[str, str] | None = None) -> CheckedRow:
        checked = self.checker.check_row(cells, mended)
        self.in_the_file.add(name_of(checked))
        cell = cells.get("parent", {}).get("cell", "")
        findings = self._about_the_superior(checked, cell)
        for alias in aliases_of(checked):
            if len(alias) > LONGEST_ALIAS:
                params = {"name": alias[:20]}
                place = cells.get("aliases", {}).get("cell", "")
                findings.append(
                    Finding("units.alias", LONG_ALIAS, params, Level.FAULT, "aliases", place)
                )
        return checked.with_findings(findings)

    def kind(self, checked: CheckedRow) -> str:
        return checked.values["kind"] or UnitKind.DEPARTMENT

    def _about_the_superior(self, checked: CheckedRow, cell: str) -> list[Finding]:
        written = checked.values["parent"]
        if not written:
            if self.kind(checked) != UnitKind.DEPARTMENT or len(self.hospitals) == 1:
                return []
            return [self._fault("units.no_superior", NO_SUPERIOR, cell)]
        if text.key(written) == name_of(checked):
            return [self._fault("units.under_itself", UNDER_ITSELF, cell)]
        if self.superior(checked) or text.key(written) in self.in_the_file:
            return []
        offers = tuple(Suggestion(unit.name, unit.name) for unit in self.names.alike(written))
        return [
            Finding(
                "units.unknown_superior",
                UNKNOWN_SUPERIOR,
                {"name": written},
                Level.FAULT,
                "parent",
                cell,
                offers,
            )
        ]

    @staticmethod
    def _fault(code: str, message: str, cell: str) -> Finding:
        return Finding(code, message, level=Level.FAULT, column="parent", cell=cell)

    def superior(self, checked: CheckedRow) -> int | None:
        """The unit we have that is named; a row of the file that bears the name comes first."""
        written = checked.values["parent"]
        if not written:
            is_department = self.kind(checked) == UnitKind.DEPARTMENT
            return self.hospitals[0] if is_department and len(self.hospitals) == 1 else None
        found = self.names.match(written).found
        return found[0].id if len(found) == 1 else None

    def existing(self, checked: CheckedRow, parent: int | None) -> int | None:
        """The unit that the row speaks of again: the same name under the same superior."""
        return next(
            (
                unit.pk
                for unit in self.units
                if unit.parent_id == parent and text.key(unit.name) == name_of(checked)
            ),
            None,
        )


LONGEST_ALIAS = 100
LONG_ALIAS = gettext_noop("“%(name)s…” is too long for another name; separate names with 、.")
NO_SUPERIOR = gettext_noop("Say under which unit it stands.")
UNDER_ITSELF = gettext_noop("A unit cannot stand under itself.")
UNKNOWN_SUPERIOR = gettext_noop(
    "“%(name)s” is no unit that we have, and stands in no row above. Put its row first."
)


def take_in(_scope: None, rows: Rows, *, by: Person, workbook: StagedWorkbook) -> list[int]:
    checker = UnitChecker(workbook)
    places: dict[str, int] = {}
    wanted: list[UnitRow] = []
    for at, (_row, checked) in enumerate(rows):
        parent_row = places.get(text.key(checked.values["parent"]))
        parent = None if parent_row is not None else checker.superior(checked)
        known_parent = wanted[parent_row].existing if parent_row is not None else parent
        is_new_branch = parent_row is not None and known_parent is None
        existing = None if is_new_branch else checker.existing(checked, known_parent)
        wanted.append(UnitRow(_facts(checker, checked), existing, parent, parent_row))
        places.setdefault(name_of(checked), at)
    return take_in_units(wanted, by=by)


def _facts(checker: UnitChecker, checked: CheckedRow) -> dict[str, Any]:
    """What the row says; what it leaves open keeps what we have."""
    kind = checker.kind(checked)
    facts: dict[str, Any] = {"name": checked.values["name"], "kind": kind}
    if kind == UnitKind.DEPARTMENT and checked.values["category"]:
        facts["category"] = checked.values["category"]
    if aliases := aliases_of(checked):
        facts["aliases"] = aliases
    for flag in ("handles_resources", "serves_patients"):
        if checked.values[flag] is not None:
            facts[flag] = checked.values[flag]
    return facts


UNITS = register(
    Importer(
        purpose="units",
        title=gettext_lazy("Import units"),
        hint=gettext_lazy(
            "One unit a row, in the order in which they should stand; a superior unit before"
            " those under it. Units that we have are brought up to date."
        ),
        permission="organisation.import_units",
        columns=lambda _scope: UNIT_COLUMNS,
        checker=lambda _scope, workbook: UnitChecker(workbook),
        commit=take_in,
        done=lambda _scope, _workbook, count: Done(
            reverse("organisation:units"),
            _("%(count)s units are in. Import their people next.") % {"count": count},
        ),
        identity=identity,
        identity_column="name",
        pretitle=lambda _scope: (_("Units"), reverse("organisation:units")),
    )
)
