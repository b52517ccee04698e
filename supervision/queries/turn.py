"""Who has a report now, and what he is to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisation.models import Post, PostKind
from rectification.queries import Turn
from supervision.states import MeetingState

if TYPE_CHECKING:
    from supervision.models import ExposureMeeting

PRINCIPALS = (PostKind.SECRETARY, PostKind.PRESIDENT)


def turn(meeting: ExposureMeeting) -> Turn:
    """The sentence on which every message about a report ends."""
    office = _("the campaign office")
    day = date_format(meeting.held_on)
    if meeting.state == MeetingState.PREPARING:
        return Turn(office, _("complete the report and submit it for approval"))
    if meeting.state == MeetingState.AWAITING_APPROVAL:
        return Turn(_principals(meeting), _("read the report and approve or return it"))
    if meeting.state == MeetingState.APPROVED:
        does = _("send the report to the departments, and after %(day)s record the meeting")
        return Turn(office, does % {"day": day})
    if meeting.state == MeetingState.HELD:
        return Turn(
            "",
            _("The meeting was held on %(day)s; the exposed departments rectify by the deadline.")
            % {"day": day},
        )
    return Turn("", _("The meeting is cancelled; nobody has to do anything."))


def _principals(meeting: ExposureMeeting) -> str:
    """Whoever of them did not submit it himself."""
    posts = (
        Post.objects.on(timezone.localdate())
        .filter(unit=meeting.campaign.host_id, kind__in=PRINCIPALS, person__is_active=True)
        .exclude(person=meeting.submitted_by_id)
        .select_related("person")
        .by_rank()
    )
    names = dict.fromkeys(str(post.person) for post in posts)
    return _(" or ").join(names) or _("the principal of the unit")
