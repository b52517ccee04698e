"""The ledger as a workbook and on paper: as filtered, as written, and back again without a change."""

import datetime as dt
import io

import pytest
from django.http import QueryDict
from django.utils import timezone
from openpyxl import load_workbook

from core.errors import ActionRefusedError
from issues.models import RectificationClass
from messaging.models import Job
from rectification import documents, workbooks
from rectification.columns import IN_WORKBOOK, ON_A3, ON_A4
from rectification.filters import LedgerFilter
from rectification.models import LedgerItem
from rectification.states import State
from tests.people import again
from tests.rectification.factories import EvidenceFactory, ProgressUpdateFactory, an_item

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def found_by(person, campaign, query=""):
    return LedgerFilter(QueryDict(query), campaign=campaign, by=again(person))


def written(hospital, query=""):
    file = io.BytesIO()
    workbooks.write_ledger(file, found_by(hospital.office, hospital.campaign, query))
    file.seek(0)
    return file


def rows_in(file):
    sheet = load_workbook(file).active
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heading = next(n for n, row in enumerate(table) if row[0] == "Ledger number")
    return [dict(zip(table[heading], row, strict=True)) for row in table[heading + 1 :]]


def a_tricky_ledger(hospital):
    item = an_item(
        hospital,
        text="=1+1 公式样的问题\n第二行",
        target="@目标",
        overdue=True,
        original_due_on=TODAY() - dt.timedelta(days=30),
        responsible_departments=[hospital.surgery, hospital.laboratory],
        measures=["-减少环节", "+增加窗口"],
        assignee=hospital.staff,
    )
    ProgressUpdateFactory(item=item, text="旧的")
    ProgressUpdateFactory(item=item, text="已开两个窗口\n第三个在装修")
    EvidenceFactory.create_batch(2, item=item)
    for state in State.values:
        an_item(hospital, **{state: True}, for_all_departments=True)
    return item


def test_dates_are_dates_and_what_looks_like_a_formula_is_text(hospital):
    item = a_tricky_ledger(hospital)
    file = written(hospital)
    sheet = load_workbook(file).active
    file.seek(0)

    [row] = [row for row in rows_in(file) if row["Ledger number"] == item.code]

    assert row["Problem"] == "=1+1 公式样的问题\n第二行"
    assert row["Rectification measures"] == "-减少环节\n+增加窗口"
    assert row["Current deadline"].date() == item.due_on
    assert row["Original deadline"].date() == item.original_due_on
    assert row["Pieces of evidence"] == 2
    assert row["Latest progress"].endswith("已开两个窗口\n第三个在装修")
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d"}


def test_the_file_says_whose_it_is_and_which_filter_it_shows(hospital):
    a_tricky_ledger(hospital)

    sheet = load_workbook(written(hospital, "light=overdue")).active

    head = [sheet.cell(row, 1).value for row in (1, 2, 3)]
    assert head[0] == "Rectification ledger: 作风建设集中整顿"
    assert "市第一人民医院" in head[1]
    assert head[2] == "Shown: Light: Overdue"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref.startswith("A4:")


def test_the_rows_are_those_of_the_page_in_its_order(hospital):
    a_tricky_ledger(hospital)
    query = "show=under_review&sort=-number"
    page = [
        item.code
        for item in found_by(hospital.office, hospital.campaign, query).ordered.select_related(
            "campaign"
        )
    ]

    assert [row["Ledger number"] for row in rows_in(written(hospital, query))] == page
    assert len(page) == 4


def test_what_was_written_comes_back_without_a_difference(hospital):
    a_tricky_ledger(hospital)

    differences = workbooks.read_back(
        written(hospital), "台账.xlsx", campaign=hospital.campaign, by=again(hospital.office)
    )

    assert differences == []


def test_reading_back_names_what_differs_by_number_and_column(hospital):
    item = a_tricky_ledger(hospital)
    file = written(hospital)
    LedgerItem.objects.filter(pk=item.pk).update(target="新的目标")
    LedgerItem.objects.filter(state=State.CLOSED).update(number=999)

    differences = workbooks.read_back(
        file, "台账.xlsx", campaign=hospital.campaign, by=again(hospital.office)
    )

    assert [(d.code, d.column, d.written, d.now) for d in differences if d.column] == [
        (item.code, "target", "@目标", "新的目标")
    ]
    assert sum(not d.column for d in differences) == 1


def test_a_department_takes_away_no_more_than_it_sees(hospital):
    an_item(hospital)
    theirs = an_item(hospital, lead_department=hospital.surgery)
    arguments = {"campaign": hospital.campaign.pk, "query": ""}

    result = workbooks.make_workbook(
        arguments, by=again(hospital.head2), progress=lambda done, total: None
    )

    assert [row["Ledger number"] for row in rows_in(io.BytesIO(result.content))] == [theirs.code]
    with pytest.raises(ActionRefusedError, match="cannot see this campaign"):
        workbooks.make_workbook(
            arguments, by=again(hospital.stranger), progress=lambda done, total: None
        )


def test_a_row_of_the_file_costs_no_query_of_its_own(hospital, django_assert_max_num_queries):
    for _n in range(12):
        ProgressUpdateFactory(item=an_item(hospital, responsible_departments=[hospital.surgery]))

    found = found_by(hospital.office, hospital.campaign)
    with django_assert_max_num_queries(16):
        workbooks.write_ledger(io.BytesIO(), found)


def test_paper_has_nine_columns_on_a4_and_all_on_a3():
    assert len(list(ON_A4)) == 9
    assert {c.name for c in ON_A3} >= {"target", "measures", "evidence", "remarks", "category"}
    assert "remarks" in IN_WORKBOOK


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_ledger_is_put_on_paper(hospital, paper):
    a_tricky_ledger(hospital)
    an_item(hospital, due_on=None, rectification_class=RectificationClass.LONG_TERM)

    content = documents.ledger_pdf(found_by(hospital.office, hospital.campaign), paper=paper)

    assert content.startswith(b"%PDF-")


def test_a_character_that_no_font_has_is_named_with_its_item(hospital):
    item = an_item(hospital, text="窗口\U000323aa号")
    arguments = {"campaign": hospital.campaign.pk, "query": "", "paper": "A4"}

    with pytest.raises(ActionRefusedError) as refused:
        documents.make_pdf(arguments, by=again(hospital.office), progress=lambda d, t: None)

    assert "U+323AA" in str(refused.value)
    assert item.code in str(refused.value)


@pytest.mark.parametrize(
    ("asked", "kind", "paper"),
    [("xlsx", "ledger_xlsx", ""), ("A4", "ledger_pdf", "A4"), ("A3", "ledger_pdf", "A3")],
)
def test_asking_for_a_file_puts_down_a_job_of_the_asker(client, hospital, asked, kind, paper):
    from django.urls import reverse

    an_item(hospital)
    client.force_login(hospital.office)

    response = client.post(
        reverse("rectification:export", args=[hospital.campaign.pk]),
        {"kind": asked, "query": "light=normal&x=1"},
    )

    job = Job.objects.get()
    assert response.url == job.get_absolute_url()
    assert (job.owner, job.kind, job.arguments["paper"]) == (hospital.office, kind, paper)
    assert job.arguments["query"] == "light=normal&x=1"
