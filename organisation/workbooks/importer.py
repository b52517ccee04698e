"""What a kind of list must say to be brought in by the wizard. Every app registers its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

    from core.findings import Finding
    from core.workbooks.columns import Columns
    from core.workbooks.staging import CheckedRow
    from organisation.models import Person, StagedRow, StagedWorkbook

    Cells = dict[str, dict[str, str]]
    Rows = Sequence[tuple[StagedRow, CheckedRow]]


class RowChecker(Protocol):
    def check_row(self, cells: Cells, mended: Mapping[str, str] | None = None) -> CheckedRow: ...


class Commit(Protocol):
    """Make things from the rows, all or none; give the id made from each, in the same order."""

    def __call__(
        self, scope: Any, rows: Rows, /, *, by: Person, workbook: StagedWorkbook
    ) -> Sequence[int | None]: ...


@dataclass(frozen=True, slots=True)
class Done:
    """Where to go when all rows are in, and what to say there: who has them now."""

    url: str
    sentence: str


class RowsRefusedError(ActionRefusedError):
    """Rows that could not be taken in after all; nothing was written, and each says why."""

    def __init__(self, findings: Mapping[int, Sequence[Finding]]) -> None:
        super().__init__(_("Nothing was taken in: some rows need mending, see below."))
        self.findings = findings


def _no_scope(request: object, **where: int) -> None:
    return None


def _never(checked: CheckedRow) -> str:
    return ""


def _nothing(scope: Any) -> dict[str, object]:
    return {}


def _no_crumb(scope: Any) -> tuple[str, str]:
    return ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """One purpose. ``scope`` is what the rows are for (a campaign, say), or None.

    ``load`` gets the request and the keywords of the address and refuses with 404 what the person
    may not see. ``checker`` is built once per request. ``identity`` names what may not stand twice
    in one file; the finding goes to ``identity_column``.
    """

    purpose: str
    title: StrOrPromise
    permission: str
    columns: Callable[[Any], Columns]
    checker: Callable[[Any, StagedWorkbook], RowChecker]
    commit: Commit
    done: Callable[[Any, StagedWorkbook, int], Done]
    load: Callable[..., Model | None] = _no_scope
    hint: StrOrPromise = ""
    identity: Callable[[CheckedRow], str] = _never
    identity_column: str = ""
    context: Callable[[Any], dict[str, object]] = _nothing
    pretitle: Callable[[Any], tuple[str, str]] = _no_crumb


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> Importer:
    _importers[importer.purpose] = importer
    return importer


def importer_for(purpose: str) -> Importer:
    return _importers[purpose]
