"""The one function that says whether an item is in time: for page, paper, workbook, chart and queue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from rectification.states import DONE, OPEN

if TYPE_CHECKING:
    import datetime as dt

    from rectification.models import LedgerItem


class Light(StrEnum):
    """The values are the kinds that the interface has a shape, a colour and a word for."""

    NONE = "none"
    NORMAL = "normal"
    NEAR = "near"
    OVERDUE = "overdue"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Clock:
    """A light with the days behind it: ``days`` is what is left, negative when overdue."""

    light: Light
    days: int | None

    @property
    def words(self) -> str:
        match self.light:
            case Light.OVERDUE:
                return _("%(days)s days overdue") % {"days": -(self.days or 0)}
            case Light.NEAR if self.days == 0:
                return _("due today")
            case Light.NEAR:
                return _("due in %(days)s days") % {"days": self.days}
            case Light.NORMAL:
                return _("in time")
            case Light.CLOSED:
                return _("concluded")
        return _("no deadline")


def clock(*, state: str, due_on: dt.date | None, today: dt.date, warn_days: int) -> Clock:
    """Red from the day after the deadline, yellow within ``warn_days`` before it, else green.

    No deadline is never overdue; what is concluded (or voided) has no running clock.
    """
    if state in DONE:
        return Clock(Light.CLOSED, None)
    if state not in OPEN or due_on is None:
        return Clock(Light.NONE, None)
    days = (due_on - today).days
    if days < 0:
        return Clock(Light.OVERDUE, days)
    return Clock(Light.NEAR if days <= warn_days else Light.NORMAL, days)


def clock_of(item: LedgerItem, today: dt.date) -> Clock:
    """The clock of a row whose campaign is already loaded."""
    return clock(
        state=item.state, due_on=item.due_on, today=today, warn_days=item.campaign.warn_days
    )
