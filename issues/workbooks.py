"""Lists of problems as workbooks, coming in and going out."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import IO, TYPE_CHECKING, Any

from django.db.models import Max, Min
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from campaign.http import campaign_or_404
from campaign.models import Campaign, scope_of
from core.findings import Finding, Level, Suggestion
from core.text import key
from core.workbooks import staging, writing
from core.workbooks.names import Named, Names
from issues import actions
from issues.actions import Draft
from issues.columns import CLASSES, EVERYBODY, HEADS_ARE_CALLED, ISSUE_COLUMNS, SOURCES
from issues.filters import IssueFilter
from issues.forms.fields import personal_numbers
from issues.forms.reviewing import leaders_of
from issues.models import Issue, Source
from issues.queries import categories_of, departments_of
from messaging import jobs
from organisation.models import Post, PostKind, Unit
from organisation.workbooks.importer import Done, Importer, register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.workbooks.staging import CheckedRow
    from organisation.models import Person, StagedRow, StagedWorkbook
    from organisation.workbooks.importer import Rows

TOLD = ("text", "target", "measures")
"""Columns in which a story is told, and in which a patient could be named."""

_MESSAGES = {
    "category": gettext_noop("This campaign has no category “%(text)s”; it can stay empty."),
    "several_lead": gettext_noop("Several lead departments: the first, %(unit)s, leads."),
    "everyone_leads": gettext_noop("“%(text)s” cannot lead; one department must."),
    "not_a_leader": gettext_noop("%(text)s is not one of the leaders of this unit."),
    "personal": gettext_noop("Take this number out, it may identify a patient: %(numbers)s."),
    "due_before_found": gettext_noop(
        "The deadline lies before the day the problem was found; it is left open."
    ),
    "known": gettext_noop("The same problem is in the list already, as %(code)s."),
    "source": gettext_noop("The source is not stated; it is entered as internal review."),
}


class Categories:
    """The campaign's two levels, to find what a sheet says in one column or in two."""

    def __init__(self, campaign: Campaign) -> None:
        self._kinds: dict[int | None, list[Any]] = defaultdict(list)
        everything = list(categories_of(campaign))
        for category in everything:
            self._kinds[category.parent_id].append(category)
        self._all = Names(Named(one.pk, one.name) for one in everything)

    def read(self, family: str, kind: str) -> tuple[int | None, list[Finding]]:
        """The finest category that the two texts name, and a doubt about what was not found."""
        wanted = [
            (name, text) for name, text in (("category", family), ("subcategory", kind)) if text
        ]
        found: int | None = None
        for name, text in wanted:
            pk = self._one(text, within=found)
            if pk is None:
                return found, [self._doubt(name, text)]
            found = pk
        return found, []

    def _one(self, text: str, within: int | None) -> int | None:
        under = (
            Names(Named(one.pk, one.name) for one in self._kinds[within]) if within else self._all
        )
        match = under.match(text).found
        return match[0].id if len(match) == 1 else None

    def _doubt(self, name: str, text: str) -> Finding:
        offers = tuple(Suggestion(one.name, one.name) for one in self._all.alike(text))
        return _finding("category", name, suggestions=offers, text=text)


