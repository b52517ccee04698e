"""A hospital in the middle of a campaign: one of everything, and what must stay unseen. ``world`` is a fixture."""

import datetime as dt
import io
from dataclasses import dataclass, field

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from openpyxl import Workbook

from campaign.models import AppointmentRole
from campaign.states import State as CampaignState
from evaluations import actions as evaluations
from evaluations.models import Electorate, Survey
from issues.states import State as IssueState
from messaging.actions import make_calendar_link
from organisation.models import Post
from organisation.workbooks import staged
from organisation.workbooks.importer import importer_for
from rectification.models import NoticeObjection
from rectification.states import State
from supervision import actions
from supervision.models import Pledge, SelfCriticism
from tests.campaign.factories import (
    AppointmentFactory,
    CampaignFactory,
    CategoryFactory,
    MilestoneFactory,
    PhaseFactory,
)
from tests.evaluations import factories as voting
from tests.evaluations import result_factories as evaluated
from tests.evaluations import survey_factories as satisfaction
from tests.issues.factories import IssueFactory
from tests.messaging.factories import JobFactory, WebhookDeliveryFactory, WebhookFactory
from tests.organisation.factories import TokenFactory
from tests.people import Hospital, again, small_hospital
from tests.rectification.factories import EvidenceFactory, ProgressUpdateFactory, an_item
from tests.supervision import factories as exposure

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082"
)


CAPTION = "改造后的取药大厅"
TEXTS = {
    "reported": "护士站态度生硬,推诿患者",
    "for_surgery": "急会诊迟到半小时",
    "handed_over": "护士长收受供应商礼品",
    "confirmed": "挂号窗口开放不足",
    "drafting": "检查预约等候过长",
    "of_surgery": "手术记录书写不及时",
    "case": "门诊护士两次让患者下楼补手续",
    "handling": "口头检讨并扣发当月奖励",
    "unissued": "关于第二期典型问题的内部稿",
    "confirmation": "经党委会研究，群众反映属实",
    "measure": "按规定先行提醒",
    "statement": "窗口人手不足，我已报告多次",
    "appeal": "请复核票箱和计票过程",
    "comment": "叫号以后没有人接待",
}
"""By the names of what they stand in, so that a test can say who must not read them."""
SCORE = 30941
"""Of every evaluated head: it stands nowhere by chance."""


@dataclass
class World:
    """Items are led by outpatient, but for the one of surgery; vp answers for outpatient."""

    hospital: Hospital
    issues: dict[str, object] = field(default_factory=dict)
    items: dict[str, object] = field(default_factory=dict)
    workbooks: dict[str, object] = field(default_factory=dict)
    things: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.things[name]
        except KeyError:
            raise AttributeError(name) from None


def sheet(*rows):
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return SimpleUploadedFile("list.xlsx", file.getvalue())


def uploaded(purpose, scope, by, *rows):
    return staged.stage(importer_for(purpose), scope, sheet(*rows), by=by)


def whole_world():
    call_command("seed_calendar", verbosity=0)
    hospital = small_hospital()
    world = World(hospital)
    campaign = hospital.campaign
    phase = PhaseFactory(campaign=campaign, name="查摆问题", position=1)
    world.things |= {
        "phase": phase,
        "milestone": MilestoneFactory(phase=phase, name="召开动员会"),
        "kind": CategoryFactory(campaign=campaign, parent=hospital.category, name="推诿患者"),
        "appointment": AppointmentFactory(
            campaign=campaign, person=hospital.president, role=AppointmentRole.LEADING_HEAD
        ),
        "draft": CampaignFactory(
            name="下一轮整顿", code="XY", host=hospital.unit, state=CampaignState.DRAFT
        ),
        "finished": CampaignFactory(
            name="上一轮整顿",
            code="SY",
            host=hospital.unit,
            state=CampaignState.FINISHED,
            starts_on=timezone.localdate() - dt.timedelta(days=300),
            ends_on=timezone.localdate() - dt.timedelta(days=200),
        ),
        "post": Post.objects.get(person=hospital.staff),
        "token": TokenFactory(person=hospital.head),
        "webhook": (webhook := WebhookFactory(unit=hospital.unit)),
        "telling": WebhookDeliveryFactory(webhook=webhook),
        "calendar_secret": make_calendar_link(by=hospital.head),
        "job": JobFactory(owner=hospital.office, kind="ledger_xlsx", ready=True),
    }
    world.things |= elsewhere(hospital)
    add_issues(world)
    add_items(world)
    add_workbooks(world)
    add_exposure(world)
    add_surveys(world)
    add_results(world)
    world.things["vote"] = voting.a_frozen_round(hospital)
    add_rounds(world)
    return world


