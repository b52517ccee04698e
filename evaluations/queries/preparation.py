"""How far the preparation of a round is, and what a new one starts from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.models import CommissionMember, Round
from organisation.queries import working_calendar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from campaign.models import Campaign
    from evaluations.queries.electorates import Anonymity

NOTICE_DAYS = 5
"""Calendar days from planning to the ticket window: for the groups, the commission and the notice."""
TICKET_DAYS = 2
VOTING_DAYS = 5
SHORTEST_TICKET_WINDOW = dt.timedelta(days=1)
ALL = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that has to be settled before the freeze."""

    key: str
    label: str
    words: str
    is_done: bool
    url: str


def short_ticket_window(tickets_from: dt.datetime, opens_at: dt.datetime) -> str:
    """Why it is unwise, where tickets can be fetched for less than a day before voting."""
    if opens_at - tickets_from >= SHORTEST_TICKET_WINDOW:
        return ""
    return _(
        "Tickets can be fetched for less than a day before voting. Then most people fetch and vote at one go, and whoever watches the network sees who voted when. Two working days are advised."
    )


def default_times(today: dt.date) -> dict[str, dt.datetime]:
    """Tickets two working days before voting, which lasts five days."""
    calendar = working_calendar()
    tickets = calendar.working_day_from(today + dt.timedelta(days=NOTICE_DAYS))
    opens = calendar.working_day_after(tickets, TICKET_DAYS)
    closes = opens + dt.timedelta(days=VOTING_DAYS - 1)

    def at(day: dt.date, hour: int) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))

    return {"tickets_from": at(tickets, 8), "opens_at": at(opens, 8), "closes_at": at(closes, 18)}


def default_period(campaign: Campaign, today: dt.date) -> tuple[dt.date, dt.date]:
    """Since the end of the last evaluated period, or since the campaign began."""
    last = Round.objects.filter(campaign=campaign, period_to__lt=today).newest_first().first()
    start = last.period_to + dt.timedelta(days=1) if last else campaign.starts_on
    return min(start, today), today


def checklist(round_: Round, report: Anonymity, now: dt.datetime) -> Sequence[Step]:
    """Everything that the freeze asks for, in the order in which it is best done."""
    members = list(round_.commission.values_list("person", flat=True))
    heads = {plan.subject.person_id for plan in report.plans}
    weights = sum(group.weight for group in report.groups)
    return [
        _step(round_, "edit", _("Name and times"), *_times(round_, now)),
        _step(
            round_,
            "subjects",
            _("Heads who are evaluated"),
            _("%(n)s heads") % {"n": len(heads)} if heads else _("Nobody is chosen yet."),
            bool(heads),
        ),
        _step(round_, "grading", _("Dimensions, grades and thresholds"), _grading(round_), True),
        _step(
            round_,
            "groups",
            _("Groups of voters and their weights"),
            _groups(weights, len(report.groups)),
            weights == ALL,
        ),
        _step(round_, "anonymity", _("Anonymity report"), *_anonymity(report)),
        _step(round_, "commission", _("Commission"), *_commission(members, heads)),
        _step(
            round_,
            "key",
            _("Key of the commission"),
            _("The key is made; its three shares are on paper.")
            if has_key(round_)
            else _("A member of the commission makes it, with the other two present."),
            has_key(round_),
        ),
    ]


def has_key(round_: Round) -> bool:
    return round_.election is not None and bool(round_.election.seal_key)


def _step(round_: Round, key: str, label: str, words: str, is_done: bool) -> Step:
    url = reverse(f"evaluations:{key}", args=[round_.campaign_id, round_.number])
    return Step(key, label, words, is_done, url)


def _times(round_: Round, now: dt.datetime) -> tuple[str, bool]:
    if round_.closes_at <= now:
        return _("Voting would be over already."), False
    warning = short_ticket_window(round_.tickets_from, round_.opens_at)
    return warning or _("Voting lasts %(n)s days.") % {
        "n": max(1, (round_.closes_at.date() - round_.opens_at.date()).days + 1)
    }, True


def _grading(round_: Round) -> str:
    return _(
        "%(n)s dimensions; poor below %(bound)s points or with more than %(share)s “poor”."
    ) % {
        "n": len(round_.dimensions),
        "bound": round_.rules.bands.average,
        "share": round_.rules.poor_share,
    }


def _groups(weights: int, groups: int) -> str:
    if not groups:
        return _("There is no group yet. Take a ready set with one press.")
    if weights != ALL:
        return _("The weights add up to %(sum)s, they must add up to 100.") % {"sum": weights}
    return _("%(n)s groups, together 100 per cent") % {"n": groups}


def _anonymity(report: Anonymity) -> tuple[str, bool]:
    if not report.plans or not report.groups:
        return _("Heads and groups come first."), False
    unsafe = sum(not plan.assessment.is_safe for plan in report.plans)
    if unsafe:
        return _("For %(n)s heads a group is too small to hide its voters.") % {"n": unsafe}, False
    return _("%(boxes)s boxes, every one of them hides its voters.") % {"boxes": report.boxes}, True


def _commission(members: list[int], heads: set[int]) -> tuple[str, bool]:
    if len(members) != len(CommissionMember.SEATS):
        return _("Name three members of the commission."), False
    if set(members) & heads:
        return _("Nobody who is evaluated watches over the boxes."), False
    return _("Three people, each with one share of the key"), True
