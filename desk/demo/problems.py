"""Problems come in from five workbooks, one by phone, and are reviewed by the office."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from campaign.models import Category
from desk.demo.days import as_of, move_workbook
from desk.demo.hospital import Cast, take_in
from issues import actions
from issues.models import Issue, RectificationClass, Source
from issues.states import State
from organisation.models import Person, PostKind, Unit

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from campaign.models import Campaign

Class = RectificationClass

FIRST = ("leadership-problem-list.xlsx", -80)
"""The leadership's own list; its problems are confirmed, and some exposed, before the others come."""
ARRIVALS = (
    ("department-self-examinations.xlsx", -45),
    ("opinion-register.xlsx", -34),
    ("covert-inspections.xlsx", -20),
)
"""The other workbooks of the running campaign, and how many days ago each was brought in."""

GRAVE = "好处费"
CLUE = "私下吃饭"
MERGED = (("中午12点前化验室就没人了", "抽血窗口高峰期"), ("药房窗口对咨询患者", "夜间急诊药房"))
RETURNED = ("参加全院大会签到后离场", "公示栏承诺事项未更新")
REJECTED = ("电梯司机上班时间聊天",)
LEFT = 14
"""How many of the newest problems still wait for the office."""


def bring_in_the_first(
    base: Path, running: Campaign, cast: Cast, *, written_on: dt.date, today: dt.date
) -> None:
    name, ago = FIRST
    moved = settings.VAR_ROOT / "demo" / "workbooks" / name
    move_workbook(base / name, moved, written_on=written_on, today=today)
    with as_of(today + dt.timedelta(days=ago)):
        take_in("issues", running, moved, cast.office)
    for issue in Issue.objects.filter(campaign=running).order_by("number"):
        _confirm(issue, running, cast, today)


def bring_in(
    base: Path,
    running: Campaign,
    finished: Campaign,
    cast: Cast,
    *,
    written_on: dt.date,
    today: dt.date,
) -> None:
    moved = settings.VAR_ROOT / "demo" / "workbooks"
    days = {"written_on": written_on, "today": today}
    for name, ago in ARRIVALS:
        move_workbook(base / name, moved / name, **days)
        with as_of(today + dt.timedelta(days=ago)):
            take_in("issues", running, moved / name, cast.office)
    name = "finished-campaign-ledger.xlsx"
    move_workbook(base / name, moved / name, **days)
    with as_of(finished.starts_on + dt.timedelta(days=20)):
        take_in("issues", finished, moved / name, cast.office)
    _one_by_phone(running, today)
    _review(running, cast, today)
    with as_of(finished.starts_on + dt.timedelta(days=24)):
        for issue in Issue.objects.filter(campaign=finished).order_by("number"):
            actions.confirm(issue, by=cast.office, **understood(issue, cast, finished.ends_on))


def _one_by_phone(running: Campaign, today: dt.date) -> None:
    staff = Person.objects.get(employee_number="staff")
    with as_of(today - dt.timedelta(days=1)):
        actions.report(
            running,
            by=staff,
            text="门诊四楼候诊区饮水机停水三天，报修后没有答复",
            source=Source.INTERNAL,
            category=Category.objects.get(campaign=running, name="麻痹懈怠、服务不够"),
            found_on=today - dt.timedelta(days=1),
            reported_unit=Unit.objects.get(pk=min(staff.units_as(PostKind.STAFF))),
            place="门诊楼四楼候诊区",
        )


def _review(running: Campaign, cast: Cast, today: dt.date) -> None:
    """Clear cases first; the newest stay on the office's desk."""
    reported = Issue.objects.filter(campaign=running, state=State.REPORTED)
    issues = list(reported.order_by("number"))
    by_words = {words: issue for issue in issues for words in _marks() if words in issue.text}
    with as_of(today - dt.timedelta(days=15)):
        actions.hand_over(by_words[CLUE], by=cast.office, reason="涉及个人廉洁问题，移交纪检监察室")
        for words in RETURNED:
            reason = "缺少时间和责任科室，请补充后重新报送"
            actions.send_back(by_words[words], by=cast.office, reason=reason)
        for words in REJECTED:
            reason = "经核实，电梯由维保单位统一管理，反映情况与事实不符"
            actions.reject(by_words[words], by=cast.office, reason=reason)
    waiting = [issue for issue in issues if issue.pk not in {by_words[w].pk for w in _decided()}]
    for issue in waiting[:-LEFT]:
        _confirm(issue, running, cast, today)
    with as_of(today - dt.timedelta(days=14)):
        for words, into in MERGED:
            actions.merge(by_words[words], by=cast.office, into=by_words[into])


def _confirm(issue: Issue, running: Campaign, cast: Cast, today: dt.date) -> None:
    day = min(_came_in(issue) + dt.timedelta(days=2), today - dt.timedelta(days=4))
    with as_of(day):
        facts = understood(issue, cast, running.ends_on)
        if GRAVE in issue.text:
            facts["is_grave"] = True
        actions.confirm(issue, by=cast.office, **facts)


def _marks() -> tuple[str, ...]:
    return (*_decided(), *(into for _words, into in MERGED))


def _decided() -> tuple[str, ...]:
    return (CLUE, *RETURNED, *REJECTED, *(words for words, _into in MERGED))


def _came_in(issue: Issue) -> dt.date:
    return timezone.localdate(issue.reported_at)


def understood(issue: Issue, cast: Cast, ends_on: dt.date) -> dict[str, Any]:
    """What the office fills in where the workbook is silent or could not be read."""
    lead = issue.lead_department or issue.responsible_departments.order_by("position").first()
    if lead is None:
        lead = Unit.objects.get(parent=cast.hospital, name="医院办公室")
    found = _came_in(issue)
    chosen = issue.rectification_class or (
        Class.IMMEDIATE if issue.due_on is None else Class.PHASED
    )
    due_on = issue.due_on
    if due_on is None and chosen == Class.IMMEDIATE:
        due_on = found + dt.timedelta(days=7)
    if due_on is None and chosen == Class.PHASED:
        due_on = min(found + dt.timedelta(days=75), ends_on)
    return {
        "lead_department": lead,
        "responsible_leader": issue.responsible_leader or cast.leader_of(lead),
        "rectification_class": chosen,
        "target": issue.target or "问题解决，回访满意，抽查无反弹",
        "measures": issue.measures or "立即核实情况并整改；\n举一反三，完善制度",
        "due_on": None if chosen == Class.LONG_TERM else due_on,
    }