def elsewhere(hospital):
    """Another hospital's campaign, with a problem, an item in its ledger and parts of its plan."""
    department = hospital.stranger.posts.get().unit
    campaign = CampaignFactory(name="外院整顿", code="WY", host=department.parent)
    item = an_item(
        hospital,
        campaign=campaign,
        lead_department=department,
        responsible_leader=hospital.stranger,
        category=None,
    )
    return {
        "foreign": campaign,
        "foreign_item": item,
        "foreign_evidence": EvidenceFactory(item=item, uploaded_by=hospital.stranger, content=PNG),
        "foreign_issue": IssueFactory(campaign=campaign, reported_by=hospital.stranger),
        "foreign_phase": (phase := PhaseFactory(campaign=campaign)),
        "foreign_milestone": MilestoneFactory(phase=phase),
        "foreign_appointment": AppointmentFactory(campaign=campaign),
    }


def add_issues(world):
    """Reported by a doctor of surgery for himself, about outpatient; and in the name of surgery."""
    hospital = world.hospital
    about = {
        "campaign": hospital.campaign,
        "category": hospital.category,
        "reported_by": hospital.staff2,
        "responsible_departments": [hospital.outpatient],
    }
    led = {"lead_department": hospital.outpatient, "responsible_leader": hospital.vp}
    traits = {state.value: {state.value: True} for state in IssueState}
    traits[IssueState.REPORTED.value] = {}
    traits[IssueState.CONFIRMED.value] |= led
    for state, facts in traits.items():
        text = TEXTS.get(state, TEXTS["reported"])
        world.issues[state] = IssueFactory(**about, text=text, **facts)
    world.issues["for_surgery"] = IssueFactory(
        **about, text=TEXTS["for_surgery"], reported_unit=hospital.surgery
    )
    world.issues["by_staff"] = IssueFactory(
        **{**about, "reported_by": hospital.staff, "responsible_departments": [hospital.surgery]}
    )


def add_items(world):
    hospital = world.hospital
    for state in State:
        facts = {"text": TEXTS["drafting"]} if state == State.DRAFTING else {}
        world.items[state.value] = an_item(hospital, **{state.value: True}, **facts)
    item = world.items[State.RECTIFYING.value]
    ProgressUpdateFactory(item=item, by=hospital.liaison)
    surgical = an_item(
        hospital,
        lead_department=hospital.surgery,
        responsible_leader=hospital.vp2,
        overdue=True,
        text=TEXTS["of_surgery"],
    )
    world.items["of_surgery"] = surgical
    world.items["of_everybody"] = an_item(
        hospital, lead_department=hospital.laboratory, for_all_departments=True, near=True
    )
    for name in ("rectifying", "checked", "of_surgery"):
        who = hospital.head2 if name == "of_surgery" else hospital.liaison
        world.things[f"evidence_{name}"] = EvidenceFactory(
            item=world.items[name],
            uploaded_by=who,
            content=PNG,
            file_name=f"{name}.png",
            caption=CAPTION,
            content_type="image/png",
        )
    world.things["measure"] = item.measures.order_by("position").first()
    attempt = world.items[State.ON_NOTICE.value].attempts.get()
    world.things["objection"] = NoticeObjection.objects.create(
        attempt=attempt, text="窗口仍然排队", by=hospital.staff2
    )


def add_workbooks(world):
    hospital = world.hospital
    world.workbooks["issues"] = uploaded(
        "issues",
        hospital.campaign,
        hospital.office,
        ["序号", "问题描述", "责任科室", "完成时限"],
        [1, "取药窗口排队时间长", "门诊部", "2099-13-40"],
    )
    world.workbooks["units"] = uploaded(
        "units",
        None,
        hospital.administrator,
        ["科室名称", "上级单位"],
        ["急诊科", "市第一人民医院"],
    )
    world.workbooks["people"] = uploaded(
        "people", None, hospital.administrator, ["工号", "姓名", "科室"], ["E777", "张三", "门诊部"]
    )


