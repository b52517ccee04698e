"""The figures leadership asks for again and again, each with what it counts and the list behind it.

People and person-times are different figures: one person may be dealt with twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from issues.models import Issue, RectificationClass
from issues.states import State as IssueState
from rectification.models import LedgerItem
from rectification.states import DONE, OPEN, State
from supervision.models import Handling, HandlingForm

if TYPE_CHECKING:
    import datetime as dt

    from supervision.models import ExposureMeeting


@dataclass(frozen=True, slots=True)
class Figure:
    """``rows`` is the address of the list that is counted: a page of the campaign and what it is
    asked for. A share, or a secret, has none.
    """

    key: str
    label: str
    value: str
    definition: str
    rows: tuple[str, int, dict[str, str]] | None = None

    @property
    def url(self) -> str:
        if self.rows is None:
            return ""
        page, campaign, asked = self.rows
        return f"{reverse(page, args=[campaign])}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Statistics:
    work: list[Figure]
    people: list[Figure]
    as_of: dt.date


def statistics(meeting: ExposureMeeting) -> Statistics:
    """The period of the meeting. Three queries."""
    today = timezone.localdate()
    return Statistics(_work(meeting, today), _people(meeting), today)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _work(meeting: ExposureMeeting, today: dt.date) -> list[Figure]:
    first, last = meeting.period_from, meeting.period_to
    registered = {"registered_from": first.isoformat(), "registered_to": last.isoformat()}
    closed = {"closed_from": first.isoformat(), "closed_to": last.isoformat()}
    of_period = Q(registered_at__date__range=(first, last))
    signed_off = Q(state__in=DONE, closed_on__range=(first, last))
    at_once = Q(rectification_class=RectificationClass.IMMEDIATE)
    counts = (
        LedgerItem.objects.filter(campaign=meeting.campaign_id)
        .exclude(state=State.VOIDED)
        .aggregate(
            found=Count("pk", filter=of_period),
            done=Count("pk", filter=of_period & Q(state__in=DONE)),
            closed=Count("pk", filter=signed_off),
            immediate=Count("pk", filter=signed_off & at_once),
            overdue=Count("pk", filter=Q(state__in=OPEN, due_on__lt=today)),
        )
    )
    handed_over = Issue.objects.filter(
        campaign=meeting.campaign_id,
        state=IssueState.HANDED_OVER,
        state_since__date__range=(first, last),
    ).count()

    def listed(**asked: str) -> tuple[str, int, dict[str, str]]:
        return "rectification:list", meeting.campaign_id, asked

    return [
        Figure(
            "found",
            _("Problems found"),
            str(counts["found"]),
            _("Items registered in the ledger in the period, without voided ones"),
            listed(**registered),
        ),
        Figure(
            "done",
            _("of these put right"),
            str(counts["done"]),
            _("Those of them that are signed off, or continuing after a staged goal"),
            listed(**registered, show="done"),
        ),
        Figure(
            "rate",
            _("Rectification rate"),
            _share(counts["done"], counts["found"]),
            _("Put right in a hundred found"),
        ),
        Figure(
            "closed",
            _("Signed off in the period"),
            str(counts["closed"]),
            _("Whenever they were registered"),
            listed(**closed, show="done"),
        ),
        Figure(
            "immediate",
            _("of these put right at once"),
            str(counts["immediate"]),
            _("Signed off items of immediate rectification"),
            listed(**closed, show="done", rectification_class=RectificationClass.IMMEDIATE),
        ),
        Figure(
            "overdue",
            _("Overdue now"),
            str(counts["overdue"]),
            _("Open items whose current deadline has passed"),
            listed(light="overdue"),
        ),
        Figure(
            "handed_over",
            _("Clues handed to the discipline office"),
            str(handed_over),
            _("Problems handed over in the period; the texts are read by that office alone"),
        ),
    ]


def _people(meeting: ExposureMeeting) -> list[Figure]:
    """Person-times by form, then people: whoever was dealt with twice counts once."""
    first, last = meeting.period_from, meeting.period_to
    rows = Handling.objects.filter(
        campaign=meeting.campaign_id, decided_on__range=(first, last)
    ).order_by()
    counts = rows.aggregate(
        people=Count("person", distinct=True),
        times=Count("pk"),
        **{form: Count("pk", filter=Q(form=form)) for form in HandlingForm.values},
    )
    of_period = {"decided_from": first.isoformat(), "decided_to": last.isoformat()}

    def listed(**asked: str) -> tuple[str, int, dict[str, str]]:
        return "supervision:handlings", meeting.campaign_id, of_period | asked

    by_form = [
        Figure(
            form.value,
            _("%(form)s (person-times)") % {"form": form.label},
            str(counts[form.value]),
            _("Decided in the period"),
            listed(form=form.value),
        )
        for form in HandlingForm
    ]
    return [
        *by_form,
        Figure(
            "times",
            _("All forms (person-times)"),
            str(counts["times"]),
            _("Each handling of each person counts"),
            listed(),
        ),
        Figure(
            "people",
            _("People dealt with"),
            str(counts["people"]),
            _("Whoever was dealt with several times counts once"),
            listed(people="on"),
        ),
    ]
