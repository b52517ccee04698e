"""A workbook's way in: staged, shown with its faults, mended, then taken in whole or not at all."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from contextlib import contextmanager
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import trail
from core.errors import ActionRefusedError
from core.findings import Finding, Level
from core.workbooks import reading, staging, writing
from core.workbooks.columns import JOINT
from organisation.models import StagedRow, StagedWorkbook
from organisation.workbooks.importer import RowsRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.core.files.base import File

    from core.workbooks.staging import CheckedRow
    from organisation.models import Person
    from organisation.workbooks.importer import Importer, RowChecker

State = StagedWorkbook.State
BATCH = 500
REPEATED = "import.repeated"
_KNOWN_FILE = gettext_noop("This very file was taken in on %(day)s already.")


def stage(importer: Importer, scope: Any, upload: File, *, by: Person) -> StagedWorkbook:
    """Read a file and keep it with its rows, nothing of which is in the lists yet."""
    _permit(importer, scope, by)
    name = PurePath(upload.name or "").name[:200]
    book = reading.read(upload, name, importer.columns(scope))
    upload.seek(0)
    content = upload.read()
    key = uuid.uuid4()
    path = default_storage.save(f"workbooks/{key}.xlsx", ContentFile(content))
    try:
        with transaction.atomic():
            workbook = StagedWorkbook.objects.create(
                key=key,
                purpose=importer.purpose,
                scope_id=scope.pk if scope else None,
                file_name=name,
                path=path,
                sha256=hashlib.sha256(content).hexdigest(),
                columns=book.columns_json(),
                notes=book.notes_json(),
                uploaded_by=by,
            )
            _note_if_known(workbook)
            _keep_rows(workbook, importer, book, importer.checker(scope, workbook))
            trail.record(
                "organisation.stage_workbook",
                subject=workbook,
                by=by,
                detail={"purpose": importer.purpose, "sha256": workbook.sha256},
            )
    except BaseException:
        default_storage.delete(path)
        raise
    return workbook


def _note_if_known(workbook: StagedWorkbook) -> None:
    """Say it when these very bytes were taken in before, by whomever."""
    before = (
        StagedWorkbook.objects.filter(
            purpose=workbook.purpose,
            scope_id=workbook.scope_id,
            sha256=workbook.sha256,
            state=State.COMMITTED,
        )
        .order_by("-finished_at", "-pk")
        .first()
    )
    if before is not None and before.finished_at is not None:
        day = timezone.localdate(before.finished_at).isoformat()
        known = Finding("import.known_file", _KNOWN_FILE, {"day": day}, level=Level.NOTE)
        workbook.notes = [known.as_json(), *workbook.notes]
        workbook.save(update_fields=["notes"])


def _keep_rows(
    workbook: StagedWorkbook, importer: Importer, book: reading.Book, checker: RowChecker
) -> None:
    for batch in _batches(staging.rows(book, cast("staging.Checker", checker))):
        StagedRow.objects.bulk_create(
            StagedRow(
                workbook=workbook,
                sheet=row.sheet,
                number=row.number,
                cells=row.cells,
                findings=row.findings_json(),
                has_faults=row.has_faults,
                identity=importer.identity(row.checked)[:200],
            )
            for row in batch
        )
    repeated = (
        workbook.rows.exclude(identity="")
        .values("identity")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
        .values_list("identity", flat=True)
    )
    _flag_repeats(workbook, importer, set(repeated))


def mend(
    importer: Importer,
    scope: Any,
    row: StagedRow,
    texts: Mapping[str, str],
    *,
    by: Person,
    everywhere: bool = False,
) -> int:
    """Write other texts into cells of a row, or of every row that has the same text there.

    Returns how many rows were mended. What the sheet has stays in ``cells``.
    """
    _permit(importer, scope, by)
    columns = importer.columns(scope)
    if any(name not in columns for name in texts):
        raise ActionRefusedError(_("This list has no such column."))
    with _open(row.workbook) as workbook:
        row = workbook.rows.get(pk=row.pk)
        rows = [row]
        if everywhere:
            for name in texts:
                rows += [one for one in _alike(workbook, row, name) if one.pk != row.pk]
        checker = importer.checker(scope, workbook)
        identities = {one.identity for one in rows}
        for one in rows:
            one.mended = {**one.mended, **{name: text[:4_000] for name, text in texts.items()}}
            _note(one, importer, checker.check_row(one.cells, one.mended))
            identities.add(one.identity)
        StagedRow.objects.bulk_update(
            rows, ["mended", "findings", "has_faults", "identity"], batch_size=BATCH
        )
        _flag_repeats(workbook, importer, identities)
    return len(rows)


def _alike(workbook: StagedWorkbook, row: StagedRow, name: str) -> list[StagedRow]:
    """Rows whose cell has the same text, and was mended to the same (or not at all)."""
    place = next((key for key in row.cells if name in key.split(JOINT)), None)
    if place is None:
        return []
    alike = workbook.rows.filter(**{f"cells__{place}__text": row.cells[place]["text"]})
    return [one for one in alike.order_by("pk") if one.mended.get(name) == row.mended.get(name)]


def leave_out(
    importer: Importer, scope: Any, row: StagedRow, *, by: Person, out: bool | None = None
) -> None:
    """Leave a row out, or take it back in; without ``out``, the one that it is not."""
    _permit(importer, scope, by)
    with _open(row.workbook) as workbook:
        row = workbook.rows.get(pk=row.pk)
        row.is_left_out = not row.is_left_out if out is None else out
        row.save(update_fields=["is_left_out"])
        _flag_repeats(workbook, importer, {row.identity})


def commit(importer: Importer, scope: Any, workbook: StagedWorkbook, *, by: Person) -> int:
    """Take in every row that was not left out, or none of them; a second time is refused."""
    _permit(importer, scope, by)
    try:
        with _open(workbook) as workbook:
            rows = list(workbook.rows.filter(is_left_out=False).order_by("pk"))
            checked = _checked_again(rows, importer, importer.checker(scope, workbook))
            ids = importer.commit(scope, checked, by=by, workbook=workbook)
            _keep_results([row.pk for row in rows], list(ids))
            _finish(workbook, State.COMMITTED, by=by, rows=len(rows))
    except RowsRefusedError as refused:
        _keep_refusals(workbook, refused.findings)
        raise
    return len(rows)


def _keep_results(rows: list[int], ids: list[int | None]) -> None:
    """What was made from each row, in one statement for twenty thousand of them too."""
    if len(rows) != len(ids):
        raise ValueError("an importer must give one id for each row")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisation_stagedrow SET result_id = made.id"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS made (row, id)"
            " WHERE organisation_stagedrow.id = made.row",
            [rows, ids],
        )


def _checked_again(
    rows: list[StagedRow], importer: Importer, checker: RowChecker
) -> list[tuple[StagedRow, CheckedRow]]:
    """Units and people may have changed since the preview, so every row is checked once more."""
    if not rows:
        raise ActionRefusedError(_("There is no row to take in."))
    faulty: dict[int, list[Finding]] = {}
    checked = []
    for row in rows:
        repeats = [finding for finding in findings_of(row) if finding.code == REPEATED]
        result = checker.check_row(row.cells, row.mended)
        if result.has_faults or repeats:
            faulty[row.pk] = [*result.findings, *repeats]
        checked.append((row, result))
    if faulty:
        raise RowsRefusedError(faulty)
    return checked


def _keep_refusals(workbook: StagedWorkbook, findings: Mapping[int, Iterable[Finding]]) -> None:
    rows = list(workbook.rows.filter(pk__in=findings))
    for row in rows:
        known = [finding.as_json() for finding in findings[row.pk]]
        row.findings = known + [old for old in row.findings if old not in known]
        row.has_faults = True
    StagedRow.objects.bulk_update(rows, ["findings", "has_faults"], batch_size=BATCH)


def discard(workbook: StagedWorkbook, *, by: Person) -> None:
    """Give a workbook up. The file and its rows stay as the record of what was uploaded."""
    with _open(workbook) as workbook:
        _finish(workbook, State.DISCARDED, by=by)


def annotated(importer: Importer, workbook: StagedWorkbook) -> bytes:
    """The file as it was uploaded, with one more column that says what is wrong in each row."""
    rows = workbook.rows.filter(is_left_out=False).order_by("pk")
    return writing.annotated(
        original(workbook),
        ((row.sheet, row.number, list(findings_of(row))) for row in rows.iterator(BATCH)),
        workbook.columns,
    )


def original(workbook: StagedWorkbook) -> bytes:
    with default_storage.open(workbook.path) as file:
        return file.read()


def findings_of(row: StagedRow) -> Iterator[Finding]:
    return map(Finding.from_json, row.findings)


@contextmanager
def _open(workbook: StagedWorkbook) -> Iterator[StagedWorkbook]:
    """The workbook locked, so that of two presses of a button the second finds it finished."""
    with transaction.atomic():
        locked = StagedWorkbook.objects.select_for_update().get(pk=workbook.pk)
        if locked.state != State.STAGED:
            raise ActionRefusedError(
                _("“%(name)s” is already %(state)s.")
                % {"name": locked.file_name, "state": locked.get_state_display()}
            )
        yield locked


def _finish(workbook: StagedWorkbook, state: str, *, by: Person, **detail: object) -> None:
    verb = "take_in" if state == State.COMMITTED else "discard"
    before = workbook.state
    workbook.state = state
    workbook.finished_at = timezone.now()
    workbook.save(update_fields=["state", "finished_at"])
    trail.record(
        f"organisation.{verb}_workbook",
        subject=workbook,
        by=by,
        before={"state": before},
        after={"state": state},
        detail=detail,
    )


def _note(row: StagedRow, importer: Importer, checked: CheckedRow) -> None:
    row.findings = checked.findings_json()
    row.has_faults = checked.has_faults
    row.identity = importer.identity(checked)[:200]


def _flag_repeats(workbook: StagedWorkbook, importer: Importer, identities: set[str]) -> None:
    """Mark rows that say the same thing twice, and unmark those that no longer do."""
    rows = list(workbook.rows.filter(identity__in=identities - {""}).order_by("pk"))
    together: dict[str, list[StagedRow]] = defaultdict(list)
    for row in rows:
        if not row.is_left_out:
            together[row.identity].append(row)
    for row in rows:
        others = [one.number for one in together[row.identity] if one.pk != row.pk]
        kept = [finding for finding in row.findings if finding["code"] != REPEATED]
        if others and not row.is_left_out:
            kept.append(_repeat(row, importer.identity_column, others).as_json())
        row.findings = kept
        row.has_faults = any(finding["level"] == Level.FAULT for finding in kept)
    StagedRow.objects.bulk_update(rows, ["findings", "has_faults"], batch_size=BATCH)


def _repeat(row: StagedRow, column: str, others: list[int]) -> Finding:
    return Finding(
        REPEATED,
        gettext_noop("The same stands in row %(rows)s."),
        {"rows": ", ".join(str(number) for number in others[:5])},
        level=Level.FAULT,
        column=column,
        cell=row.cells.get(column, {}).get("cell", ""),
    )


def _permit(importer: Importer, scope: Any, by: Person) -> None:
    if not by.has_perm(importer.permission, scope):
        raise PermissionDenied


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    return iter(lambda: list(islice(source, BATCH)), [])
