"""What an exposure meeting leaves in the ledger: the mark, the deadline it set, what was pledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from core.text import clean
from core.workflow import locked
from rectification.models import DeadlineEntry, LedgerItem, Measure
from rectification.states import DONE, OPEN, State

if TYPE_CHECKING:
    import datetime as dt

    from organisation.models import Person


def expose(
    item: LedgerItem, *, by: Person, on: dt.date, due_on: dt.date | None, reason: str
) -> LedgerItem:
    """Mark an item as exposed on a day; while it is open, the meeting's deadline becomes its own.

    The original deadline stays beside it. What is concluded keeps its deadline and its state.
    """
    with locked(item, permission="rectification.expose_item", by=by) as row:
        if row.state == State.VOIDED:
            raise ActionRefusedError(
                _("%(code)s is voided and cannot be exposed.") % {"code": row.code}
            )
        before = trail.snapshot(row)
        row.exposed_on = on
        if due_on is not None and row.state in OPEN and due_on != row.due_on:
            DeadlineEntry.objects.create(item=row, due_on=due_on, reason=reason, set_by=by)
            row.due_on, row.deadline_text = due_on, ""
        row.save()
        trail.record(
            "rectification.expose",
            subject=row,
            by=by,
            before=before,
            after=trail.snapshot(row),
            reason=reason,
        )
    return row


def add_measure(item: LedgerItem, *, by: Person, text: str, due_on: dt.date) -> Measure:
    """Add what a department pledged to the measures of its item, with its day."""
    text = clean(text)
    if not text:
        raise ActionRefusedError(_("Write what will be done."))
    with locked(item, permission="rectification.add_measure", by=by) as row:
        if row.state in DONE or row.state == State.VOIDED:
            raise ActionRefusedError(
                _("%(code)s takes no further measures: the state is “%(state)s”.")
                % {"code": row.code, "state": row.get_state_display()}
            )
        last = row.measures.aggregate(last=Max("position"))["last"]
        measure = Measure.objects.create(
            item=row, text=text, due_on=due_on, position=0 if last is None else last + 1
        )
        trail.record(
            "rectification.add_measure",
            subject=measure,
            by=by,
            after=trail.snapshot(measure),
            reason=text,
        )
    return measure