class Checker:
    """The engine's check of a row, and what only this list knows: categories, leaders, doubles."""

    def __init__(self, campaign: Campaign, workbook: StagedWorkbook) -> None:
        units = list(departments_of(campaign))
        self.units = {unit.pk: unit for unit in units}
        self.engine = staging.Checker(
            ISSUE_COLUMNS,
            units=Names(Named(u.pk, u.name, tuple(u.aliases), u.category) for u in units),
            people=people_of(campaign),
            year=campaign.starts_on.year,
        )
        self.categories = Categories(campaign)
        self.leaders = {person.pk for person in leaders_of(campaign)}
        self.code = campaign.code
        visible = Issue.objects.visible_to(workbook.uploaded_by)
        known = visible.filter(campaign=campaign).exclude(workbook=workbook.pk)
        self.known = {
            key(text): number for number, text in known.values_list("number", "search_text")
        }

    def check_row(
        self, cells: Mapping[str, Any], mended: Mapping[str, str] | None = None
    ) -> CheckedRow:
        checked = self.engine.check_row(dict(cells), mended)
        _category, findings = self.category(checked)
        findings += [*self._about_people(checked), *self._about_the_rest(checked)]
        return checked.with_findings(_placed(findings, cells))

    def category(self, checked: CheckedRow) -> tuple[int | None, list[Finding]]:
        return self.categories.read(checked.values["category"], checked.values["subcategory"])

    def lead(self, checked: CheckedRow) -> int | None:
        ids = checked.values["lead_department"]
        return ids.ids[0] if ids and ids.ids else None

    def responsible(self, checked: CheckedRow) -> tuple[int, ...]:
        """The named departments, other lead departments, and those of a named category."""
        leading, named = checked.values["lead_department"], checked.values["departments"]
        ids = [*(named.ids if named else ()), *(leading.ids[1:] if leading else ())]
        for category in named.categories if named else ():
            ids += [unit.pk for unit in self.units.values() if unit.category == category]
        return tuple(dict.fromkeys(ids))

    def _about_people(self, checked: CheckedRow) -> Iterator[Finding]:
        lead = checked.values["lead_department"]
        if lead and len(lead.ids) > 1:
            first = self.units[lead.ids[0]].name
            yield _finding("several_lead", "lead_department", unit=first)
        if lead and not lead.ids and (lead.everyone or lead.categories):
            text = checked.texts["lead_department"]
            yield _finding("everyone_leads", "lead_department", text=text)
        leader = checked.values["leader"]
        if leader and leader not in self.leaders:
            yield _finding("not_a_leader", "leader", text=checked.texts["leader"])

    def _about_the_rest(self, checked: CheckedRow) -> Iterator[Finding]:
        for name in TOLD:
            if numbers := personal_numbers(checked.values[name]):
                listed = "、".join(numbers)
                yield _finding("personal", name, level=Level.FAULT, numbers=listed)
        due, found = checked.values["deadline"].due_on, checked.values["found_on"]
        if due and found and due < found:
            yield _finding("due_before_found", "deadline")
        if (number := self.known.get(key(checked.values["text"]))) is not None:
            yield _finding("known", "text", code=f"{self.code}-P{number:03d}")
        if not checked.values["source"]:
            yield _finding("source", "source", level=Level.NOTE)


def _finding(
    code: str,
    column: str,
    /,
    *,
    level: Level = Level.DOUBT,
    suggestions: tuple[Suggestion, ...] = (),
    **params: object,
) -> Finding:
    return Finding(
        f"issues.{code}", _MESSAGES[code], params, level, column=column, suggestions=suggestions
    )


def _placed(findings: Sequence[Finding], cells: Mapping[str, Any]) -> Iterator[Finding]:
    """Each with the cell it speaks of, where the sheet has one."""
    places = {name: facts["cell"] for joined, facts in cells.items() for name in joined.split("/")}
    for one in findings:
        yield Finding(
            one.code,
            one.message,
            one.params,
            one.level,
            one.column,
            places.get(one.column, ""),
            one.suggestions,
        )


def people_of(campaign: Campaign) -> Names:
    """Everybody who works in the host unit, by name, by number, and by what heads are called."""
    inside = [unit.pk for unit in Unit.objects.below([campaign.host_id])]
    posts = (
        Post.objects.on(timezone.localdate())
        .filter(unit__in=inside, person__is_active=True)
        .select_related("person", "unit")
        .by_rank()
    )
    held: dict[int, list[Post]] = defaultdict(list)
    for post in posts:
        held[post.person_id].append(post)
    return Names(_named(posts) for posts in held.values())


def _named(posts: list[Post]) -> Named:
    person = posts[0].person
    called = [
        f"{name}{title}"
        for post in posts
        if post.kind == PostKind.HEAD
        for name in (post.unit.name, *post.unit.aliases)
        for title in HEADS_ARE_CALLED
    ]
    label = f"{person.name}({person.employee_number},{posts[0].unit.name})"
    return Named(person.pk, person.name, (person.employee_number, *called), label=label)


def take_in(
    scope: Campaign, rows: Rows, *, by: Person, workbook: StagedWorkbook
) -> Sequence[int | None]:
    checker = Checker(scope, workbook)
    unit = _unit_spoken_for(scope, by)
    drafts = [_draft(row, checked, checker, unit) for row, checked in rows]
    return actions.take_in(scope, drafts, by=by, workbook=workbook)


def _unit_spoken_for(campaign: Campaign, by: Person) -> int | None:
    """A department's list is reported in its name; the office's is nobody's."""
    scope = scope_of(by)
    if campaign.pk in scope.runs:
        return None
    return next((post.unit_id for post in by.posts_now if post.unit_id in scope.acts_for), None)


def _draft(row: StagedRow, checked: CheckedRow, checker: Checker, unit: int | None) -> Draft:
    values = checked.values
    deadline, found_on = values["deadline"], values["found_on"]
    due_on = deadline.due_on
    if due_on and found_on and due_on < found_on:
        due_on = None
    departments = values["departments"]
    leader = values["leader"]
    issue = Issue(
        text=values["text"],
        category_id=checker.category(checked)[0],
        source=values["source"] or Source.INTERNAL,
        is_grave=bool(values["is_grave"]),
        found_on=found_on,
        place=values["place"],
        reported_unit_id=unit,
        rectification_class=values["rectification_class"],
        target=values["target"],
        measures=values["measures"],
        responsible_leader_id=leader if leader in checker.leaders else None,
        lead_department_id=checker.lead(checked),
        for_all_departments=bool(departments and departments.everyone),
        assignee_id=values["person"],
        deadline_text=checked.texts.get("deadline", "").strip()[:200],
        due_on=due_on,
        written=as_written(checked),
        sheet=row.sheet,
        row=row.number,
    )
    return Draft(issue, checker.responsible(checked))


