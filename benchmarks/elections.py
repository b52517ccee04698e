"""A hospital that votes: two heads in each department, and everybody who works there about both.

It stands beside the hospital of the pages, under the same bureau, so that neither sees the other. Each
run of the benchmark is one more round in it, through the product's own actions.
"""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from ballots import sealing
from ballots.actions.casting import GRACE
from ballots.models import Box, Election
from benchmarks.seeding import name_of, write
from campaign.models import Campaign
from campaign.states import State as CampaignState
from evaluations import actions
from evaluations.models import CommissionMember, GroupRule, Round
from organisation.models import Person, Post, PostKind, Unit, UnitCategory, UnitKind

if TYPE_CHECKING:
    from collections.abc import Sequence

CODE = "BV"
HEADS = ((PostKind.HEAD, "主任"), (PostKind.DEPUTY, "副主任"))
COMMISSION = ("纪检监察室", "工会", "职工代表")
WHY_HERE = "只测速度，票都是编造的"


@dataclass(frozen=True, slots=True)
class Size:
    departments: int = 120
    voters: int = 5_000


@dataclass(frozen=True, slots=True)
class Planned:
    """A round that can be frozen, and any two of its shares."""

    round: Round
    seal_key: bytes
    shares: Sequence[str]


def hospital(size: Size) -> Campaign:
    """The campaign of the hospital that votes, founded at the first run."""
    there = Campaign.objects.filter(code=CODE).first()
    return there or _found(size, timezone.localdate())


@transaction.atomic
def _found(size: Size, today: dt.date) -> Campaign:
    bureau = Unit.objects.get(kind=UnitKind.BUREAU)
    host = Unit.objects.create(name="云江市第二医院", kind=UnitKind.HOSPITAL, parent=bureau)
    departments = write(
        Unit(
            name=f"第{n + 1}病区",
            kind=UnitKind.DEPARTMENT,
            category=UnitCategory.CLINICAL,
            parent=host,
            position=n,
        )
        for n in range(size.departments)
    )
    seats = [(PostKind.CAMPAIGN_OFFICE, host), *[(PostKind.STAFF, host)] * len(COMMISSION)]
    seats += [(kind, unit) for unit in departments for kind, _title in HEADS]
    seats += [(PostKind.STAFF, departments[n % len(departments)]) for n in range(size.voters)]
    people = write(
        Person(employee_number=f"V{n:05d}", name=name_of(n), password="!")  # noqa: S106 -- nobody signs in by it
        for n in range(len(seats))
    )
    since = today - dt.timedelta(days=400)
    write(
        Post(person=person, unit=unit, kind=kind, since=since)
        for person, (kind, unit) in zip(people, seats, strict=True)
    )
    return Campaign.objects.create(
        name="背靠背评议",
        code=CODE,
        host=host,
        starts_on=today - dt.timedelta(days=100),
        ends_on=today + dt.timedelta(days=260),
        state=CampaignState.RUNNING,
    )


def planned(campaign: Campaign) -> Planned:
    """One more round, planned by the office and sealed by the commission."""
    now, day = timezone.now(), dt.timedelta(days=1)
    office, members = _office(campaign), _at_the_top(campaign, PostKind.STAFF)
    round_ = actions.plan_round(
        campaign,
        by=office,
        name="背靠背评议",
        period_from=timezone.localdate() - 180 * day,
        period_to=timezone.localdate(),
        tickets_from=now - 2 * day,
        opens_at=now - day,
        closes_at=now + day,
        with_comments=False,
    )
    actions.set_subjects(round_, _heads(campaign), by=office)
    own = GroupRule.OWN_DEPARTMENT
    actions.add_group(round_, by=office, code="A", name="本科室", rule=own, weight=100)
    seats = list(zip(members, COMMISSION, strict=True))
    actions.set_commission(round_, seats, by=office)
    return _sealed(round_, members[0])


def _sealed(round_: Round, member: Person) -> Planned:
    """As the commission's browser does it."""
    election = actions.begin_seal(round_, by=member)
    shares = [sealing.new_share() for _seat in CommissionMember.SEATS]
    private, public = sealing.new_seal_key()
    wrapped = sealing.wrap(private, shares, election.pk.bytes)
    actions.seal(round_, by=member, public=b64encode(public).decode(), wrapped=wrapped)
    return Planned(round_, public, shares)


def latest() -> Round:
    rounds = Round.objects.filter(campaign__code=CODE).select_related("campaign", "election")
    return rounds.order_by("-number")[0]


def freeze(round_: Round) -> str:
    actions.freeze_round(round_, by=_office(round_.campaign), override=WHY_HERE)
    return f"{Box.objects.filter(election=round_.election_id).count()} boxes"


def end_the_vote(round_: Round) -> None:
    """As if the day had come."""
    closes_at = timezone.now() - GRACE - dt.timedelta(seconds=1)
    Round.objects.filter(pk=round_.pk).update(closes_at=closes_at)
    Election.objects.filter(round=round_).update(closes_at=closes_at)


def count(round_: Round, shares: Sequence[str]) -> str:
    one, other = shares[:2]
    member = round_.commission.get(seat=1).person
    actions.count_round(round_, by=member, shares=(one, other))
    accepted = sum(
        Box.objects.filter(election=round_.election_id).values_list("tally__accepted", flat=True)
    )
    return f"{accepted} ballots"


def _office(campaign: Campaign) -> Person:
    return _at_the_top(campaign, PostKind.CAMPAIGN_OFFICE)[0]


def _at_the_top(campaign: Campaign, kind: PostKind) -> list[Person]:
    held = Post.objects.filter(unit=campaign.host_id, kind=kind).select_related("person")
    return [post.person for post in held.order_by("pk")]


def _heads(campaign: Campaign) -> list[tuple[Person, Unit, str]]:
    titles = dict(HEADS)
    held = Post.objects.filter(unit__parent=campaign.host_id, kind__in=titles)
    return [
        (post.person, post.unit, titles[PostKind(post.kind)])
        for post in held.select_related("person", "unit").order_by("pk")
    ]
