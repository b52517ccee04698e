"""The next exposure meeting, which everybody of the campaign may put into his diary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.models import scope_of
from campaign.states import State as CampaignState
from issues.models import campaigns_inside
from supervision.models import ExposureMeeting, PaperKind
from supervision.queries.planning import next_meeting
from supervision.states import UNHELD, MeetingState

if TYPE_CHECKING:
    import datetime as dt

    from campaign.models import Campaign
    from organisation.models import Person
    from supervision.models import IssuedPaper


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Without ``meeting`` nothing is planned yet, and ``held_on`` is only proposed.

    ``opens`` says whether this reader may open it; ``pack`` are the papers to bring.
    """

    held_on: dt.date
    number: int
    meeting: ExposureMeeting | None = None
    opens: bool = False
    pack: tuple[IssuedPaper, ...] = ()


def upcoming(person: Person, campaign: Campaign, today: dt.date) -> Upcoming | None:
    """When and where is no secret among those inside; what is said there is, until it is issued."""
    scope = scope_of(person)
    if campaign.pk not in campaigns_inside(scope):
        return None
    runs = campaign.pk in scope.runs
    meeting = (
        campaign.exposure_meetings.filter(state__in=UNHELD, held_on__gte=today)
        .order_by("held_on", "number")
        .first()
    )
    if meeting is None:
        if campaign.pk not in scope.office or campaign.state != CampaignState.RUNNING:
            return None
        proposal = next_meeting(campaign, today)
        return Upcoming(proposal["held_on"], proposal["number"])
    is_issued = meeting.state == MeetingState.APPROVED
    pack = meeting.papers.exclude(kind=PaperKind.REPORT_DOCX).order_by("pk")
    return Upcoming(
        meeting.held_on,
        meeting.number,
        meeting,
        opens=runs or (is_issued and person.has_perm("supervision.view_meeting", meeting)),
        pack=tuple(pack) if runs and is_issued else (),
    )
