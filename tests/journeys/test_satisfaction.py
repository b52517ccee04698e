"""Satisfaction from the poster at the window to the page that everybody reads."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from campaign.models import Campaign
from evaluations.models import Survey
from evaluations.states import SurveyState
from evaluations.tasks import close_surveys
from organisation.models import Unit
from tests.evaluations.survey_factories import hours, opened, page_of, published, put_in, target_of
from tests.journeys.test_accessibility import faults
from tests.journeys.visitor import PHONE
from tests.people import again

THANKS = re.compile("谢谢您")


@pytest.fixture
def poster(hospital, live_server, settings):
    """What the QR code on the poster says, read from the document that is printed."""
    settings.SITE_URL = live_server.url

    def scanned(survey, unit):
        from evaluations.documents.surveys import answer_address, posters_of

        address = answer_address(target_of(survey, unit).box_id)
        posters = {one.department: one.qr for one in posters_of(survey)}
        from core.qr import qr_code

        assert posters[unit.name] == qr_code(address)
        return address.removeprefix(live_server.url)

    return scanned


def presses(visitor, answer):
    visitor.taps_button(answer, exact=True)
    expect(visitor.tab.get_by_role("heading", name=THANKS)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_scans_the_poster_and_answers_with_one_tap(visit, hospital, poster, scripts):
    survey = opened(hospital)
    patient = visit(width=PHONE, scripts=scripts)

    assert patient.goes_to(poster(survey, hospital.outpatient)) == 200
    patient.sees("门诊部", "您对我们的服务满意吗？", within=patient.tab)
    patient.sees("不需要登录，不记录姓名、手机号和网络地址。", within=patient.tab)
    if scripts:
        assert faults(patient, "the answer page") == []
    presses(patient, "基本满意")

    assert patient.taps == 1
    assert patient.tab.context.cookies() == []
    put_in(survey, hospital.outpatient, satisfied=9)
    Survey.objects.update(opens_at=hours(-9), closes_at=hours(0) - dt.timedelta(minutes=2))
    close_surveys()
    target = Survey.objects.get().targets.get(unit=hospital.outpatient)
    assert target.counts == {"satisfied": 9, "fairly": 1, "dissatisfied": 0, "unknown": 0}


def test_a_phone_that_has_answered_is_told_so_and_may_answer_again(visit, hospital, poster):
    survey = opened(hospital)
    family = visit(width=PHONE)
    address = poster(survey, hospital.outpatient)
    told = family.tab.get_by_text("您已评价过")

    family.goes_to(address)
    expect(told).to_be_hidden()
    presses(family, "满意")
    assert faults(family, "thanks") == []

    family.goes_to(address)
    expect(told).to_be_visible()
    presses(family, "不满意")
    family.goes_to(page_of(survey, hospital.surgery))
    expect(told).to_be_hidden()


def test_an_answer_that_the_network_lost_is_sent_again_and_counts_once(visit, hospital, poster):
    survey = opened(hospital)
    patient = visit(width=PHONE)
    patient.goes_to(poster(survey, hospital.outpatient))

    patient.tab.context.set_offline(True)
    patient.taps_button("满意", exact=True)
    expect(patient.tab.get_by_role("alert")).to_contain_text("请再点一次，只会计一次")
    patient.tab.context.set_offline(False)
    patient.complaints.clear()  # the browser said that it was offline
    presses(patient, "满意")

    survey = Survey.objects.get()
    Survey.objects.update(opens_at=hours(-9), closes_at=hours(0) - dt.timedelta(minutes=2))
    close_surveys()
    assert survey.targets.get(unit=hospital.outpatient).returned == 1


def test_the_office_measures_satisfaction_and_everybody_reads_it(visit, hospital):
    office = visit(again(hospital.office))
    office.goes_to(Campaign.objects.get(pk=hospital.campaign.pk).get_absolute_url())
    office.taps_link("满意度")
    office.taps_link("请患者群众评价")
    office.tab.get_by_label("开始时间").fill("2026-01-01T08:00")
    office.tab.get_by_label("检验科").check()
    office.taps_button("拟定")
    office.sees("请核对后开放")
    office.taps_link("开放测评")
    office.sees("截止之前任何人看不到结果")
    office.taps_button("开放测评")
    office.sees("现在请打印海报")
    survey = Survey.objects.get()
    assert {one.unit.name for one in survey.targets.select_related("unit")} == {"门诊部", "检验科"}

    patient = visit(width=PHONE)
    patient.goes_to(page_of(survey, hospital.outpatient))
    presses(patient, "满意")
    put_in(survey, hospital.outpatient, satisfied=20, dissatisfied=4)
    office.goes_to(survey.get_absolute_url())
    office.sees("连有多少人评价也看不到")
    office.has_no_button("截止并统计")
    Survey.objects.update(closes_at=hours(0) - dt.timedelta(minutes=2))

    office.goes_to(survey.get_absolute_url())
    office.taps_link("截止并统计")
    office.taps_button("截止并统计")
    office.sees("84.0%", "n=25", "回收不足，不公布")
    office.taps_link("公布结果")
    office.taps_button("公布结果")
    office.sees("活动范围内的人都能看到")

    nurse = visit(again(hospital.staff), width=PHONE)
    nurse.goes_to(f"/campaigns/{hospital.campaign.pk}/satisfaction/")
    nurse.taps_link("患者群众满意度测评（第1次）")
    nurse.sees("84.0%", "满意率＝（满意＋基本满意）÷（有效票－不了解），是人数的比例。", "不排名次")
    assert faults(nurse, "the result") == []
    assert Survey.objects.get().state == SurveyState.PUBLISHED


def test_slips_are_answered_with_the_code_that_stands_on_them(visit, hospital):
    from evaluations.actions import surveys as actions
    from evaluations.documents.surveys import answer_address

    survey = opened(hospital, access="one_time", departments=[hospital.outpatient])
    [(target, [code, _other])] = actions.make_codes(survey, by=again(hospital.office), each=2)
    patient = visit(width=PHONE, scripts=False)

    patient.goes_to(page_of(survey, hospital.outpatient))
    patient.tab.get_by_label("评价码（18位）").fill("ABC")
    patient.taps_button("下一步")
    expect(patient.tab.get_by_role("alert")).to_contain_text("请逐个字符核对")
    patient.tab.get_by_label("评价码（18位）").fill(f"{code[:6].lower()} {code[6:]}")
    patient.taps_button("下一步")
    presses(patient, "满意")

    scanned = answer_address(target.box_id, c=code)
    patient.goes_to(scanned[scanned.index("/box/") :])
    presses(patient, "不满意")


def test_the_course_of_three_surveys_is_readable_on_a_phone(visit, hospital):
    for n in (1, 2, 3):
        published(hospital, closes_at=hours(n), name=f"第{n}次")
    Unit.objects.filter(pk=hospital.outpatient.pk).update(name="门诊部挂号收费处药房服务中心")
    nurse = visit(again(hospital.staff), width=PHONE)

    nurse.goes_to(Survey.objects.get(name="第3次").get_absolute_url())

    nurse.sees("活动开展以来")
    assert faults(nurse, "the course") == []
