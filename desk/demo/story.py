"""What became of each item: every state is reached by its action, on the day it is said to have been."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from django.utils import timezone

from campaign.actions import finish
from desk.demo.days import as_of
from desk.demo.pictures import picture
from issues.models import RectificationClass
from organisation.models import PostKind
from rectification import actions
from rectification.models import NO_LET_GO, Evidence, LedgerItem
from rectification.states import State

if TYPE_CHECKING:
    from campaign.models import Campaign
    from desk.demo.hospital import Cast
    from organisation.models import Person

FATES = (
    "closed", "rectifying", "closed", "applied", "rectifying", "closed", "checked", "rectifying",
    "verified", "closed", "returned", "rectifying", "awaiting_claim", "closed", "rectifying",
    "plan", "verified", "closed", "rectifying", "checked", "closed", "drafting", "rectifying",
    "returned", "closed", "objected", "rectifying", "applied", "closed", "rectifying",
    "returned_plan", "closed", "verified", "rectifying", "plan", "closed", "twice_returned",
    "voided", "rectifying", "awaiting_claim",
)  # fmt: skip
"""What the items come to, in turn. ``closed`` is on notice or continuing where the rules say so."""

SHOWN = {
    "外送标本交接登记": "awaiting_claim",
    "抽血窗口高峰期": "applied",
    "危急值报告登记": "returned",
    "导诊台人员对新院区": "applied",
    "10:15 门诊二楼": "returned",
    "信息安全弱口令": "closed",
    "处理患者投诉以解释为主": "closed",
    "智慧医院建设推进慢": "rectifying",
    "14:35 后勤值班室": "rectifying",
    "晨会记录提前一周": "returned",
}
"""So that the heads who sign in find something of each kind on their desks, and what is exposed is
not put right before.
"""

YES = {key: True for key, _label in NO_LET_GO}


def play(running: Campaign, finished: Campaign, cast: Cast, today: dt.date) -> None:
    for item in finished.ledger_items.order_by("number"):
        Play(item, cast, finished.ends_on).closed()
    with as_of(finished.ends_on, hour=17):
        reason = "各项工作按计划完成，满意度测评结果已公布"
        finish(finished, by=cast.office, reason=reason)
    for n, item in zip(count(), running.ledger_items.order_by("number"), strict=False):
        getattr(Play(item, cast, today), _fate(item, n))()


def _fate(item: LedgerItem, n: int) -> str:
    """What is to be put right at once mostly is; the rest takes its turn."""
    for words, fate in SHOWN.items():
        if words in item.text:
            return fate
    fate = FATES[n % len(FATES)]
    at_once = item.rectification_class == RectificationClass.IMMEDIATE
    return "closed" if at_once and fate == "rectifying" and n % 4 else fate


@dataclass(slots=True)
class Play:
    """One item and those who act on it; each fate goes as far as its name says."""

    item: LedgerItem
    cast: Cast
    today: dt.date

    @property
    def registered(self) -> dt.date:
        return timezone.localdate(self.item.registered_at)

    def day(self, share: int) -> dt.date:
        """A day between registration and today, in hundredths."""
        span = (self.today - self.registered).days
        return self.registered + dt.timedelta(days=span * share // 100)

    def who(self, kind: PostKind) -> Person:
        return self.cast.in_department(self.item.lead_department, kind)  # type: ignore[arg-type]

    @property
    def leader(self) -> Person:
        leader = self.item.responsible_leader_id
        assert leader is not None  # noqa: S101 -- the plan names one
        return self.cast.person(leader)

    def again(self) -> LedgerItem:
        self.item = LedgerItem.objects.get(pk=self.item.pk)
        return self.item

    def drafting(self) -> None:
        """Nothing yet: the office still has to lay the plan before the leader."""

    def plan(self) -> None:
        with as_of(self.day(10)):
            actions.submit_plan(self.again(), by=self.cast.office)

    def returned_plan(self) -> None:
        self.plan()
        with as_of(self.day(20)):
            reason = "措施过于原则，请写明由谁、何时、做到什么程度"
            actions.return_plan(self.again(), by=self.leader, reason=reason)

    def awaiting_claim(self) -> None:
        self.plan()
        with as_of(self.day(20)):
            actions.approve_plan(self.again(), by=self.leader, opinion="同意")

    def objected(self) -> None:
        self.awaiting_claim()
        with as_of(self.day(60)):
            reason = "该事项的审批权限不在我科，建议由业务主管科室牵头"
            actions.object_to(self.again(), by=self.who(PostKind.HEAD), reason=reason)

    def claimed(self) -> None:
        self.awaiting_claim()
        with as_of(self.day(25)):
            deputy = self.who(PostKind.DEPUTY)
            actions.claim(self.again(), by=self.who(PostKind.HEAD), assignee=deputy)

    def rectifying(self) -> None:
        self.claimed()
        notes = ("已召开科务会研究，明确分工和时间安排", "措施已部署到班组，正在逐项落实")
        for share, note in zip((35, 60), notes, strict=True):
            with as_of(self.day(share)):
                actions.report_progress(self.again(), by=self.who(PostKind.DEPUTY), text=note)
        if self.item.number % 2:
            self.evidence(Evidence.Kind.BEFORE, 40)

    def voided(self) -> None:
        self.claimed()
        with as_of(self.day(50)):
            actions.void(self.again(), by=self.cast.office, reason="与上级专项整治重复登记")

    def evidence(self, kind: Evidence.Kind, share: int) -> None:
        day = self.day(share)
        words = "整改后" if kind in Evidence.EFFECT else "整改前"
        lines = [self.item.code, str(self.item.lead_department), f"{day:%Y-%m-%d} 演示图片"]
        with as_of(day, hour=11):
            actions.add_evidence(
                self.again(),
                by=self.who(PostKind.DEPUTY),
                uploads=[picture(f"{words}现场", lines, is_after=kind in Evidence.EFFECT)],
                kind=kind,
                caption=f"{words}现场照片",
                taken_on=day,
            )

    def applied(self) -> None:
        self.rectifying()
        self.evidence(Evidence.Kind.AFTER, 68)
        self.apply(70)

    def apply(self, share: int, answers: tuple[str, ...] = ()) -> None:
        with as_of(self.day(share)):
            actions.apply_for_sign_off(
                self.again(),
                by=self.who(PostKind.DEPUTY),
                statement="措施已全部落实，经科内自查和患者回访，问题已解决，未再发生同类情况。",
                answers=answers,
            )

    def check(self, share: int) -> None:
        with as_of(self.day(share)):
            opinion = "经现场查看和抽查记录，整改属实，同意申请销号。"
            actions.check(self.again(), by=self.who(PostKind.HEAD), opinion=opinion)

    def checked(self) -> None:
        self.applied()
        self.check(78)

    def verify(self, share: int) -> None:
        verifier = self.cast.discipline if self.item.number % 2 else self.cast.colleague
        with as_of(self.day(share)):
            for evidence in self.again().evidence.standing():
                actions.open_evidence(evidence, by=verifier)
            actions.verify(
                self.again(),
                by=verifier,
                no_let_go=YES,
                opinion="现场核实，措施落实到位，效果达到整改目标。",
                was_visited=True,
            )

    def verified(self) -> None:
        self.checked()
        self.verify(85)

    def closed(self) -> None:
        """As far as the rules lead: signed off, continuing, or on public notice."""
        self.verified()
        with as_of(self.day(88)):
            actions.approve(self.again(), by=self.leader, opinion="同意销号")
        item = self.again()
        attempt = item.attempt_on_its_way
        if item.state == State.ON_NOTICE and attempt is not None and attempt.notice_until:
            ended = attempt.notice_until + dt.timedelta(days=1)
            if ended <= self.today:
                with as_of(ended):
                    actions.end_notice(item, by=self.cast.office)

    def returned(self) -> None:
        self.checked()
        verifier = self.cast.discipline if self.item.number % 2 else self.cast.colleague
        with as_of(self.day(84)):
            actions.return_at_verification(
                self.again(),
                by=verifier,
                reasons=["no_effect_shown", "no_rule_made"],
                note="只有会议记录和照片，没有数据说明效果；请补充制度和近两周抽查结果",
            )

    def twice_returned(self) -> None:
        self.returned()
        self.evidence(Evidence.Kind.EFFECT, 90)
        self.apply(
            91,
            ("已补充近两周抽查数据", "已修订科室管理规定并组织学习", "数据和制度均已上传"),
        )
        self.check(93)
        with as_of(self.day(96)):
            actions.return_at_verification(
                self.again(),
                by=self.cast.discipline,
                reasons=["target_not_reached"],
                note="抽查数据与现场观察不一致，目标未达到",
            )
