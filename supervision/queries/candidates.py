"""Which items the stated rules propose for a meeting, each with why."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q

from campaign.models import ReminderRules
from rectification.models import Attempt, LedgerItem, Outcome
from rectification.states import IN_HAND, OPEN, State
from supervision.models import Candidate, CaseKind, ExposureCase, Ground, Verdict
from supervision.states import OVER, UNHELD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supervision.models import ExposureMeeting

LASTING = frozenset({Ground.LONG_RED, Ground.SILENT})
"""Left out once, they propose again as long as they hold: every day makes them worse."""
TWICE = 2


def proposed(meeting: ExposureMeeting, today: dt.date) -> dict[int, list[dict[str, Any]]]:
    """Item → its grounds. What was exposed before or is a case of another meeting to come is not
    proposed, nor what was left out on the same grounds (another return, another finding, is a new
    one). Six queries, however many items there are.
    """
    grounds = _grounds(meeting, today)
    for item, known in _left_out_before(meeting).items():
        if item in grounds and all(ground in known for ground in grounds[item]):
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
    silent_days = ReminderRules.of(meeting.campaign).third_days
    told = items.filter(
        Q(state__in=IN_HAND, due_on__lte=today - dt.timedelta(days=silent_days))
        | Q(state__in=OPEN, due_on__lt=today - dt.timedelta(days=meeting.red_days))
        | Q(is_grave=True)
        | Q(recurrence_of__isnull=False)
        | Q(pk__in=[*returned, *findings, *carried])
    ).select_related("recurrence_of__campaign")
    found: dict[int, list[dict[str, Any]]] = {}
    for item in told.order_by("pk"):
        grounds = list(_of_deadline(item, today, meeting.red_days, silent_days))
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


def _of_deadline(
    item: LedgerItem, today: dt.date, red_days: int, silent_days: int
) -> Iterator[dict[str, Any]]:
    """Red for long, whatever became of it; or silent for as long as the ladder has steps."""
    if item.state not in OPEN or item.due_on is None:
        return
    days = (today - item.due_on).days
    if days > red_days:
        yield {"rule": Ground.LONG_RED, "days": days}
    elif days >= silent_days and item.state in IN_HAND:
        yield {"rule": Ground.SILENT, "days": days}


def _carried(meeting: ExposureMeeting) -> dict[int, int]:
    """Items taken in for an earlier meeting that was held without them, or was never held."""
    cases = ExposureCase.objects.filter(
        meeting__campaign=meeting.campaign_id,
        meeting__number__lt=meeting.number,
        meeting__state__in=OVER,
        kind=CaseKind.PROBLEM,
        exposed_on__isnull=True,
    )
    return dict(cases.order_by("meeting__number").values_list("item_id", "meeting__number"))


def _left_out_before(meeting: ExposureMeeting) -> dict[int, list[dict[str, Any]]]:
    """Item → the grounds on which it was left out of an earlier meeting."""
    known: dict[int, list[dict[str, Any]]] = {}
    earlier = Candidate.objects.filter(
        meeting__campaign=meeting.campaign_id,
        meeting__number__lt=meeting.number,
        verdict=Verdict.LEFT_OUT,
    )
    for item, grounds in earlier.values_list("item_id", "grounds"):
        known.setdefault(item, []).extend(
            ground for ground in grounds if ground["rule"] not in LASTING
        )
    return known
