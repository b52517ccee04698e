"""What holds everywhere: signing in, keys, the language, a session that ended, a browser without scripts."""

import re

from django.contrib.sessions.models import Session
from django.urls import reverse

from issues.models import Issue
from organisation.models import PostKind
from rectification.models import LedgerItem
from tests.issues.factories import IssueFactory
from tests.organisation.factories import holder
from tests.rectification.factories import an_item

PASSWORD = "Qingfeng-2026-lianzheng"


def test_somebody_signs_in_and_out_through_the_page(visit, hospital):
    person = holder(PostKind.STAFF, hospital.outpatient, "新护士", password=PASSWORD)
    nurse = visit()
    nurse.goes_to("/me/")
    nurse.is_at(r"/sign-in/\?next=/me/")

    nurse.writes("工号", person.employee_number, nurse.tab)
    nurse.writes("密码", "wrong", nurse.tab)
    nurse.taps_button("登录")
    nurse.sees("工号或密码不正确。", within=nurse.tab)
    nurse.writes("密码", PASSWORD, nurse.tab)
    nurse.tab.keyboard.press("Enter")

    nurse.is_at(r"/me/$")
    nurse.sees("新护士", "门诊部")
    nurse.taps_on(nurse.tab.locator(".top-end").get_by_text("新护士"))
    nurse.taps_button("退出登录")
    nurse.is_at(r"/sign-in/")
    nurse.goes_to("/me/")
    nurse.is_at(r"/sign-in/")


def test_keys_lead_to_the_search_and_to_the_ledger(visit, hospital):
    an_item(hospital)
    office = visit(hospital.office)
    office.goes_to("/")

    office.tab.keyboard.press("/")
    office.tab.keyboard.type("窗口")
    office.tab.keyboard.press("Enter")
    office.is_at(r"/search/\?q=")
    office.sees(re.compile("ZF-001"))

    office.tab.locator("h1").click()
    office.tab.keyboard.press("g")
    office.tab.keyboard.press("l")
    office.is_at(r"/ledger/$")
    office.tab.keyboard.press("j")
    office.tab.keyboard.press("Enter")
    office.is_at(r"/ledger/1/$")
    office.tab.keyboard.press("g")
    office.tab.keyboard.press("p")
    office.is_at(r"/issues/$")


def test_the_language_is_switched_and_switched_back(visit, hospital):
    office = visit(hospital.office)
    office.goes_to(reverse("rectification:list", args=[hospital.campaign.pk]))
    office.sees("整改台账")

    office.taps_button("English", office.tab)
    office.sees("Rectification ledger")
    assert office.tab.locator("html").get_attribute("lang") == "en"
    assert not re.search("[一-鿿]", office.tab.locator("#side-menu nav").inner_text())

    office.taps_button("中文", office.tab)
    office.sees("整改台账")
    assert office.tab.locator("html").get_attribute("lang") == "zh-CN"


def test_a_session_that_ended_while_typing_costs_no_text(visit, hospital):
    person = holder(PostKind.STAFF, hospital.outpatient, "新护士", password=PASSWORD)
    nurse = visit(person)
    nurse.goes_to(reverse("issues:register", args=[hospital.campaign.pk]) + "?about=work")
    nurse.writes("问题", "候诊区座椅破损多日无人修理")
    nurse.writes("地点", "二楼候诊区")
    Session.objects.all().delete()
    nurse.taps_button("提交")

    nurse.is_at(r"/sign-in/\?next=.*issues/new")
    nurse.writes("工号", person.employee_number, nurse.tab)
    nurse.writes("密码", PASSWORD, nurse.tab)
    nurse.taps_button("登录")
    nurse.sees("已恢复上次没有提交的内容。")
    assert nurse.field("问题").first.input_value() == "候诊区座椅破损多日无人修理"
    assert nurse.field("地点").input_value() == "二楼候诊区"
    nurse.taps_button("提交")
    nurse.is_at(r"/registered/$")
    assert Issue.objects.get().text == "候诊区座椅破损多日无人修理"


def test_without_scripts_the_ledger_is_filtered(visit, hospital):
    an_item(hospital, text="导诊台无人值守")
    an_item(hospital)
    office = visit(hospital.office, scripts=False)
    office.goes_to(reverse("rectification:list", args=[hospital.campaign.pk]))

    office.writes("编号或内容", "导诊")
    office.taps_button("查询", office.main)

    office.sees("共 1 项", "导诊台无人值守")


def test_without_scripts_a_problem_is_reported_and_confirmed(visit, hospital):
    nurse = visit(hospital.staff, scripts=False)
    nurse.goes_to(reverse("issues:register", args=[hospital.campaign.pk]))
    nurse.taps_link("科室、科室工作或科室人员")
    nurse.taps_button("提交")
    nurse.sees("尚未保存，请先改正下列内容：")
    nurse.writes("问题", "候诊区座椅破损多日无人修理")
    nurse.taps_button("提交")
    nurse.sees("ZF-P001")

    office = visit(hospital.office, scripts=False)
    office.goes_to(reverse("issues:review", args=[hospital.campaign.pk, 1]))
    office.chooses("牵头科室", "门诊部")
    office.taps_button("认定，审下一条")
    office.sees(re.compile("ZF-P001 已认定并进入整改台账"))
    assert LedgerItem.objects.get().lead_department == hospital.outpatient


def test_a_reviewed_problem_gives_way_to_the_next(visit, hospital):
    IssueFactory.create_batch(2, campaign=hospital.campaign)
    office = visit(hospital.office)
    office.goes_to("/")
    office.taps_link(re.compile("窗口"), office.main)

    office.chooses("牵头科室", "检验科")
    office.taps_button("认定，审下一条")
    office.sees(re.compile("已认定并进入整改台账"))
    office.is_at(r"/review/$")
    assert office.taps <= 4
