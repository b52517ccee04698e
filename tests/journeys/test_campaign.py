"""The office drafts a campaign and starts it; everybody finds his way between two of them."""

from campaign.models import Campaign, Milestone, Phase
from campaign.states import State
from tests.campaign.factories import CampaignFactory, MilestoneFactory, PhaseFactory
from tests.journeys.visitor import PHONE


def fills_in_a_campaign(officer):
    officer.goes_to("/campaigns/new/")
    officer.writes("名称", "“五型”医院建设")
    officer.writes("代号", "WX")
    officer.writes("开始日期", "2026-03-01")
    officer.writes("结束日期", "2026-12-31")
    officer.taps_button("保存草稿")
    officer.is_at(r"/campaigns/\d+/$")


def test_a_campaign_is_drafted_given_a_phase_and_started_without_scripts(visit, hospital):
    officer = visit(hospital.office, scripts=False)
    fills_in_a_campaign(officer)
    officer.sees("阶段与节点", "畏难畏险、担当不足")

    officer.taps_link("编辑阶段")
    officer.taps_button("增加一行")
    row = officer.main.get_by_role("group").last
    officer.writes("阶段", "蹲点调研", within=row)
    officer.writes("开始", "2026-04-01", within=row)
    officer.writes("结束", "2026-05-31", within=row)
    officer.taps_button("保存", exact=True)
    officer.is_at(r"/campaigns/\d+/$")
    officer.taps_button("启动活动")

    officer.sees("即日起各科室和职工可以登记问题")
    made = Campaign.objects.get(code="WX")
    assert made.state == State.RUNNING
    assert Phase.objects.filter(campaign=made, name="蹲点调研").exists()


def test_a_fault_in_a_row_is_said_in_place_and_nothing_is_lost(visit, hospital):
    PhaseFactory(campaign=hospital.campaign, name="学习教育")
    officer = visit(hospital.office)
    officer.goes_to(f"/campaigns/{hospital.campaign.pk}/phases/")
    row = officer.main.get_by_role("group").nth(1)
    officer.writes("阶段", "查摆问题", within=row)
    officer.writes("开始", "2026-05-01", within=row)
    officer.writes("结束", "2026-04-01", within=row)

    officer.taps_button("保存", exact=True)

    officer.sees("阶段的结束日期早于开始日期。")
    assert officer.main.locator("[name=rows-1-name]").input_value() == "查摆问题"


def test_one_tap_switches_to_the_same_page_of_the_other_campaign(visit, hospital):
    other = CampaignFactory(host=hospital.unit, name="行风专项治理", code="HF")
    head = visit(hospital.head)
    head.goes_to(f"/campaigns/{hospital.campaign.pk}/ledger/")

    head.taps_on(head.tab.locator(".top-campaign > button"))
    head.taps_on(head.tab.get_by_role("link", name="行风专项治理"))

    head.is_at(rf"/campaigns/{other.pk}/ledger/$")
    assert head.taps == 2


def test_the_ribbon_leads_to_the_phase_and_a_milestone_is_ticked_on_a_phone(visit, hospital):
    phase = PhaseFactory(campaign=hospital.campaign, name="整改落实")
    milestone = MilestoneFactory(phase=phase, name="建立整改台账")
    officer = visit(hospital.office, width=PHONE)
    officer.goes_to("/")

    officer.taps_link("整改落实 0/1")
    officer.is_at(rf"/campaigns/{hospital.campaign.pk}/#phase-{phase.pk}$")
    officer.taps_button("将“建立整改台账”标记完成")

    officer.sees("整改落实 1/1")
    assert Milestone.objects.get(pk=milestone.pk).done_by == hospital.office
