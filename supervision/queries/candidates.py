"""Which items the stated rules propose for a meeting, each with why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q

from rectification.models import Attempt, LedgerItem, Outcome
from rectification.states import OPEN, State
from supervision.models import CaseKind, ExposureCase, Ground, Verdict
from supervision.states import UNHELD, MeetingState

if TYPE_CHECKING:
    import datetime as dt

    from supervision.models import ExposureMeeting

SILENT_DAYS = 7
"""The ladder's last step: after these days without an application it reaches the principal."""
IN_THE_DEPARTMENTS_HANDS = (State.AWAITING_CLAIM, State.RECTIFYING)
LASTING = frozenset({Ground.LONG_RED, Ground.SILENT})
"""Left out once, they propose again as long as they hold."""
TWICE = 2


def proposed(meeting: ExposureMeeting, today: dt.date) -> dict[int, list[dict[str, Any]]]:
    """Item → its grounds. What was exposed before or is a case of another meeting to come is not
    proposed, nor what was left out for the same grounds. Six queries, however many items there are.
    """
    grounds = _grounds(meeting, today)
    for item, rules in _left_out_before(meeting).items():
        if item in grounds:
            known = rules - LASTING
            if {ground["rule"] for ground in grounds[item]} <= known:
                del grounds[item]
    return grounds


def _grounds(meeting: ExposureMeeting, today: dt.date) -> dict[int, list[dict[str, Any]]]:
    elsewhere = ExposureCase.objects.filter(item=OuterRef("pk"), meeting__state__in=UNHELD).exclude(
        meeting=meeting
    )
    items = (
        LedgerItem.objects.filter(campaign=meeting.campaign_id, exposed_on__isnull=True)
        .exclude(state=State.VOIDED)
        .exclude(Exists(elsewhere))
    )
    carried = _carried(meeting)
    attempts = Attempt.objects.filter(
        item__campaign=meeting.campaign_id, outcome=Outcome.RETURNED
    ).order_by()
    returned = dict(attempts.values_list("item").annotate(n=Count("pk")).filter(n__gte=TWICE))
    findings = dict(attempts.exclude(finding="").order_by("number").values_list("item", "finding"))
    silent_since = today.fromordinal(today.toordinal() - SILENT_DAYS)
    told = items.filter(
        Q(state__in=OPEN, due_on__lte=silent_since)
        | Q(state__in=OPEN, due_on__lt=today.fromordinal(today.toordinal() - meeting.red_days))
        | Q(is_grave=True)
        | Q(recurrence_of__isnull=False)
        | Q(pk__in=[*returned, *findings, *carried])
    ).select_related("recurrence_of__campaign")
    found: dict[int, list[dict[str, Any]]] = {}
    for item in told.order_by("pk"):
        grounds = list(_of_deadline(item, today, meeting.red_days))
        if item.pk in returned:
            grounds.append({"rule": Ground.RETURNED_TWICE, "times": returned[item.pk]})
        if item.pk in findings:
            grounds.append({"rule": Ground.FINDING, "finding": findings[item.pk]})
        if item.recurrence_of is not None:
            grounds.append({"rule": Ground.RECURRENCE, "code": item.recurrence_of.code})
        if item.is_grave:
            grounds.append({"rule": Ground.GRAVE})
        if item.pk in carried:
            grounds.append({"rule": Ground.CARRIED, "number": carried[item.pk]})
        if grounds:
            found[item.pk] = grounds
    return found


def _of_deadline(item: LedgerItem, today: dt.date, red_days: int) -> Any:
    if item.state not in OPEN or item.due_on is None:
        return
    days = (today - item.due_on).days
    if days > red_days:
        yield {"rule": Ground.LONG_RED, "days": days}
    elif days >= SILENT_DAYS and item.state in IN_THE_DEPARTMENTS_HANDS:
        yield {"rule": Ground.SILENT, "days": days}


def _carried(meeting: ExposureMeeting) -> dict[int, int]:
    """Items taken in for an earlier meeting that was held without them."""
    cases = ExposureCase.objects.filter(
        meeting__campaign=meeting.campaign_id,
        meeting__number__lt=meeting.number,
        meeting__state=MeetingState.HELD,
        kind=CaseKind.PROBLEM,
        exposed_on__isnull=True,
    )
    return dict(cases.order_by("meeting__number").values_list("item_id", "meeting__number"))


def _left_out_before(meeting: ExposureMeeting) -> dict[int, set[str]]:
    rules: dict[int, set[str]] = {}
    earlier = meeting.candidates.model.objects.filter(
        meeting__campaign=meeting.campaign_id,
        meeting__number__lt=meeting.number,
        verdict=Verdict.LEFT_OUT,
    )
    for item, grounds in earlier.values_list("item_id", "grounds"):
        rules.setdefault(item, set()).update(ground["rule"] for ground in grounds)
    return rules
