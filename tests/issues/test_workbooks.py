"""Lists of problems come in as they are, whole or not at all, and doubts are said by cell."""

import datetime as dt
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import trail
from audit.models import Event
from core.errors import ActionRefusedError
from core.findings import Level
from issues import actions, queries, states
from issues.models import Issue, RectificationClass, Source
from issues.states import State
from issues.workbooks import ISSUES
from organisation.models import PostKind, StagedWorkbook
from organisation.workbooks import staged
from tests.campaign.factories import CategoryFactory
from tests.issues.factories import IssueFactory
from tests.issues.sheets import HEADINGS, a_sheet
from tests.organisation.factories import UnitFactory, holder
from tests.people import again

pytestmark = pytest.mark.django_db


def stage(hospital, *rows, by=None, **sheet):
    return staged.stage(
        ISSUES, hospital.campaign, a_sheet(*rows, **sheet), by=by or hospital.office
    )


def take_in(hospital, *rows, by=None, **sheet):
    workbook = stage(hospital, *rows, by=by, **sheet)
    staged.commit(ISSUES, hospital.campaign, workbook, by=by or hospital.office)
    return list(Issue.objects.filter(workbook=workbook).order_by("number"))


def said(workbook, level=Level.DOUBT):
    return [
        (finding.cell, finding.column, finding.code.partition(".")[2])
        for row in workbook.rows.order_by("pk")
        for finding in staged.findings_of(row)
        if finding.level == level
    ]


def test_a_row_becomes_a_problem_with_what_was_written_and_what_was_understood(hospital):
    [issue] = take_in(
        hospital, (7, "麻痺懈怠、服務不夠", "窗口排隊長", "外查", "門診部、普外科", "2098年6月底前")
    )

    assert (issue.number, issue.state, issue.text, issue.category, issue.source, issue.due_on) == (
        1,
        State.REPORTED,
        "窗口排隊長",
        hospital.category,
        Source.EXTERNAL,
        dt.date(2098, 6, 30),
    )
    assert set(issue.responsible_departments.all()) == {hospital.outpatient, hospital.surgery}
    assert issue.written == {
        "number": "7",
        "category": "麻痺懈怠、服務不夠",
        "text": "窗口排隊長",
        "source": "外查",
        "departments": "門診部、普外科",
        "deadline": "2098年6月底前",
    }
    assert (issue.sheet, issue.row, issue.deadline_text, issue.found_on) == (
        "Sheet",
        3,
        "2098年6月底前",
        None,
    )
    assert (issue.reported_by, issue.reported_unit) == (hospital.office, None)
    assert set(Issue.objects.search("门诊 窗口排队")) == set()
    assert set(Issue.objects.search("窗口排队")) == {issue}


def test_every_problem_leaves_a_trace_and_so_does_the_workbook(hospital):
    issues = take_in(hospital, (1, "", "排队", "", "", ""), (2, "", "叫号", "", "", ""))

    actions_of = Counter(Event.objects.values_list("action", flat=True))
    assert actions_of == {
        "organisation.stage_workbook": 1,
        "organisation.take_in_workbook": 1,
        "issues.take_in": 2,
    }
    [event] = trail.of(issues[0])
    assert (event.actor_id, event.detail) == (hospital.office.pk, {"workbook": "清单.xlsx"})


def test_everybody_and_a_family_of_departments_are_understood(hospital):
    everyone, clinical = take_in(
        hospital, (1, "", "甲", "", "全院各科室", ""), (2, "", "乙", "", "各临床科室", "")
    )

    assert (everyone.for_all_departments, list(everyone.responsible_departments.all())) == (
        True,
        [],
    )
    assert clinical.for_all_departments is False
    assert set(clinical.responsible_departments.all()) == {hospital.outpatient, hospital.surgery}


FULL = (
    *HEADINGS,
    "整改类型",
    "牵头科室",
    "责任领导",
    "责任人",
    "发现时间",
    "是否重大",
    "工作任务",
    "联系电话",
)


