"""Two campaigns: one running, one finished half a year ago."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from campaign import actions
from campaign.models import AppointmentRole, Milestone, Phase
from desk.demo.days import as_of
from organisation.models import Person, PostKind

if TYPE_CHECKING:
    from campaign.models import Campaign
    from desk.demo.hospital import Cast

RUNNING_CODE, FINISHED_CODE = "ZF", "XF"
RUNNING_DAYS = (-120, 96)
"""First and last day of the running campaign, from today."""
FINISHED_DAYS = (-330, -190)


def open_both(cast: Cast, today: dt.date) -> tuple[Campaign, Campaign]:
    running = _open(
        cast,
        today,
        RUNNING_DAYS,
        name="作风建设集中整顿活动",
        code=RUNNING_CODE,
        basis="《关于开展作风建设集中整顿活动的实施方案》（青中医〔2026〕31号）",
        aim="解决干部职工作风突出问题，提升服务质量和管理效能。",
    )
    finished = _open(
        cast,
        today,
        FINISHED_DAYS,
        name="行风提升年活动",
        code=FINISHED_CODE,
        basis="《行风提升年活动工作方案》（青中医〔2026〕2号）",
        aim="改善患者就医体验，规范医务人员行为。",
    )
    return running, finished


def _open(cast: Cast, today: dt.date, days: tuple[int, int], **facts: Any) -> Campaign:
    first, last = (today + dt.timedelta(days=n) for n in days)
    with as_of(first):
        campaign = actions.create(
            by=cast.office,
            host=cast.hospital,
            category_set="six-problems",
            phase_plan="four-methods",
            starts_on=first,
            ends_on=last,
            upward_channel="青湖市卫生健康局派驻纪检组，电话 0000-12345，信箱：市卫健局一楼大厅",
            **facts,
        )
        cast.office.__dict__.pop("_scope", None)
        _appoint(campaign, cast, first)
        actions.start(campaign, by=cast.office)
        campaign.refresh_from_db()
        _tick_milestones(campaign, cast, today)
    return campaign


def _appoint(campaign: Campaign, cast: Cast, since: dt.date) -> None:
    roles = {
        PostKind.SECRETARY: AppointmentRole.LEADING_HEAD,
        PostKind.PRESIDENT: AppointmentRole.LEADING_DEPUTY,
        PostKind.DISCIPLINE_SECRETARY: AppointmentRole.LEADING_MEMBER,
    }
    for kind, role in roles.items():
        for person in Person.objects.filter(posts__unit=cast.hospital, posts__kind=kind):
            actions.appoint(campaign, by=cast.office, person=person, role=role, since=since)
    for person, role in (
        (cast.office, AppointmentRole.OFFICE_DIRECTOR),
        (cast.colleague, AppointmentRole.OFFICE_MEMBER),
    ):
        actions.appoint(campaign, by=cast.office, person=person, role=role, since=since)


def _tick_milestones(campaign: Campaign, cast: Cast, today: dt.date) -> None:
    """Whatever was due by last week is done, except one that lags behind."""
    due = Milestone.objects.filter(
        phase__in=Phase.objects.filter(campaign=campaign), due_on__lt=today - dt.timedelta(days=3)
    ).order_by("due_on", "pk")
    lagging = due.last() if campaign.code == RUNNING_CODE else None
    for milestone in due:
        if milestone != lagging:
            with as_of(milestone.due_on):
                actions.mark_done(milestone, by=cast.office)
