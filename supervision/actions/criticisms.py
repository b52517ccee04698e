"""Self-criticism: written by the department, submitted by its principal, read by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from core.privacy import without_private_data
from core.text import clean
from core.workflow import locked, move, moving
from organisation.actions.writing import saved
from rectification.actions import add_measure
from rectification.states import DONE, State
from supervision import states
from supervision.models import Pledge, SelfCriticism
from supervision.states import CriticismState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from organisation.models import Person
    from rectification.models import Measure

    Pledged = tuple[str, dt.date | None, Measure | None]


def draft_criticism(
    criticism: SelfCriticism,
    *,
    by: Person,
    cause: str,
    responsibility: str,
    pledge: str,
    pledges: Sequence[Pledged] = (),
) -> SelfCriticism:
    """Keep what has been written so far; the department's liaison may help."""
    with locked(criticism, permission="supervision.draft_criticism", by=by) as row:
        if row.state != CriticismState.AWAITED:
            raise ActionRefusedError(
                _("Nothing can be changed now: the state is “%(state)s”.")
                % {"state": row.get_state_display()}
            )
        before = trail.snapshot(row)
        row.cause, row.responsibility, row.pledge = map(_told, (cause, responsibility, pledge))
        saved(row)
        _pledge(row, pledges)
        trail.record(
            "supervision.draft_criticism",
            subject=row,
            by=by,
            before=before,
            after=trail.snapshot(row),
            detail={"pledges": [text for text, _due, _measure in pledges]},
        )
    return row


def _told(text: str) -> str:
    return without_private_data(clean(text))


def _pledge(criticism: SelfCriticism, pledges: Sequence[Pledged]) -> None:
    """Write the pledges anew; one that reads as before keeps the measure it had."""
    there = {(row.text, row.due_on): row.measure for row in criticism.pledges.all()}
    criticism.pledges.all().delete()
    for place, (text, due_on, chosen) in enumerate(pledges):
        told = _told(text)
        measure = chosen or there.get((told, due_on))
        if measure is not None:
            _refuse_of_another_item(measure, criticism)
        saved(
            Pledge(criticism=criticism, text=told, due_on=due_on, measure=measure, position=place)
        )


def _refuse_of_another_item(measure: Measure, criticism: SelfCriticism) -> None:
    if measure.item_id != criticism.case.item_id:
        raise ActionRefusedError(_("That measure belongs to another item."))


def submit_criticism(criticism: SelfCriticism, *, by: Person) -> SelfCriticism:
    """Hand it in. Every dated pledge becomes a measure of the ledger item, unless it names one.

    A pledge without a day, or of an item to which he can add no measure any more, stays as it is,
    flagged for the office.
    """
    with moving(criticism, states.SUBMIT_CRITICISM, by=by) as row:
        if not (row.cause and row.responsibility and row.pledge):
            raise ActionRefusedError(_("State the cause, the responsibility and the pledge."))
        row.submitted_by, row.submitted_at = by, timezone.now()
        row.return_reason = ""
        if row.pledges.filter(measure__isnull=True, due_on__lt=timezone.localdate()).exists():
            raise ActionRefusedError(_("A pledge cannot be for a day that has passed."))
        for pledge in row.pledges.filter(measure__isnull=True, due_on__isnull=False):
            _put_in_the_ledger(pledge, by=by)
    return row


def _put_in_the_ledger(pledge: Pledge, *, by: Person) -> None:
    item, due_on = pledge.criticism.case.item, pledge.due_on
    if item is None or due_on is None or item.state in DONE or item.state == State.VOIDED:
        return
    if not by.has_perm("rectification.add_measure", item):
        return  # the item has gone to another department since
    pledge.measure = add_measure(item, by=by, text=pledge.text, due_on=due_on)
    pledge.save()


def link_pledge(pledge: Pledge, *, by: Person, measure: Measure) -> Pledge:
    """Say which measure of the ledger carries out a pledge that had none."""
    with locked(pledge.criticism, permission="supervision.judge_criticism", by=by) as criticism:
        row = Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
        _refuse_of_another_item(measure, criticism)
        if measure.due_on is None:
            raise ActionRefusedError(_("That measure has no day yet."))
        before = trail.snapshot(row)
        row.measure = measure
        row.save()
        trail.record(
            "supervision.link_pledge",
            subject=criticism,
            by=by,
            before=before,
            after=trail.snapshot(row),
        )
    return row


def return_criticism(criticism: SelfCriticism, *, by: Person, reason: str) -> SelfCriticism:
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Say what the self-criticism lacks."))
    with moving(criticism, states.RETURN_CRITICISM, by=by, reason=reason) as row:
        row.return_reason = reason
    return row


def accept_criticism(criticism: SelfCriticism, *, by: Person) -> SelfCriticism:
    return move(criticism, states.ACCEPT_CRITICISM, by=by)