def test_every_column_finds_its_place(hospital):
    kind = CategoryFactory(campaign=hospital.campaign, parent=hospital.category, name="态度冷漠")
    row = (1, "麻痹懈怠、服务不够", "排队", "暗访", "检验科", "立行立改")
    more = ("即时整改", "门诊部", "副院长甲", "门诊部主任", "2098-01-02", "是", "态度冷漠", "8123")

    [issue] = take_in(hospital, row + more, headings=FULL)

    assert issue.category == kind
    assert (issue.rectification_class, issue.source, issue.is_grave, issue.found_on) == (
        RectificationClass.IMMEDIATE,
        Source.COVERT_INSPECTION,
        True,
        dt.date(2098, 1, 2),
    )
    assert (issue.lead_department, issue.responsible_leader, issue.assignee) == (
        hospital.outpatient,
        hospital.vp,
        hospital.head,
    )
    assert issue.written["+联系电话"] == "8123"


def test_the_first_of_several_leads_and_that_is_said(hospital):
    row = (1, "", "排队", "", "检验科", "", "", "门诊部、普外科", "", "", "", "", "", "")
    workbook = stage(hospital, row, headings=FULL)

    staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    [issue] = Issue.objects.all()
    assert issue.lead_department == hospital.outpatient
    assert set(issue.responsible_departments.all()) == {hospital.laboratory, hospital.surgery}
    assert ("H3", "lead_department", "several_lead") in said(workbook)


def test_doubts_are_said_by_cell_and_come_in_as_written(hospital):
    IssueFactory(campaign=hospital.campaign, number=9, text="已有的问题")
    rows = [
        (1, "没有的类别", "排队", "道听途说", "门诊", "XX月10日", "", "全院各科室", "门诊主任"),
        (2, "", "已有的問題", "内查", "", "2098-01-01", "", "", "", "", "2098-02-01"),
    ]
    workbook = stage(hospital, *rows, headings=FULL)

    staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    first, second = Issue.objects.filter(workbook=workbook).order_by("number")
    doubts = set(said(workbook))
    assert {
        ("B3", "category", "category"),
        ("D3", "source", "choice"),
        ("E3", "departments", "unknown_unit"),
        ("H3", "lead_department", "everyone_leads"),
        ("I3", "leader", "not_a_leader"),
        ("C4", "text", "known"),
        ("F4", "deadline", "due_before_found"),
    } <= doubts
    assert ("F3", "deadline") in {doubt[:2] for doubt in doubts}
    assert (first.category, first.source, first.lead_department, first.responsible_leader) == (
        None,
        Source.INTERNAL,
        None,
        None,
    )
    assert (first.due_on, first.deadline_text, second.due_on) == (None, "XX月10日", None)
    assert first.written["departments"] == "门诊"


def test_a_source_that_is_not_stated_is_said_to_be_taken_as_internal(hospital):
    workbook = stage(hospital, (1, "", "排队", "", "", ""))

    assert ("D3", "source", "source") in [
        ("D3", column, code) for _cell, column, code in said(workbook, Level.NOTE)
    ]


def test_a_number_of_a_patient_must_be_taken_out_first(hospital):
    workbook = stage(hospital, (1, "", "患者 13812345678 投诉", "", "", ""))

    with pytest.raises(ActionRefusedError, match="rows need mending"):
        staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)
    row = workbook.rows.get()
    staged.mend(ISSUES, hospital.campaign, row, {"text": "一名患者投诉"}, by=hospital.office)
    staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    assert Issue.objects.get().text == "一名患者投诉"


