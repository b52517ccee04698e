"""An invented hospital of the size that the aims speak of: always the same, and written in bulk.

Rows enter by ``bulk_create``, so that a column which a model gains later has its default here too.
The million items of the sweep are copies that the database makes of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, models, transaction
from django.utils import timezone

from audit.models import Event
from campaign.models import Campaign, Category, Milestone, Phase
from campaign.states import State as CampaignState
from core.text import search_form
from issues.models import Issue, RectificationClass, Source
from issues.states import State as IssueState
from organisation.models import Person, Post, PostKind, Unit, UnitCategory, UnitKind
from rectification.models import (
    Attempt,
    DeadlineEntry,
    Evidence,
    LedgerItem,
    Measure,
    Outcome,
    ProgressUpdate,
)
from rectification.states import DONE, UNDER_REVIEW, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_Row = TypeVar("_Row", bound=models.Model)
BATCH = 1_000
CODE = "BM"
SPECIALITIES = (
    *("心血管内科", "呼吸内科", "消化内科", "神经内科", "肾内科", "内分泌科", "血液科"),
    *("普外科", "骨科", "泌尿外科", "妇科", "产科", "儿科", "眼科", "耳鼻喉科", "口腔科"),
    *("检验科", "放射科", "药剂科", "后勤保障科"),
)
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN_NAMES = "安邦晨达恩帆格涵佳凯岚明宁沛清然思彤文欣雅泽"
FAMILIES = ("思想纪律", "工作作风", "服务态度", "履职担当", "制度执行")
KINDS = ("宗旨意识淡薄", "落实部署迟缓", "解释沟通不足", "推诿敷衍", "检查走过场")
PROBLEMS = (
    "门诊窗口排队时间长,工作人员解释不耐心,患者多次反映未见改进",
    "交接班记录不完整,节假日值班人员电话无人接听",
    "检查预约周期偏长,急需检查的患者未建立绿色通道",
    "物资申领手续繁琐,同一表格需要重复填报三次",
    "会议多、文件多,一线医务人员用于患者的时间被挤占",
    "投诉处理超过承诺时限,答复内容千篇一律",
    "科室二级考核流于形式,扣分与奖励长期没有变化",
)
STATES = (
    *(State.RECTIFYING,) * 9,
    *(State.CLOSED,) * 4,
    State.CHECKED,
    State.APPLIED,
    State.AWAITING_CLAIM,
    State.ON_NOTICE,
    State.VERIFIED,
    State.DRAFTING,
    State.AWAITING_PLAN_APPROVAL,
)
"""How often each occurs in twenty items; what is concluded is a fifth."""


@dataclass(frozen=True, slots=True)
class Size:
    items: int = 20_000
    departments: int = 200
    people: int = 5_000


@dataclass(frozen=True, slots=True)
class Seeded:
    """Whom and what the measurements ask for."""

    campaign: Campaign
    officer: Person
    """Of the campaign office: sees the whole ledger."""
    busy: LedgerItem
    """An item with a history, for its page."""


def seeded() -> Seeded | None:
    """What an earlier run left here."""
    campaign = Campaign.objects.filter(code=CODE).order_by("pk").first()
    if campaign is None:
        return None
    officer = Person.objects.holding(PostKind.CAMPAIGN_OFFICE).order_by("pk")[0]
    checked = LedgerItem.objects.filter(campaign=campaign, state=State.CHECKED)
    busy = checked.order_by("number")[0]
    return Seeded(campaign, officer, busy)


def is_empty() -> bool:
    return not Unit.objects.exists() and not Person.objects.exists()


def seed(size: Size, today: dt.date) -> None:
    """Fill an empty, migrated database."""
    with transaction.atomic():
        hospital, departments = _units(size.departments)
        people = _people(size, hospital, departments, today)
        campaign, kinds = _campaign(hospital, today)
        items = _items(size.items, campaign, kinds, departments, people, today)
        _work(items, people, today)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def write(rows: Iterable[_Row]) -> list[_Row]:
    ready = iter(rows)
    written: list[_Row] = []
    while batch := list(islice(ready, BATCH)):
        written += type(batch[0])._base_manager.bulk_create(batch)
    return written


def _link(rows: Iterable[LedgerItem], departments: list[Unit]) -> Iterator[models.Model]:
    """Every third item concerns two departments beside the one that leads it."""
    through: type[models.Model] = LedgerItem.responsible_departments.through
    for item in rows:
        for step in range(1, 3) if item.number % 3 == 0 else ():
            unit = departments[(item.number + step) % len(departments)]
            yield through(ledgeritem_id=item.pk, unit_id=unit.pk)


def _units(count: int) -> tuple[Unit, list[Unit]]:
    bureau = Unit.objects.create(name="云江市卫生健康委员会", kind=UnitKind.BUREAU)
    hospital = Unit.objects.create(name="云江市第一医院", kind=UnitKind.HOSPITAL, parent=bureau)
    departments = write(
        Unit(
            name=f"{SPECIALITIES[n % len(SPECIALITIES)]}{n // len(SPECIALITIES) + 1}病区",
            kind=UnitKind.DEPARTMENT,
            category=UnitCategory.CLINICAL,
            parent=hospital,
            position=n,
        )
        for n in range(count)
    )
    return hospital, departments


def _people(
    size: Size, hospital: Unit, departments: list[Unit], today: dt.date
) -> dict[PostKind, list[Person]]:
    """Leaders and offices first, then a head and a liaison for each department, then staff."""
    above = (
        (PostKind.SECRETARY, 1),
        (PostKind.PRESIDENT, 1),
        (PostKind.DISCIPLINE_SECRETARY, 1),
        (PostKind.VICE_PRESIDENT, 6),
        (PostKind.CAMPAIGN_OFFICE, 4),
        (PostKind.DISCIPLINE_OFFICE, 3),
    )
    seats = [(kind, hospital) for kind, count in above for _ in range(count)]
    seats += [(kind, unit) for kind in (PostKind.HEAD, PostKind.LIAISON) for unit in departments]
    rest = max(size.people - len(seats), len(departments))
    seats += [(PostKind.STAFF, departments[n % len(departments)]) for n in range(rest)]
    people = write(
        Person(employee_number=f"B{n:05d}", name=name_of(n), password="!")  # noqa: S106 -- nobody signs in by it
        for n in range(len(seats))
    )
    since = today - dt.timedelta(days=400)
    posts = write(
        Post(person=person, unit=unit, kind=kind, since=since)
        for person, (kind, unit) in zip(people, seats, strict=True)
    )
    deputies = [post for post in posts if post.kind == PostKind.VICE_PRESIDENT]
    for n, post in enumerate(deputies):
        post.in_charge_of.set(departments[n :: len(deputies)])
    by_kind: dict[PostKind, list[Person]] = {}
    for person, (kind, _unit) in zip(people, seats, strict=True):
        by_kind.setdefault(kind, []).append(person)
    return by_kind


def name_of(n: int) -> str:
    family = FAMILY_NAMES[n % len(FAMILY_NAMES)]
    first, second = divmod(n // len(FAMILY_NAMES), len(GIVEN_NAMES))
    return family + GIVEN_NAMES[second] + GIVEN_NAMES[first % len(GIVEN_NAMES)]


def _campaign(hospital: Unit, today: dt.date) -> tuple[Campaign, list[Category]]:
    begun = today - dt.timedelta(days=100)
    campaign = Campaign.objects.create(
        name="作风建设集中整顿",
        code=CODE,
        host=hospital,
        starts_on=begun,
        ends_on=begun + dt.timedelta(days=360),
        state=CampaignState.RUNNING,
    )
    for n, name in enumerate(("动员部署", "查摆问题", "整改落实", "总结评估")):
        starts_on = begun + dt.timedelta(days=90 * n)
        phase = Phase.objects.create(
            campaign=campaign,
            name=name,
            starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(days=90),
            position=n,
        )
        for at in (20, 60):
            due_on = starts_on + dt.timedelta(days=at)
            Milestone.objects.create(phase=phase, name=f"{name}第{at}天", due_on=due_on)
    families = write(
        Category(campaign=campaign, name=name, position=n) for n, name in enumerate(FAMILIES)
    )
    kinds = write(
        Category(campaign=campaign, parent=family, name=name, position=n)
        for family in families
        for n, name in enumerate(KINDS)
    )
    return campaign, kinds


def _items(
    count: int,
    campaign: Campaign,
    kinds: list[Category],
    departments: list[Unit],
    people: dict[PostKind, list[Person]],
    today: dt.date,
) -> list[LedgerItem]:
    leaders, liaisons = people[PostKind.VICE_PRESIDENT], people[PostKind.LIAISON]
    sources = list(Source)

    def problem(n: int) -> dict[str, Any]:
        at = n % len(departments)
        text = f"{PROBLEMS[n % len(PROBLEMS)]}（{departments[at].name}，第{n}号）"
        return {
            "campaign": campaign,
            "number": n,
            "text": text,
            "category": kinds[n % len(kinds)],
            "source": sources[n % len(sources)],
            "is_grave": n % 50 == 0,
            "target": "患者平均等候时间不超过三十分钟，同类投诉较上月下降一半",
            "lead_department": departments[at],
            "responsible_leader": leaders[at % len(leaders)],
            "assignee": liaisons[at] if n % 2 else None,
            "search_text": search_form(text),
        }

    issues = write(
        Issue(
            **problem(n),
            state=IssueState.CONFIRMED,
            reported_by=liaisons[n % len(liaisons)],
            found_on=today - dt.timedelta(days=n % 90),
        )
        for n in range(1, count + 1)
    )

    def item(issue: Issue) -> LedgerItem:
        n = issue.number
        state = STATES[n % len(STATES)]
        due_on = today + dt.timedelta(days=n % 120 - 20)
        is_concluded = state in DONE
        return LedgerItem(
            **problem(n),
            issue=issue,
            year=today.year,
            state=state,
            rectification_class=RectificationClass.PHASED,
            deadline_text=f"{due_on:%Y-%m-%d}",
            due_on=due_on,
            original_due_on=due_on - dt.timedelta(days=7 * (n % 11 == 0)),
            closed_on=today - dt.timedelta(days=n % 60) if is_concluded else None,
            attempts_count=int(is_concluded or state in UNDER_REVIEW),
        )

    items = write(item(issue) for issue in issues)
    write(_link(items, departments))
    Campaign.objects.filter(pk=campaign.pk).update(issue_counter=count, ledger_counter=count)
    return items


def _work(items: list[LedgerItem], people: dict[PostKind, list[Person]], today: dt.date) -> None:
    """What a page of an item has to tell: measures, progress, evidence, attempts and the trail."""
    officer, liaisons = people[PostKind.CAMPAIGN_OFFICE][0], people[PostKind.LIAISON]
    now = timezone.now()

    def worker(item: LedgerItem) -> Person:
        return liaisons[item.number % len(liaisons)]

    write(DeadlineEntry(item=item, due_on=item.original_due_on, set_by=officer) for item in items)
    write(
        Measure(
            item=item,
            text=f"第{n}项：修订流程、公布时限，由科室负责人每周检查一次",
            due_on=today + dt.timedelta(days=10 * n),
            position=n,
        )
        for item in items
        for n in (1, 2)
    )
    begun = [item for item in items if item.number % 2]
    write(
        ProgressUpdate(item=item, by=worker(item), text="已完成流程修订，正在全科培训。")
        for item in begun
    )
    write(
        Evidence(
            item=item,
            kind=Evidence.Kind.AFTER,
            caption="整改后的窗口",
            file_name="整改后.jpg",
            content_type="image/jpeg",
            size=204_800,
            sha256=f"{item.number * 10 + n:064x}",
            path=f"benchmark/{item.number}-{n}.jpg",
            uploaded_by=worker(item),
        )
        for item in begun
        for n in range(item.number % 3 + 1)
    )
    write(
        Attempt(
            item=item,
            number=1,
            statement="整改措施均已落实，现申请销号。",
            applied_by=worker(item),
            applied_at=now,
            outcome=Outcome.PASSED if item.state in DONE else Outcome.PENDING,
            ended_at=now if item.state in DONE else None,
        )
        for item in items
        if item.attempts_count
    )
    write(
        Event(
            actor_id=worker(item).pk,
            actor_label=worker(item).name,
            action=f"rectification.{action}",
            subject_type=LedgerItem._meta.label_lower,
            subject_id=item.pk,
            subject_label=item.code,
        )
        for item in items
        for action in ("submit_plan", "approve_plan", "claim", "apply_for_sign_off")
    )
