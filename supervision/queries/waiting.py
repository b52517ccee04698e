"""What waits for whose hand about exposure: one definition for the home page and for the digest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import rules_of_all, scope_of
from campaign.queries import everybodys_scopes
from messaging.sources import Group, Line
from supervision.models import Candidate, Distribution, ExposureMeeting, Pledge, SelfCriticism
from supervision.states import ISSUED, CriticismState, MeetingState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from campaign.models import Scope
    from messaging.sources import Counts
    from organisation.models import Person


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to be done: for whom (by scope), which rows, and where each is done.

    ``rows`` are of any campaign and any person; ``holds`` says whose turn a row is. ``campaign`` and
    ``owner`` are the columns from which that is read, so that one person's list and everybody's
    counts cannot disagree.
    """

    key: str
    label: StrOrPromise
    rows: Callable[[dt.date], QuerySet]
    campaign: str
    owner: str
    holders: Callable[[Scope], frozenset[int]]
    url: Callable[..., str]
    not_by: str = ""
    """The column of a person who may not do it himself."""

    def of(self, person: Person, day: dt.date) -> QuerySet:
        """What waits for this person."""
        rows = self.rows(day).filter(**{f"{self.owner}__in": self.holders(scope_of(person))})
        return rows.exclude(**{self.not_by: person.pk}) if self.not_by else rows


def _meeting_page(page: str) -> Callable[[ExposureMeeting], str]:
    return lambda meeting: reverse(page, args=[meeting.campaign_id, meeting.number])


def _office(scope: Scope) -> frozenset[int]:
    return scope.office


def _of_candidate(candidate: Candidate) -> str:
    return _meeting_page("supervision:candidates")(candidate.meeting)


def _meetings(*conditions: Q, **facts: object) -> QuerySet:
    return ExposureMeeting.objects.filter(*conditions, **facts).select_related("campaign")


def _with_loose_pledges() -> QuerySet:
    """Accepted, and still with a pledge behind which no dated measure stands."""
    loose = Pledge.objects.filter(criticism=OuterRef("pk"), measure__due_on__isnull=True)
    accepted = SelfCriticism.objects.filter(Exists(loose), state=CriticismState.ACCEPTED)
    return accepted.select_related("case__meeting__campaign", "case__department")