def test_an_unknown_department_is_mended_once_for_all_rows_with_the_same_text(hospital):
    UnitFactory(parent=hospital.unit, name="保卫科")
    workbook = stage(
        hospital,
        (1, "", "甲", "", "保卫处室", ""),
        (2, "", "乙", "", "保卫处室", ""),
        (3, "", "丙", "", "检验科", ""),
    )
    row = workbook.rows.order_by("pk").first()
    [doubt] = [one for one in staged.findings_of(row) if one.column == "departments"]
    [offer] = doubt.suggestions

    mended = staged.mend(
        ISSUES,
        hospital.campaign,
        row,
        {"departments": offer.value},
        by=hospital.office,
        everywhere=True,
    )
    staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    named = [
        [unit.name for unit in issue.responsible_departments.all()]
        for issue in Issue.objects.order_by("number")
    ]
    assert (mended, named) == (2, [["保卫科"], ["保卫科"], ["检验科"]])
    assert Issue.objects.order_by("number").first().written["departments"] == "保卫处室"


def test_taking_in_twice_makes_no_second_set(hospital):
    workbook = stage(hospital, (1, "", "排队", "", "", ""))
    staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    with pytest.raises(ActionRefusedError, match="already"):
        staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    assert Issue.objects.count() == 1


def test_all_rows_come_in_or_none(hospital):
    workbook = stage(hospital, (1, "", "排队", "", "", ""), (2, "", "", "内查", "", ""))

    with pytest.raises(ActionRefusedError):
        staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    hospital.campaign.refresh_from_db()
    assert (Issue.objects.count(), hospital.campaign.issue_counter) == (0, 0)


def test_a_campaign_that_does_not_run_takes_nothing_in(hospital):
    workbook = stage(hospital, (1, "", "排队", "", "", ""))
    type(hospital.campaign).objects.update(state="finished")

    with pytest.raises(ActionRefusedError, match="only while the campaign is running"):
        staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    assert (Issue.objects.count(), StagedWorkbook.objects.get().state) == (0, "staged")


def test_the_same_file_and_the_same_rows_are_noticed_the_second_time(hospital):
    sheet = a_sheet((1, "", "排队", "内查", "", ""))
    content = sheet.read()
    for _time in range(2):
        upload = SimpleUploadedFile("清单.xlsx", content)
        workbook = staged.stage(ISSUES, hospital.campaign, upload, by=hospital.office)
        if not Issue.objects.exists():
            staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)

    assert [note["code"] for note in workbook.notes] == ["import.known_file"]
    assert said(workbook) == [("C3", "text", "known")]


def test_a_departments_list_is_reported_in_its_name(hospital):
    [issue] = take_in(hospital, (1, "", "排队", "", "", ""), by=hospital.liaison)

    assert (issue.reported_by, issue.reported_unit) == (hospital.liaison, hospital.outpatient)


@pytest.mark.parametrize("who", ["staff", "vp", "supervisor", "administrator", "stranger"])
def test_others_bring_nothing_in(hospital, who):
    with pytest.raises(PermissionDenied):
        stage(hospital, (1, "", "排队", "", "", ""), by=getattr(hospital, who))


def test_the_head_is_found_by_what_heads_are_called_and_a_namesake_by_his_number(hospital):
    twin = holder(PostKind.STAFF, hospital.surgery, "李明", employee_number="T1")
    holder(PostKind.STAFF, hospital.outpatient, "李明", employee_number="T2")
    workbook = stage(
        hospital,
        (1, "", "甲", "", "", "", "", "", "", "普外科主任"),
        (2, "", "乙", "", "", "", "", "", "", "李明"),
        headings=FULL,
    )
    row = workbook.rows.order_by("pk").last()
    [doubt] = [one for one in staged.findings_of(row) if one.column == "person"]

    assert [offer.label for offer in doubt.suggestions] == ["李明(T1,普外科)", "李明(T2,门诊部)"]
    staged.mend(
        ISSUES, hospital.campaign, row, {"person": doubt.suggestions[0].value}, by=hospital.office
    )
    staged.commit(ISSUES, hospital.campaign, workbook, by=hospital.office)
    assert [issue.assignee for issue in Issue.objects.order_by("number")] == [hospital.head2, twin]


