"""What pages show about problems beside the rows themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from audit import trail
from core.deadlines import Kind, parse
from core.findings import Finding, Level
from issues import states
from issues.columns import ISSUE_COLUMNS
from issues.models import RectificationClass
from organisation.clock import due_after
from organisation.models import StagedRow
from organisation.queries import working_calendar

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from audit.trail import Change, Entry
    from campaign.models import Campaign, Category
    from issues.models import Issue, IssueQuerySet
    from organisation.clock import Deadline
    from organisation.models import Person
    from organisation.models.unit import UnitQuerySet

ENTERING = frozenset({"issues.report", "issues.take_in"})
BETWEEN_REPORTER_AND_OFFICE = frozenset(
    {f"issues.{step.name}" for step in (states.RETURN, states.RESUBMIT)}
)
LINKS = frozenset({"merged_into_id", "recurrence_of_id"})
"""Another problem, which the page links only where the reader may see that one too."""
COLOURS = {
    f"issues.{states.CONFIRM.name}": "done",
    f"issues.{states.RETURN.name}": "returned",
    f"issues.{states.REJECT.name}": "returned",
    f"issues.{states.MERGE.name}": "info",
    f"issues.{states.HAND_OVER.name}": "info",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a problem's history, as this reader may have it."""

    at: dt.datetime
    who: str
    label: str
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    kind: str = ""


def timeline(issue: Issue, reader: Person) -> list[Step]:
    """The trail in words. Who may not know who reported does not learn it from the history either:
    he reads that it was reported, and what the office decided.
    """
    entries = trail.entries([issue])
    if reader.has_perm("issues.view_reporter", issue):
        return [
            Step(e.at, e.who, e.label, e.reason, _told(e), COLOURS.get(e.action, ""))
            for e in entries
        ]
    return [
        Step(
            entry.at,
            "" if entry.action in ENTERING else entry.who,
            entry.label,
            entry.reason,
            kind=COLOURS.get(entry.action, ""),
        )
        for entry in entries
        if entry.action not in BETWEEN_REPORTER_AND_OFFICE
    ]


def _told(entry: Entry) -> list[Change]:
    return [change for change in entry.changes if change.column not in LINKS]


def by_state(rows: IssueQuerySet) -> dict[str, int]:
    counted = rows.order_by().values_list("state").annotate(n=Count("pk"))
    return {str(state): int(n) for state, n in counted}


@dataclass(frozen=True, slots=True)
class Compared:
    """A cell of the workbook beside what became of it."""

    label: StrOrPromise
    written: str
    understood: str
    doubts: list[Finding] = field(default_factory=list)


def compared(issue: Issue) -> list[Compared]:
    """As written and as understood, column by column, with the doubts that the import had."""
    if not issue.written:
        return []
    understood = _understood(issue)
    doubts: dict[str, list[Finding]] = {}
    for finding in doubts_of(issue):
        doubts.setdefault(finding.column, []).append(finding)
    rows = []
    names = [column.name for column in ISSUE_COLUMNS]
    in_order = sorted(
        issue.written, key=lambda name: names.index(name) if name in names else len(names)
    )
    for name in in_order:
        label = ISSUE_COLUMNS[name].label if name in ISSUE_COLUMNS else name.lstrip("+")
        rows.append(
            Compared(label, issue.written[name], understood.get(name, ""), doubts.get(name, []))
        )
    return rows


def doubts_of(issue: Issue) -> list[Finding]:
    """What was doubtful in the row when it was taken in."""
    if issue.workbook_id is None or issue.row is None:
        return []
    row = StagedRow.objects.filter(
        workbook=issue.workbook_id, sheet=issue.sheet, number=issue.row
    ).first()
    findings = map(Finding.from_json, row.findings) if row else ()
    return [finding for finding in findings if finding.level == Level.DOUBT]


def _understood(issue: Issue) -> dict[str, str]:
    category = issue.category
    family = category.parent if category and category.parent else category
    responsible = [str(unit) for unit in issue.responsible_departments.all()]
    if issue.for_all_departments:
        responsible.insert(0, _("every department"))
    return {
        "category": str(family or ""),
        "subcategory": str(category or "") if category and category.parent else "",
        "text": issue.text,
        "source": str(issue.get_source_display()),
        "found_on": issue.found_on.isoformat() if issue.found_on else "",
        "place": issue.place,
        "is_grave": _("yes") if issue.is_grave else _("no"),
        "rectification_class": str(issue.get_rectification_class_display()),
        "target": issue.target,
        "measures": issue.measures,
        "leader": str(issue.responsible_leader or ""),
        "lead_department": str(issue.lead_department or ""),
        "departments": "、".join(responsible),
        "person": str(issue.assignee or ""),
        "deadline": issue.due_on.isoformat() if issue.due_on else "",
    }


def departments_of(campaign: Campaign) -> UnitQuerySet:
    """Whom a problem of this campaign can concern: the units it speaks to, but not the host itself."""
    units: UnitQuerySet = campaign.scope_units().exclude(pk=campaign.host_id)  # type: ignore[assignment]
    return units


def categories_of(campaign: Campaign) -> QuerySet[Category]:
    return campaign.categories.select_related("parent").order_by("position", "pk")


def category_choices(campaign: Campaign) -> list[Any]:
    """Families in order, each with its kinds, as a select shows them."""
    everything = list(categories_of(campaign))
    choices: list[Any] = []
    for family in (one for one in everything if one.parent_id is None):
        kinds = [one for one in everything if one.parent_id == family.pk]
        options = [(one.pk, one.name) for one in (family, *kinds)]
        choices += [(family.name, options)] if kinds else options
    return choices


def suggested_class(issue: Issue) -> str:
    """“At once” and “for good” name their class themselves; a day alone does not."""
    read = parse(issue.deadline_text, year=issue.campaign.starts_on.year)
    if read.is_standing:
        return RectificationClass.LONG_TERM if not read.due_on else ""
    return RectificationClass.IMMEDIATE if read.kind == Kind.AT_ONCE else ""


def suggested_due(issue: Issue, today: dt.date) -> Deadline | None:
    """What “at once” comes to by the campaign's setting, with the arithmetic."""
    if issue.due_on or suggested_class(issue) != RectificationClass.IMMEDIATE:
        return None
    campaign = issue.campaign
    return due_after(
        today, campaign.immediate_days, basis=campaign.day_basis, calendar=working_calendar()
    )
