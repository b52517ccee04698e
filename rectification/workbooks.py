"""The ledger as a workbook: out for the office, and read back to see whether anybody changed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from core.deadlines import parse
from core.text import storable
from core.workbooks import reading, writing
from issues.columns import CLASSES, EVERYBODY, SOURCES
from organisation.models import Unit
from rectification.columns import LEDGER_COLUMNS
from rectification.lights import clock_of
from rectification.models import LedgerItem, Measure, ProgressUpdate
from rectification.states import State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from rectification.filters import LedgerFilter
    from rectification.models import LedgerItemQuerySet

CHUNK = 500


def exported(rows: LedgerItemQuerySet) -> LedgerItemQuerySet:
    """With what the columns say. Departments and measures are lists of their own, because a manager
    for each of twenty thousand rows takes longer than all the rest of reading them.
    """
    last = ProgressUpdate.objects.filter(item=OuterRef("pk")).order_by("-at", "-pk").values("text")
    measures = Measure.objects.order_by("position", "pk")
    departments = Unit.objects.order_by("position", "pk")
    alone = rows.annotate(last_progress=Subquery(last[:1])).prefetch_related(None)
    return alone.prefetch_related(
        Prefetch("measures", measures, to_attr="listed_measures"),
        Prefetch("responsible_departments", departments, to_attr="named_departments"),
    )


def cells(item: LedgerItem, today: dt.date) -> dict[str, Any]:
    """One item in every column; what a workbook, a paper and a comparison say of it."""
    category = item.category
    family = category.parent if category and category.parent else category
    named = "、".join(unit.name for unit in item.named_departments)  # type: ignore[attr-defined]
    measures = [_measure(one) for one in item.listed_measures]  # type: ignore[attr-defined]
    return {
        "number": item.code,
        "category": family.name if family else "",
        "subcategory": category.name if category and category.parent else "",
        "text": item.text,
        "source": SOURCES[item.source][0],
        "rectification_class": CLASSES[item.rectification_class][0]
        if item.rectification_class
        else "",
        "target": item.target,
        "measures": "\n".join(measures),
        "leader": item.responsible_leader.name if item.responsible_leader else "",
        "lead_department": item.lead_department.name if item.lead_department else "",
        "departments": EVERYBODY if item.for_all_departments else named,
        "person": item.assignee.name if item.assignee else "",
        "original_deadline": item.original_due_on,
        "deadline": item.due_on or item.deadline_text,
        "light": clock_of(item, today).words,
        "progress": item.last_progress or "",  # type: ignore[attr-defined]
        "evidence_count": item.evidence_count,  # type: ignore[attr-defined]
        "attempts": item.attempts_count,
        "state": State(item.state).label,
        "closed_on": item.closed_on,
        "remarks": _("; ").join(_remarks(item)),
    }


def _measure(measure: Measure) -> str:
    if measure.done_on:
        return _("%(text)s (done %(day)s)") % {"text": measure.text, "day": measure.done_on}
    if measure.due_on:
        return _("%(text)s (by %(day)s)") % {"text": measure.text, "day": measure.due_on}
    return measure.text


def _remarks(item: LedgerItem) -> Iterator[str]:
    if item.recurrence_of is not None:
        yield _("Recurrence of %(code)s") % {"code": item.recurrence_of.code}
    if item.exposed_on is not None:
        yield _("Exposed on %(day)s") % {"day": item.exposed_on}
    if item.state == State.CONTINUING:
        yield _("Review on %(day)s") % {"day": item.review_on}
    if item.due_on and parse(item.deadline_text).kind not in {"", "date"}:
        yield _("Deadline as written: %(text)s") % {"text": item.deadline_text}


def write_ledger(
    file: IO[bytes],
    found: LedgerFilter,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """The rows of the list as it is filtered, in constant memory; says how far it is."""
    total, today = found.qs.count(), timezone.localdate()

    def rows() -> Iterator[Mapping[str, Any]]:
        for done, item in enumerate(exported(found.rows).iterator(CHUNK), start=1):
            if done % CHUNK == 0:
                progress(done, total)
            yield cells(item, today)

    return writing.write(
        file,
        LEDGER_COLUMNS,
        rows(),
        title=heading(found),
        lines=head_lines(found),
        sheet=_("Rectification ledger"),
        paper="A3",
    )


def heading(found: LedgerFilter) -> str:
    return _("%(campaign)s: rectification ledger") % {"campaign": found.campaign}


def head_lines(found: LedgerFilter) -> list[str]:
    """Who fills in and when, and which rows these are."""
    return [
        _("Unit: %(unit)s    Date: %(day)s") % {"unit": found.campaign.host, "day": found.today},
        _("Shown: %(filter)s") % {"filter": filter_in_words(found)},
    ]


def filter_in_words(found: LedgerFilter) -> str:
    return found.in_words or _("all items but voided ones")


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of a workbook that does not say what the ledger says."""

    number: str
    column: str
    in_the_file: str
    in_the_ledger: str


def read_back(file: IO[bytes], name: str, rows: LedgerItemQuerySet) -> list[Difference]:
    """Compare an exported workbook with the ledger, by number; nothing is written.

    A number that the ledger does not have (or that one may not see) is a difference of its own.
    """
    book = reading.read(file, name, LEDGER_COLUMNS)
    today = timezone.localdate()
    ours = {item.code: cells(item, today) for item in exported(rows).iterator(CHUNK)}
    found: list[Difference] = []
    for table in book.tables:
        for record in table.records():
            theirs = {column: cell["text"] for column, cell in record.cells.items()}
            number = theirs.get("number", "")
            if number not in ours:
                found.append(Difference(number, "number", number, ""))
                continue
            found += _differences(number, theirs, ours[number])
    return found


def _differences(
    number: str, theirs: Mapping[str, str], ours: Mapping[str, Any]
) -> Iterator[Difference]:
    for column in LEDGER_COLUMNS:
        mine, other = _as_read(ours[column.name]), theirs.get(column.name, "").strip()
        if mine != other:
            yield Difference(number, column.name, other, mine)


def _as_read(value: Any) -> str:
    return storable("" if value is None else str(value)).strip()