def test_as_written_stands_beside_as_understood_with_the_doubts(hospital):
    [issue] = take_in(hospital, (1, "没有的类别", "排队", "内查", "門診部", "长期坚持"))

    cells = {str(cell.label): cell for cell in queries.compared(issue)}

    assert (cells["Category"].written, cells["Category"].understood) == ("没有的类别", "")
    assert [doubt.code for doubt in cells["Category"].doubts] == ["issues.category"]
    assert cells["Responsible departments"].understood == "门诊部"


def test_what_nobody_could_match_is_refused_in_bulk_with_the_text_as_written(hospital):
    ready, unknown = take_in(
        hospital, (1, "", "甲", "", "门诊部", ""), (2, "", "乙", "", "保卫处", "")
    )

    outcomes = actions.review_each([ready, unknown], states.CONFIRM, by=hospital.office)

    assert [one.is_done for one in outcomes] == [True, False]
    assert "“保卫处” is not a department that we know" in outcomes[1].sentence


def cost_of_taking_in(hospital, rows, first):
    workbook = stage(
        hospital,
        *(
            (
                n,
                "麻痹懈怠、服务不够",
                f"第{first + n}号窗口排队",
                "内查",
                "门诊部、普外科",
                "长期坚持",
            )
            for n in range(rows)
        ),
    )
    with CaptureQueriesContext(connection) as queries_made:
        staged.commit(ISSUES, hospital.campaign, workbook, by=again(hospital.office))
    return len(queries_made)


def test_a_hundred_rows_cost_as_many_queries_as_one(hospital):
    cost_of_taking_in(hospital, 1, first=0)

    assert cost_of_taking_in(hospital, 1, first=10) == cost_of_taking_in(hospital, 100, first=100)


@pytest.fixture
def office(client, hospital):
    client.force_login(hospital.office)
    return client


def wizard(hospital, step="", **more):
    name = f"issues:issues_import{step}"
    return reverse(name, kwargs={"campaign_pk": hospital.campaign.pk, **more})


def test_through_the_pages_a_list_goes_from_upload_to_review(office, hospital):
    sheet = a_sheet((1, "", "排队", "内查", "门诊", ""), (2, "", "叫号", "内查", "检验科", ""))
    preview = office.post(wizard(hospital), {"file": sheet}, follow=True)
    workbook = StagedWorkbook.objects.get()
    assert "There is no unit “门诊”" in preview.content.decode()

    row = workbook.rows.order_by("pk").first()
    mended = {"row": row.pk, "column": "departments", "text": "门诊部"}
    office.post(wizard(hospital, "_mend", key=workbook.key), mended)
    done = office.post(wizard(hospital, "_commit", key=workbook.key), follow=True)

    page = done.content.decode()
    assert "2 problems are in the list, ZF-P001 to ZF-P002" in page
    assert [issue.text for issue, _ in done.context["rows"]] == ["排队", "叫号"]


def test_the_wizard_of_a_campaign_that_one_does_not_see_is_not_there(client, hospital):
    for who, status in (("stranger", 404), ("staff", 403), ("supervisor", 403)):
        client.force_login(getattr(hospital, who))

        assert client.get(wizard(hospital)).status_code == status


@pytest.mark.parametrize(
    ("who", "said_of"), [("discipline", {"ZF-P001"}), ("office", set()), ("liaison", set())]
)
def test_a_list_does_not_find_out_what_was_handed_over(hospital, who, said_of):
    IssueFactory(campaign=hospital.campaign, handed_over=True, text="挂号处收受红包")

    workbook = stage(
        hospital, (1, "窗口服务", "挂号处收受红包", "", "", ""), by=getattr(hospital, who)
    )

    known = {
        finding.params["code"]
        for row in workbook.rows.all()
        for finding in staged.findings_of(row)
        if finding.code == "issues.known"
    }
    assert known == said_of
