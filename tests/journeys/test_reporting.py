"""A member of staff tells of a problem: on a phone, in a minute, or by the way upwards."""

from issues.models import Issue
from tests.journeys.visitor import PHONE

BUDGET = 12


def test_a_nurse_reports_a_problem_on_her_phone_within_the_budget_of_taps(visit, hospital):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to("/")

    nurse.taps_link("登记问题")
    nurse.taps_link("科室、科室工作或科室人员")
    nurse.writes("问题", "门诊二楼自助机坏了三天,没有人维修,患者排长队")
    nurse.taps_button("提交")

    nurse.is_at(r"/registered/$")
    nurse.sees("ZF-P001", "现由市第一人民医院整治办审核。")
    assert nurse.taps <= BUDGET
    assert list(Issue.objects.values_list("text", "reported_by", "state")) == [
        ("门诊二楼自助机坏了三天,没有人维修,患者排长队", hospital.staff.pk, "reported")
    ]