def add_exposure(world):
    """One report issued and sent to outpatient, one in preparation, one before the secretary."""
    hospital = world.hospital
    by = again(hospital.office)
    exposure.a_letterhead(hospital)
    issued = exposure.a_meeting(hospital)
    item = world.items[State.RECTIFYING.value]
    case = exposure.a_case(hospital, issued, item, facts=f"{TEXTS['case']}。")
    told = {"person": hospital.staff, "unit": hospital.outpatient, "form": "criticism"}
    facts = told | {"item": item, "decided_on": exposure.days(-2), "note": TEXTS["handling"]}
    discipline = again(hospital.discipline)
    handling = actions.record_handling(hospital.campaign, by=discipline, **facts)
    final = actions.record_handling(
        hospital.campaign, by=discipline, **facts | {"final_on": exposure.days(-1), "item": None}
    )
    actions.submit_report(issued, by=by)
    exposure.issued(hospital, issued)
    [sent] = actions.distribute(issued, by=by, units=[hospital.outpatient])
    criticism = SelfCriticism.objects.get(case=case)
    pledge = Pledge.objects.create(criticism=criticism, text="逐日通报候诊时间")
    exposure.an_overdue_item(hospital, text="预约检查临时取消，没有人通知")
    preparing = exposure.a_meeting(hospital, title=TEXTS["unissued"])
    item = exposure.an_overdue_item(hospital, text="退费要跑四个窗口")
    world.things |= {
        "issued": issued,
        "preparing": preparing,
        "awaiting": exposure.submitted(hospital),
        "case": case,
        "case_in_preparation": exposure.a_case(hospital, preparing, item),
        "good": actions.add_good_example(
            preparing,
            by=by,
            title="报告提速",
            facts="二十分钟出结果",
            department=hospital.laboratory,
        ),
        "sent": sent,
        "pledge": pledge,
        "handling": handling,
        "final_handling": final,
    }


def add_surveys(world):
    """One in each state; those that are open differ in how people get in."""
    hospital = world.hospital
    small = {"expected": 10}
    world.things |= {
        "survey_planned": satisfaction.a_survey(hospital, **small),
        "survey_open": satisfaction.opened(hospital, **small),
        "survey_coded": satisfaction.opened(hospital, access="one_time", **small),
        "survey_over": satisfaction.opened(hospital, **small),
        "survey_closed": (counted := satisfaction.opened(hospital, **small)),
        "survey_published": satisfaction.published(hospital, **small),
    }
    satisfaction.closed(hospital, counted, outpatient={"satisfied": 10})
    past = {"opens_at": satisfaction.hours(-3), "closes_at": satisfaction.hours(-1)}
    Survey.objects.filter(pk=world.survey_over.pk).update(**past)


def add_results(world):
    """Four published rounds in which 门诊主任 is poor each time: the first went as far as the letter,
    about the second a talk is decided, the third is confirmed, the fourth is appealed against.
    """
    hospital = world.hospital
    rounds = [
        evaluated.a_poor_round(hospital, days_ago=age, name=f"第{at}轮评议", score=SCORE)
        for at, age in enumerate((40, 30, 20, 10), 1)
    ]
    done, talked, waits, last = (evaluated.subject_of(one, hospital.head) for one in rounds)
    facts = {"reason": TEXTS["measure"], "confirmed_for": TEXTS["confirmation"]}
    evaluated.carried_out(done, hospital, **facts)
    evaluated.decided(talked, hospital, **facts)
    evaluated.confirmed(waits, hospital)
    head = again(hospital.head)
    evaluations.state_views(last, by=head, text=TEXTS["statement"])
    world.things |= {
        "result_done": done,
        "result_decided": talked,
        "result_confirmed": waits,
        "result_open": last,
        "appealed": evaluations.file_appeal(last, by=head, text=TEXTS["appeal"]),
        "comments": evaluated.comments(last, TEXTS["comment"], "没有意见", "排队"),
    }
    evaluations.review_comment(
        evaluated.comments(done, "已经处理")[0], by=again(hospital.discipline), decision="publish"
    )


def add_rounds(world):
    """One before its freeze, one that was counted; 纪检乙, 门诊联络员 and 普外医生 keep the shares."""
    hospital = world.hospital
    planned = voting.a_sealed_round(hospital, name="下一次评议")
    counted = voting.closed(voting.a_frozen_round(hospital, name="上一次评议"))
    shares = tuple(voting.SHARES[:2])
    evaluations.count_round(counted, by=again(hospital.liaison), shares=shares)
    world.things |= {
        "planned_round": planned,
        "group": planned.groups.get(),
        "counted_round": counted,
        "electorate": Electorate.objects.get(
            subject=world.vote.subjects.get(position=1), is_for_comments=False
        ),
    }


@pytest.fixture
def world(db):
    return whole_world()
