"""What a new meeting begins with: proposed from the last one, and from the figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.deadlines import Day
from organisation.clock import months_after
from organisation.queries import working_calendar
from supervision.queries.statistics import statistics
from supervision.states import MeetingState

if TYPE_CHECKING:
    from campaign.models import Campaign
    from supervision.models import ExposureMeeting

MONTHS_BETWEEN = 2
"""The founding plan: a meeting of the whole hospital every two months."""
FEEDBACK_DAYS = 14


def on_paper(day: dt.date) -> str:
    """A day as official papers write it, in whatever language the page is read."""
    return str(Day(year=day.year, month=day.month, day=day.day))


def next_meeting(campaign: Campaign, today: dt.date) -> dict[str, Any]:
    """Number, period, date and place after the last meeting; the first after the campaign's start.

    When two months have long gone by, it meets now and speaks of all that time.
    """
    meetings = campaign.exposure_meetings.order_by("-number")
    last = meetings.exclude(state=MeetingState.CANCELLED).first()
    numbered = meetings.first()  # a number is given once, also to one that was cancelled
    begins = last.period_to + dt.timedelta(days=1) if last else campaign.starts_on
    ends = max(months_after(begins, MONTHS_BETWEEN) - dt.timedelta(days=1), today)
    day = months_after(last.held_on, MONTHS_BETWEEN) if last else ends
    proposal: dict[str, Any] = {
        "number": numbered.number + 1 if numbered else 1,
        "period_from": begins,
        "period_to": ends,
        "held_on": working_calendar().working_day_from(max(day, today)),
    }
    if last:
        proposal |= {
            name: getattr(last, name)
            for name in ("starts_at", "place", "chair", "attendees", "red_days", "recipient")
        }
        proposal["copies_to"] = last.copies_to
    return proposal


def _overall(facts: dict[str, Any]) -> str:
    if facts["found"] == "0":
        return (
            _(
                "No problem was registered in this period; on %(as_of)s %(overdue)s items of the"
                " ledger are overdue."
            )
            % facts
        )
    return (
        _(
            "In this period %(found)s problems were registered and %(done)s of them put right"
            " (%(rate)s); on %(as_of)s %(overdue)s items of the ledger are overdue."
        )
        % facts
    )


def first_draft(meeting: ExposureMeeting) -> dict[str, Any]:
    """The report's texts in the language of papers, from data; people write the rest."""
    figures = {figure.key: figure.value for figure in statistics(meeting).work}
    campaign = meeting.campaign
    feedback = working_calendar().working_day_from(
        meeting.held_on + dt.timedelta(days=FEEDBACK_DAYS)
    )
    with translation.override("zh-hans"):
        facts = {
            "campaign": campaign.name,
            "number": meeting.number,
            "from": on_paper(meeting.period_from),
            "to": on_paper(meeting.period_to),
            "day": on_paper(feedback),
            "as_of": on_paper(timezone.localdate()),
            **figures,
        }
        return {
            "title": _("Circular on typical problems, number %(number)s of %(campaign)s") % facts,
            "recipient": meeting.recipient or _("all departments"),
            "intro": _(
                "From %(from)s to %(to)s the campaign office and the discipline office checked how"
                " the departments put right the problems of %(campaign)s. What they found is made"
                " known as follows."
            )
            % facts,
            "overall": _overall(facts),
            "requirements": _(
                "Every department compares itself with these cases, puts right what it finds and"
                " answers in writing by %(day)s. The campaign office will look back at what was"
                " exposed; sham or delayed rectification will be pursued strictly."
            )
            % facts,
            "feedback_due_on": feedback,
            "agenda": "\n".join(
                [
                    _("The report on typical problems is read"),
                    _("The principals of the exposed departments speak in self-criticism"),
                    _("The discipline office comments"),
                    _("The principal of the unit sets out what is required"),
                ]
            ),
        }