DUTIES = (
    Duty(
        "approve_report",
        pgettext_lazy("queue", "Approve the exposure report"),
        lambda day: _meetings(state=MeetingState.AWAITING_APPROVAL),
        campaign="campaign",
        owner="campaign",
        holders=lambda scope: scope.principal,
        url=_meeting_page("supervision:approve"),
        not_by="submitted_by",
    ),
    Duty(
        "acknowledge_report",
        pgettext_lazy("queue", "Acknowledge the exposure report"),
        lambda day: Distribution.objects.filter(
            acknowledged_at__isnull=True, meeting__state__in=ISSUED
        ).select_related("meeting__campaign", "unit"),
        campaign="meeting__campaign",
        owner="unit",
        holders=lambda scope: scope.acts_for,
        url=lambda sent: sent.meeting.get_absolute_url(),
    ),
    Duty(
        "write_criticism",
        pgettext_lazy("queue", "Write the self-criticism"),
        lambda day: SelfCriticism.objects.filter(state=CriticismState.AWAITED).select_related(
            "case__meeting__campaign", "case__department"
        ),
        campaign="case__meeting__campaign",
        owner="case__department",
        holders=lambda scope: scope.acts_for,
        url=lambda criticism: criticism.get_absolute_url(),
    ),
    Duty(
        "read_criticism",
        pgettext_lazy("queue", "Read self-criticisms"),
        lambda day: SelfCriticism.objects.filter(state=CriticismState.SUBMITTED).select_related(
            "case__meeting__campaign", "case__department"
        ),
        campaign="case__meeting__campaign",
        owner="case__meeting__campaign",
        holders=_office,
        url=lambda criticism: criticism.get_absolute_url(),
    ),
    Duty(
        "decide_candidates",
        pgettext_lazy("queue", "Decide candidates for exposure"),
        lambda day: (
            Candidate.objects.undecided()
            .filter(meeting__state=MeetingState.PREPARING)
            .select_related("meeting__campaign", "item__campaign")
        ),
        campaign="meeting__campaign",
        owner="meeting__campaign",
        holders=_office,
        url=_of_candidate,
    ),
    Duty(
        "tie_pledges",
        pgettext_lazy("queue", "Tie pledges to measures"),
        lambda day: _with_loose_pledges(),
        campaign="case__meeting__campaign",
        owner="case__meeting__campaign",
        holders=_office,
        url=lambda criticism: criticism.get_absolute_url(),
    ),
    Duty(
        "mend_report",
        pgettext_lazy("queue", "Mend the exposure report that was returned"),
        lambda day: _meetings(~Q(return_reason=""), state=MeetingState.PREPARING),
        campaign="campaign",
        owner="campaign",
        holders=_office,
        url=_meeting_page("supervision:report"),
    ),
    Duty(
        "send_report",
        pgettext_lazy("queue", "Send the exposure report to departments"),
        lambda day: _meetings(state=MeetingState.APPROVED, distributions__isnull=True),
        campaign="campaign",
        owner="campaign",
        holders=_office,
        url=_meeting_page("supervision:distribution"),
    ),
    Duty(
        "hold_meeting",
        pgettext_lazy("queue", "Record that the exposure meeting was held"),
        lambda day: _meetings(state=MeetingState.APPROVED, held_on__lte=day),
        campaign="campaign",
        owner="campaign",
        holders=_office,
        url=_meeting_page("supervision:meeting"),
    ),
)
"""In the order in which a leader, a department and an officer expect them."""


def duties_of(scope: Scope) -> list[Duty]:
    """Those that can fall to somebody of this scope at all; the others need not be looked up."""
    return [duty for duty in DUTIES if duty.holders(scope)]


def title_of(row: object) -> str:
    """The row in words that its holder may read: no case is told before its report is issued."""
    if isinstance(row, Candidate):
        return str(row.item)
    if isinstance(row, SelfCriticism):
        return _("Self-criticism of %(unit)s, number %(number)s") % {
            "unit": row.case.department,
            "number": row.case.meeting.number,
        }
    meeting = row.meeting if isinstance(row, Distribution) else row
    assert isinstance(meeting, ExposureMeeting)  # noqa: S101 -- there is nothing else
    return meeting.title


def people(day: dt.date) -> Counts:
    """Everybody with a duty, and how many in each campaign. Two queries for each duty at most."""
    switched_on = {pk for pk, rules in rules_of_all().items() if rules.digest}
    scopes = everybodys_scopes(day)
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for duty in DUTIES:
        columns = [duty.owner, duty.campaign, *([duty.not_by] if duty.not_by else [])]
        rows = duty.rows(day).select_related(None).order_by()
        waiting = list(rows.values_list(*columns).annotate(n=Count("pk")))
        for person, scope in scopes.items() if waiting else ():
            theirs = duty.holders(scope)
            for owner, campaign, *barred, count in waiting:
                if owner in theirs and campaign in switched_on and person not in barred:
                    found[person][campaign] += count
    return {person: dict(campaigns) for person, campaigns in found.items()}


def lines(person: Person, day: dt.date, *, most: int) -> Iterator[Group]:
    """One person's duties in the campaigns that send digests, for his message."""
    switched_on = [pk for pk, rules in rules_of_all().items() if rules.digest]
    for duty in DUTIES:
        rows = duty.of(person, day).filter(**{f"{duty.campaign}__in": switched_on})
        total = rows.count()
        shown = rows.order_by("pk")[:most] if total else ()
        yield Group(duty.label, total, [Line(title_of(row), duty.url(row)) for row in shown])
