"""From a confirmed problem to a department that has taken it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from campaign.models import Campaign
from core.errors import ActionRefusedError
from core.text import search_form
from core.workflow import locked, move, moving
from rectification import states
from rectification.models import DeadlineEntry, LedgerItem, Measure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from typing import Any

    from issues.models import Issue
    from organisation.models import Person, Unit


def _say(reason: str, sentence: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(sentence)
    return reason


def _set_deadline(item: LedgerItem, due_on: dt.date | None, *, by: Person, text: str = "") -> None:
    """Add to the log of deadlines. Once a plan is approved, the original stays beside the current."""
    if item.deadlines.exists() and (item.due_on, item.deadline_text) == (due_on, text):
        return
    DeadlineEntry.objects.create(item=item, due_on=due_on, text=text, set_by=by)
    item.due_on = due_on
    item.deadline_text = text


def _searchable(item: LedgerItem) -> str:
    return search_form("\n".join([item.text, item.target]))


@transaction.atomic
def register(issue: Issue, *, by: Person) -> LedgerItem:
    """Enter a confirmed problem in the ledger under a number of its own, never given again.

    The plan is drafted from what the review understood; it goes to the responsible leader when
    the office has completed it.
    """
    Campaign.objects.filter(pk=issue.campaign_id).update(ledger_counter=F("ledger_counter") + 1)
    number = Campaign.objects.values_list("ledger_counter", flat=True).get(pk=issue.campaign_id)
    earlier = getattr(issue.recurrence_of, "ledger_item", None) if issue.recurrence_of else None
    item = LedgerItem.objects.create(
        campaign=issue.campaign,
        number=number,
        year=timezone.localdate().year,
        issue=issue,
        recurrence_of=earlier,
        text=issue.text,
        category=issue.category,
        source=issue.source,
        is_grave=issue.is_grave,
        rectification_class=issue.rectification_class,
        target=issue.target,
        responsible_leader=issue.responsible_leader,
        lead_department=issue.lead_department,
        for_all_departments=issue.for_all_departments,
        assignee=issue.assignee,
    )
    item.responsible_departments.set(issue.responsible_departments.all())
    lines = [line.strip() for line in issue.measures.splitlines() if line.strip()]
    Measure.objects.bulk_create(
        Measure(item=item, text=line, due_on=issue.due_on, position=n)
        for n, line in enumerate(lines)
    )
    item.search_text = _searchable(item)
    if issue.due_on or issue.deadline_text:
        _set_deadline(item, issue.due_on, by=by, text=issue.deadline_text)
    item.save()
    trail.record("rectification.register", subject=item, by=by, after=trail.snapshot(item))
    return item


def _lists_of(item: LedgerItem) -> dict[str, list[str]]:
    """What the plan has several of, in words; the trail keeps them beside the item's own columns."""
    measures = item.measures.order_by("position", "pk")
    units = item.responsible_departments.order_by("position", "pk")
    return {
        "measures": [f"{m.text} {m.due_on or ''}".rstrip() for m in measures],
        "responsible_departments": [unit.name for unit in units],
    }


@transaction.atomic
def revise_plan(
    item: LedgerItem,
    *,
    by: Person,
    responsible_departments: Iterable[Unit],
    due_on: dt.date | None,
    measures: Sequence[tuple[str, dt.date | None]],
    deadline_text: str = "",
    **plan: Any,
) -> LedgerItem:
    """Write the plan while it is being drafted: columns of the item, departments, measures, deadline."""
    with locked(item, permission="rectification.draft_plan", by=by) as row:
        if row.state != states.State.DRAFTING:
            raise ActionRefusedError(
                _("The plan can no longer be changed: the state is now “%(state)s”.")
                % {"state": row.get_state_display()}
            )
        before, was = trail.snapshot(row), _lists_of(row)
        for name, value in plan.items():
            setattr(row, name, value)
        row.responsible_departments.set(responsible_departments)
        row.measures.all().delete()
        Measure.objects.bulk_create(
            Measure(item=row, text=text, due_on=day, position=n)
            for n, (text, day) in enumerate(measures)
        )
        _set_deadline(row, due_on, by=by, text=deadline_text)
        row.search_text = _searchable(row)
        try:
            row.full_clean()
        except ValidationError as faults:
            raise ActionRefusedError(" ".join(faults.messages)) from faults
        row.save()
        trail.record(
            "rectification.revise_plan",
            subject=row,
            by=by,
            before=before,
            after=trail.snapshot(row),
            detail={"before": was, "after": _lists_of(row)},
        )
    return row


