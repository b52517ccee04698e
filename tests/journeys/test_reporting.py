"""A member of staff tells of a problem: on a phone, in a minute, or by the way upwards."""

import pytest

from issues.models import Issue
from tests.journeys.visitor import PHONE

BUDGET = 12
TEXT = "门诊二楼自助机坏了三天,没有人维修,患者排长队"


def test_a_nurse_reports_a_problem_on_her_phone_within_the_budget_of_taps(visit, hospital):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to("/")

    nurse.taps_link("登记问题")
    nurse.taps_link("科室、科室工作或科室人员")
    nurse.writes("问题", TEXT)
    nurse.chooses("问题类别", hospital.category.name)
    nurse.chooses("涉及科室", "门诊部")
    nurse.writes("地点", "门诊二楼")
    nurse.taps_button("提交")

    nurse.is_at(r"/registered/$")
    nurse.sees("ZF-P001", "现由市第一人民医院整治办审核。", "系统不会告诉任何科室是谁登记的问题。")
    assert nurse.taps <= BUDGET
    [issue] = Issue.objects.all()
    assert (issue.text, issue.reported_by, issue.reported_unit, issue.state) == (
        TEXT,
        hospital.staff,
        None,
        "reported",
    )


def test_the_shortest_report_takes_four_taps(visit, hospital):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to("/")

    nurse.taps_link("登记问题")
    nurse.taps_link("科室、科室工作或科室人员")
    nurse.writes("问题", TEXT)
    nurse.taps_button("提交")

    nurse.is_at(r"/registered/$")
    assert nurse.taps == 4


@pytest.mark.parametrize("after_writing", [False, True])
def test_a_report_about_a_principal_is_shown_the_way_upwards_and_stored_nowhere(
    visit, hospital, after_writing
):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to("/")
    nurse.taps_link("登记问题")
    if after_writing:
        nurse.taps_link("科室、科室工作或科室人员")
        nurse.writes("问题", "院长让供应商请客")
        nurse.taps_link("请不要在这里填写")
    else:
        nurse.taps_link("市第一人民医院的党委书记、院长或纪委书记")

    nurse.sees("市卫生健康委纪检监察机构", "系统没有保存任何文字和姓名。")
    kept = nurse.tab.evaluate("Object.keys(localStorage)")
    assert set(kept) <= {"ballots:asked"}  # when this phone last asked for tickets
    assert not Issue.objects.exists()