def as_written(checked: CheckedRow) -> dict[str, str]:
    written = {name: text for name, text in checked.written.items() if text.strip()}
    return {**written, **{f"+{heading}": text for heading, text in checked.extra.items() if text}}


def done(campaign: Campaign, workbook: StagedWorkbook, count: int) -> Done:
    made = Issue.objects.filter(workbook=workbook).aggregate(
        first=Min("number"), last=Max("number")
    )
    sentence = _(
        "%(count)s problems are in the list, %(first)s to %(last)s. Next, the campaign office reviews them."
    ) % {
        "count": count,
        "first": f"{campaign.code}-P{made['first']:03d}",
        "last": f"{campaign.code}-P{made['last']:03d}",
    }
    return Done(f"{reverse('issues:list', args=[campaign.pk])}?workbook={workbook.key}", sentence)


ISSUES = register(
    Importer(
        purpose="issues",
        title=gettext_lazy("Import problems"),
        hint=gettext_lazy(
            "A list of problems as it is (.xlsx): titles, merged cells and several departments in a cell are understood."
        ),
        permission="issues.import_issues",
        load=campaign_or_404,
        columns=lambda campaign: ISSUE_COLUMNS,
        checker=Checker,
        commit=take_in,
        done=done,
        context=lambda campaign: {"campaign": campaign},
        pretitle=lambda campaign: (campaign.name, campaign.get_absolute_url()),
    )
)

WRITTEN_OUT = ISSUE_COLUMNS.only(
    (
        "number",
        "category",
        "subcategory",
        "text",
        "source",
        "found_on",
        "place",
        "is_grave",
        "rectification_class",
        "target",
        "measures",
        "leader",
        "lead_department",
        "departments",
        "person",
        "deadline",
        "state",
    )
)


def write_list(file: IO[bytes], found: IssueFilter) -> int:
    """The rows that the filter shows, under a line that says which filter it was."""
    campaign = found.campaign
    lines = [
        _("Unit: %(unit)s    Date: %(day)s") % {"unit": campaign.host, "day": timezone.localdate()},
        _("Shown: %(filter)s") % {"filter": found.in_words or _("all problems")},
    ]
    title = _("Problems found: %(campaign)s") % {"campaign": campaign}
    rows = (cells(issue) for issue in found.ordered.for_list().iterator(500))
    return writing.write(
        file, WRITTEN_OUT, rows, title=title, lines=lines, sheet=_("Problems"), paper="A3"
    )


def make_list(arguments: dict[str, Any], *, by: Person, progress: jobs.Progress) -> jobs.Result:
    """The same by a worker, for lists too long to wait for."""
    campaign = get_object_or_404(Campaign.objects.visible_to(by), pk=arguments["campaign"])
    found = IssueFilter(QueryDict(arguments["query"]), campaign=campaign, by=by)
    file = io.BytesIO()
    write_list(file, found)
    return jobs.Result(file_name(campaign), file.getvalue())


def file_name(campaign: Campaign) -> str:
    return _("Problems %(code)s %(day)s.xlsx") % {
        "code": campaign.code,
        "day": timezone.localdate().isoformat(),
    }


def cells(issue: Issue) -> dict[str, Any]:
    """One problem in every column that is written out."""
    category = issue.category
    family = category.parent if category and category.parent else category
    departments = "、".join(unit.name for unit in issue.responsible_departments.all())
    return {
        "number": issue.code,
        "category": family.name if family else "",
        "subcategory": category.name if category and category.parent else "",
        "text": issue.text,
        "source": SOURCES[issue.source][0],
        "found_on": issue.found_on,
        "place": issue.place,
        "is_grave": issue.is_grave,
        "rectification_class": CLASSES[issue.rectification_class][0]
        if issue.rectification_class
        else "",
        "target": issue.target,
        "measures": issue.measures,
        "leader": issue.responsible_leader.name if issue.responsible_leader else "",
        "lead_department": issue.lead_department.name if issue.lead_department else "",
        "departments": EVERYBODY if issue.for_all_departments else departments,
        "person": issue.assignee.name if issue.assignee else "",
        "deadline": issue.due_on or issue.deadline_text,
        "state": issue.get_state_display(),
    }