def submit_plan(item: LedgerItem, *, by: Person) -> LedgerItem:
    """Lay the plan before the responsible leader; it must say what is reached, how and by when."""
    with moving(item, states.SUBMIT_PLAN, by=by) as item:
        measures = list(item.measures.order_by("position", "pk"))
        if not measures:
            raise ActionRefusedError(_("State at least one measure."))
        for place, measure in enumerate(measures, start=1):
            if item.due_on and measure.due_on and measure.due_on > item.due_on:
                raise ActionRefusedError(
                    _("Measure %(place)s would end after the item's deadline.") % {"place": place}
                )
    return item


def approve_plan(item: LedgerItem, *, by: Person, opinion: str = "") -> LedgerItem:
    """The responsible leader approves; the lead department is now to claim the item.

    The deadline first approved is the original one for ever.
    """
    with moving(item, states.APPROVE_PLAN, by=by, reason=opinion.strip()) as item:
        if item.original_due_on is None:
            item.original_due_on = item.due_on
    return item


def return_plan(item: LedgerItem, *, by: Person, reason: str) -> LedgerItem:
    reason = _say(reason, _("Say what the plan lacks."))
    return move(item, states.RETURN_PLAN, by=by, reason=reason)


def claim(item: LedgerItem, *, by: Person, assignee: Person | None = None) -> LedgerItem:
    """The lead department takes the item on, and may name the person in charge."""
    with moving(item, states.CLAIM, by=by) as item:
        if assignee is not None:
            item.assignee = assignee
    return item


def object_to(
    item: LedgerItem, *, by: Person, reason: str, suggested_department: Unit | None = None
) -> LedgerItem:
    """The lead department says that this is not its duty, and whose it is."""
    reason = _say(reason, _("Say why this is not your department's duty."))
    with moving(item, states.OBJECT, by=by, reason=reason) as item:
        item.objection = reason
        item.suggested_department = suggested_department
    return item


def uphold_assignment(item: LedgerItem, *, by: Person, reason: str) -> LedgerItem:
    """The office keeps the assignment; the department starts on it."""
    reason = _say(reason, _("Say why the assignment stands."))
    return move(item, states.UPHOLD_ASSIGNMENT, by=by, reason=reason)


def reassign(item: LedgerItem, *, by: Person, lead_department: Unit, reason: str) -> LedgerItem:
    """The office accepts the objection: another department leads, and the plan is drafted anew."""
    reason = _say(reason, _("Say why the item is reassigned."))
    with moving(item, states.REASSIGN, by=by, reason=reason) as item:
        if lead_department.pk == item.lead_department_id:
            raise ActionRefusedError(_("Choose another lead department, or uphold the assignment."))
        item.lead_department = lead_department
        item.assignee = None
    return item


def void(item: LedgerItem, *, by: Person, reason: str) -> LedgerItem:
    """Take an item out of the ledger's figures; its number, text and history stay."""
    reason = _say(reason, _("Say why the item is voided."))
    return move(item, states.VOID, by=by, reason=reason)


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """What became of one plan of several; ``refusal`` is empty when it was approved."""

    item: LedgerItem
    refusal: str = ""


def approve_plans(
    items: Iterable[LedgerItem], *, by: Person, opinion: str = ""
) -> list[PlanOutcome]:
    """Each plan by itself: one that cannot be approved keeps none of the others back."""
    outcomes = []
    for item in items:
        try:
            outcomes.append(PlanOutcome(approve_plan(item, by=by, opinion=opinion)))
        except ActionRefusedError as refused:
            outcomes.append(PlanOutcome(item, str(refused)))
        except PermissionDenied:
            outcomes.append(PlanOutcome(item, _("This plan is not yours to approve.")))
    return outcomes
