"""An exposure meeting from its candidates to what it leaves in the ledger, counted in taps."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from rectification.models import LedgerItem
from supervision import actions
from supervision.models import ExposureMeeting, SelfCriticism
from supervision.states import CriticismState, MeetingState
from tests.journeys.visitor import PHONE
from tests.people import again
from tests.supervision.factories import (
    a_letterhead,
    a_meeting,
    an_overdue_item,
    days,
    issued,
    submitted,
)

PREPARING_AT_MOST = 6  # and what is typed
APPROVING_AT_MOST = 5
PACK_AT_MOST = 2


def day(n):
    return (timezone.localdate() + dt.timedelta(days=n)).isoformat()


@pytest.fixture
def prepared(hospital):
    """A meeting with one candidate to be decided; its item names a member of staff."""
    a_letterhead(hospital)
    an_overdue_item(hospital, text="抽血窗口只开两个，门诊护士不疏导")
    return a_meeting(hospital)


def typed(visitor, label, text):
    """Writing is not counted: only what a hand presses is."""
    visitor.writes(label, text)
    visitor.taps -= 1


def test_the_office_prepares_the_report_within_its_budget(visit, hospital, prepared):
    office = visit(hospital.office)
    office.goes_to("/")

    office.taps_link("曝光", office.tab.locator("#side-menu"), exact=True)
    office.taps_link(re.compile("确定曝光候选"), office.main)
    office.sees("已逾期40天", "代拟稿")
    office.taps_on(office.tab.get_by_label(re.compile("勾选 .*-ZF-")).first)
    typed(office, "理由", "逾期时间长，群众反映多")
    office.taps_button("列入", office.main, exact=True)
    office.sees(re.compile("已列入 1 条"))
    typed(office, "标题", "抽血窗口排队时间过长")
    typed(office, "事实", "抽血窗口只开两个，门诊护士不疏导，患者平均等候五十分钟。")
    typed(office, "性质", "敷衍塞责、执行不力。")
    typed(office, "处理结果", "对科室负责人批评教育，责令限期整改。")
    typed(office, "处理办结日期", day(-1))
    office.taps_button("保存，看公开后的样子")
    office.sees("代拟稿", "门某某某", re.compile("原稿："))
    office.taps_button("通报送审", office.main)
    office.sees(re.compile("通报已送审。.*书记"))

    assert office.taps <= PREPARING_AT_MOST
    prepared.refresh_from_db()
    assert (prepared.state, prepared.submitted_by) == (
        MeetingState.AWAITING_APPROVAL,
        hospital.office,
    )


def test_the_secretary_issues_the_report_in_at_most_five_taps(visit, hospital):
    a_letterhead(hospital)
    meeting = submitted(hospital, title="关于典型问题的通报")
    secretary = visit(hospital.secretary)
    secretary.goes_to("/")

    secretary.taps_link("关于典型问题的通报", secretary.main)
    secretary.sees("代拟稿", "抽血窗口排队时间过长（门诊部）")
    secretary.taps_button("批准签发通报")
    secretary.sees(re.compile(rf"通报已签发，文号市一医〔{timezone.localdate().year}〕1号"))

    assert secretary.taps <= APPROVING_AT_MOST
    secretary.sees_not("代拟稿")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.approved_by, meeting.issued_on) == (
        MeetingState.APPROVED,
        hospital.secretary,
        timezone.localdate(),
    )
    assert set(meeting.papers.values_list("kind", flat=True)) == {
        "report",
        "report_docx",
        "agenda",
        "statistics",
    }


def test_the_secretary_opens_the_pack_of_the_next_meeting_in_two_taps(visit, hospital):
    a_letterhead(hospital)
    issued(hospital)
    secretary = visit(hospital.secretary)
    secretary.goes_to("/")
    card = secretary.tab.locator("#upcoming")

    with secretary.tab.expect_response(re.compile("/papers/report/")) as answer:
        secretary.taps_on(card.get_by_role("link", name="通报（PDF）"))

    assert answer.value.status == 200
    assert secretary.taps <= PACK_AT_MOST


def test_the_head_acknowledges_and_criticises_himself_by_phone(visit, hospital):
    a_letterhead(hospital)
    meeting = issued(hospital)
    actions.distribute(meeting, by=again(hospital.office), units=[hospital.outpatient])
    item = LedgerItem.objects.get(exposure_cases__meeting=meeting)
    head = visit(hospital.head, width=PHONE)

    head.goes_to("/")
    head.taps_link(meeting.title, head.main)
    head.sees("抽血窗口排队时间过长")
    head.taps_button("签收")
    head.sees(re.compile("门诊部已签收通报"))
    head.taps_link(re.compile("门诊部.*待提交"), head.main)
    head.writes("原因剖析", "弹性排班没有落实")
    head.writes("责任认定", "我负主要责任")
    head.writes("整改表态", "一个月内整改到位")
    head.writes("承诺事项", "早高峰开足四个窗口")
    head.writes("完成时限", day(20))
    head.taps_button("保存并提交")
    head.sees(re.compile("检讨发言已提交"), re.compile("早高峰开足四个窗口 · "))

    criticism = SelfCriticism.objects.get(case__meeting=meeting)
    assert (criticism.state, criticism.submitted_by) == (CriticismState.SUBMITTED, hospital.head)
    measure = item.measures.get(text="早高峰开足四个窗口")
    assert measure.due_on == days(20)
    assert criticism.pledges.get().measure == measure


def test_after_the_meeting_the_item_shows_that_it_was_exposed(visit, hospital):
    a_letterhead(hospital)
    meeting = issued(hospital)
    item = LedgerItem.objects.get(exposure_cases__meeting=meeting)
    office = visit(hospital.office)

    office.goes_to(meeting.get_absolute_url())
    office.taps_link("登记会议已召开", office.main)
    office.taps_button("登记会议已召开", office.main)
    office.sees(re.compile("已登记召开"))
    office.goes_to(item.get_absolute_url())
    office.sees("曝光")
    office.taps_link("查看通报", office.main)
    office.is_at(f"/exposure/{meeting.number}/$")

    item.refresh_from_db()
    assert (item.exposed_on, item.due_on) == (days(0), days(14))
    assert ExposureMeeting.objects.get(pk=meeting.pk).state == MeetingState.HELD
