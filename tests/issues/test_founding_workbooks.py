"""The three workbooks made from the founding documents come in whole, by the pages, nothing invented.

They lie beside a checkout of the project and are not part of it.
"""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from audit.models import Event
from issues.models import Issue
from issues.states import State
from organisation.models import StagedWorkbook, UnitCategory
from tests.campaign.factories import CategoryFactory
from tests.organisation.factories import UnitFactory

FOLDER = Path(__file__).parents[3] / "shared" / "workbooks"

pytestmark = [pytest.mark.django_db, pytest.mark.founding]

DEPARTMENTS = "党办 医务科 护理部 后勤科 保卫科 药剂科 人事科 财务科 质控科 信息科"
FAMILIES = (
    "畏难畏险、担当不足",
    "标准不高、动力不足",
    "敷衍塞责、执行不力",
    "创新不足、效率低下",
    "纪律不严、散漫松懈",
)


@pytest.fixture
def ready(hospital):
    for name in DEPARTMENTS.split():
        UnitFactory(parent=hospital.unit, name=name, category=UnitCategory.ADMINISTRATIVE)
    for name in FAMILIES:
        CategoryFactory(campaign=hospital.campaign, name=name)
    return hospital


def bring_in(client, hospital, name):
    """What the office does in the browser: upload, look, take in."""
    client.force_login(hospital.office)
    start = reverse("issues:issues_import", args=[hospital.campaign.pk])
    upload = SimpleUploadedFile(name, (FOLDER / name).read_bytes())
    preview = client.post(start, {"file": upload}, follow=True)
    assert preview.status_code == 200, preview.content.decode()
    workbook = StagedWorkbook.objects.get()
    assert not workbook.rows.filter(has_faults=True).exists()
    where = {"campaign_pk": hospital.campaign.pk, "key": workbook.key}
    done = client.post(reverse("issues:issues_import_commit", kwargs=where), follow=True)
    assert done.status_code == 200
    return list(
        Issue.objects.filter(workbook=workbook)
        .prefetch_related("responsible_departments")
        .order_by("number")
    ), workbook


def column(name, letter, first, last):
    sheet = load_workbook(FOLDER / name).worksheets[0]
    return [sheet[f"{letter}{row}"].value for row in range(first, last + 1)]


@pytest.mark.parametrize(
    ("name", "letter", "first", "rows"),
    [
        ("wuxing-task-ledger.xlsx", "D", 4, 30),
        ("style-problem-list.xlsx", "C", 4, 16),
        ("cadre-style-ledger.xlsx", "C", 5, 20),
    ],
)
def test_each_workbook_comes_in_whole_with_its_text_as_written(
    client, ready, name, letter, first, rows
):
    issues, workbook = bring_in(client, ready, name)

    written = column(name, letter, first, first + rows - 1)
    assert len(issues) == rows
    assert [issue.written["text"] for issue in issues] == written
    assert [issue.text for issue in issues] == written
    assert [issue.row for issue in issues] == list(range(first, first + rows))
    assert {issue.state for issue in issues} == {State.REPORTED}
    assert {issue.found_on for issue in issues} == {None}
    assert Event.objects.filter(action="issues.take_in").count() == rows
    assert workbook.rows.count() == rows


def test_categories_and_departments_are_matched_whatever_the_script(client, ready):
    issues, _workbook = bring_in(client, ready, "style-problem-list.xlsx")

    families = [str(issue.category) for issue in issues]
    assert families == (
        ["畏难畏险、担当不足"] * 3
        + ["标准不高、动力不足"] * 4
        + ["敷衍塞责、执行不力"] * 3
        + ["创新不足、效率低下"] * 2
        + ["麻痹懈怠、服务不够"] * 2
        + ["纪律不严、散漫松懈"] * 2
    )
    named = [sorted(str(u) for u in issue.responsible_departments.all()) for issue in issues]
    assert named[0] == ["党办", "院办"]
    assert named[1] == ["门诊部"]
    assert (named[2], issues[2].for_all_departments) == ([], True)
    assert named[3] == ["保卫科", "后勤科"]
    assert issues[1].assignee == ready.head
    assert {issue.source for issue in issues} == {"internal", "external"}
    assert [issue.rectification_class for issue in issues[:3]] == [
        "phased",
        "long_term",
        "immediate",
    ]


def test_dates_that_do_not_exist_stay_open(client, ready):
    issues, _workbook = bring_in(client, ready, "style-problem-list.xlsx")

    due = {issue.deadline_text: issue.due_on for issue in issues}
    assert str(due["2022年6月底前"]) == "2022-06-30"
    assert str(due["２０２２年７月１５日"]) == "2022-07-15"
    for impossible in ("XX月10日", "2022年11月31日", "6月底前並長期堅持"):
        assert due[impossible] is None


def test_lead_and_responsible_departments_are_told_apart(client, ready):
    issues, _workbook = bring_in(client, ready, "wuxing-task-ledger.xlsx")

    assert (str(issues[0].lead_department), issues[0].for_all_departments) == ("党办", True)
    both = issues[12]
    assert str(both.lead_department) == "医务科"
    assert "护理部" in {str(unit) for unit in both.responsible_departments.all()}
    assert both.written["lead_department"] == "醫務科、護理部"


def test_units_that_the_hospital_does_not_have_stay_as_written(client, ready):
    issues, _workbook = bring_in(client, ready, "cadre-style-ledger.xlsx")

    assert {issue.lead_department for issue in issues} == {None}
    assert {issue.written["departments"] for issue in issues} == {
        "各镇卫生院",
        "社区卫生服务中心",
        "全区卫生系统",
        "区卫生局机关",
    }
    assert [list(issue.responsible_departments.all()) for issue in issues] == [[]] * 20
