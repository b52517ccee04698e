"""The ledger as a workbook and on paper: as filtered, as written, and back again without a change."""

import datetime as dt
import io

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.documents import MissingGlyphError
from core.errors import ActionRefusedError
from issues.models import RectificationClass
from messaging.models import Job
from rectification import documents, workbooks
from rectification.columns import LEDGER_COLUMNS, ON_A3, ON_A4
from rectification.filters import LedgerFilter
from rectification.models import LedgerItem
from rectification.states import State
from tests.people import again
from tests.rectification.factories import EvidenceFactory, ProgressUpdateFactory, an_item

pytestmark = pytest.mark.django_db


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
    first = str(next(iter(LEDGER_COLUMNS)).label)
    heading = next(n for n, row in enumerate(table) if row[0] == first)
    names = [column.name for column in LEDGER_COLUMNS]
    return [dict(zip(names, row, strict=True)) for row in table[heading + 1 :]]


def quietly(done, total):
    """Nobody watches."""


def a_tricky_ledger(hospital):
    today = timezone.localdate()
    item = an_item(
        hospital,
        text="=1+1 公式样的问题\n第二行",
        target="@目标",
        overdue=True,
        original_due_on=today - dt.timedelta(days=30),
        responsible_departments=[hospital.surgery, hospital.laboratory],
        measures=["-减少环节", "+增加窗口"],
        assignee=hospital.staff,
    )
    ProgressUpdateFactory(item=item, text="旧的")
    ProgressUpdateFactory(item=item, text="已开两个窗口\n第三个在装修")
    EvidenceFactory.create_batch(2, item=item)
    EvidenceFactory(item=item, withdrawn_at=timezone.now(), withdrawn_by=hospital.head)
    for state in State.values:
        an_item(hospital, **{state: True}, for_all_departments=True)
    an_item(
        hospital,
        due_on=None,
        deadline_text="长期坚持",
        rectification_class=RectificationClass.LONG_TERM,
    )
    return item


def test_dates_are_dates_and_what_looks_like_a_formula_is_text(hospital):
    item = a_tricky_ledger(hospital)
    file = written(hospital)
    kinds = {cell.data_type for row in load_workbook(file).active.iter_rows() for cell in row}

    [row] = [row for row in rows_in(file) if row["number"] == item.code]

    assert row["text"] == "=1+1 公式样的问题\n第二行"
    assert row["measures"].startswith("-减少环节")
    assert row["deadline"].date() == item.due_on
    assert row["original_deadline"].date() == item.original_due_on
    assert (row["evidence_count"], row["progress"]) == (2, "已开两个窗口\n第三个在装修")
    assert "f" not in kinds


def test_the_file_says_whose_it_is_and_which_filter_it_shows_and_prints_well(hospital):
    a_tricky_ledger(hospital)

    sheet = load_workbook(written(hospital, "light=overdue")).active

    head = [sheet.cell(row, 1).value for row in (1, 2, 3)]
    assert "作风建设集中整顿" in head[0]
    assert "市第一人民医院" in head[1]
    assert head[2] == "Shown: Light: Overdue"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref.startswith("A4:")
    assert sheet.page_setup.orientation == "landscape"


def test_the_rows_are_those_of_the_page_in_its_order(hospital):
    a_tricky_ledger(hospital)
    query = "show=under_review&sort=-number"
    page = found_by(hospital.office, hospital.campaign, query).rows

    codes = [row["number"] for row in rows_in(written(hospital, query))]

    assert codes == [item.code for item in page]
    assert len(codes) == 4


def test_what_was_written_comes_back_without_a_difference(hospital):
    a_tricky_ledger(hospital)

    rows = found_by(hospital.office, hospital.campaign).rows

    assert workbooks.read_back(written(hospital), "台账.xlsx", rows) == []


def test_reading_back_names_what_differs_by_number_and_column(hospital):
    item = a_tricky_ledger(hospital)
    file = written(hospital)
    LedgerItem.objects.filter(pk=item.pk).update(target="新的目标")
    gone = LedgerItem.objects.get(state=State.CLOSED)
    code = LedgerItem.objects.select_related("campaign").get(pk=gone.pk).code
    LedgerItem.objects.filter(pk=gone.pk).update(number=999)

    rows = found_by(hospital.office, hospital.campaign).rows
    differences = workbooks.read_back(file, "台账.xlsx", rows)

    assert [(d.number, d.column, d.in_the_file, d.in_the_ledger) for d in differences] == [
        (item.code, "target", "@目标", "新的目标"),
        (code, "number", code, ""),
    ]


def test_a_department_takes_away_no_more_than_it_sees_and_a_stranger_nothing(hospital):
    an_item(hospital)
    theirs = an_item(hospital, lead_department=hospital.surgery)
    arguments = {"campaign": hospital.campaign.pk, "query": "", "paper": "A4"}

    result = documents.ledger_workbook(arguments, by=again(hospital.head2), progress=quietly)

    assert [row["number"] for row in rows_in(io.BytesIO(result.content))] == [theirs.code]
    for make in (documents.ledger_workbook, documents.ledger_paper):
        with pytest.raises(ActionRefusedError, match="cannot see this campaign"):
            make(arguments, by=again(hospital.stranger), progress=quietly)


def test_a_row_of_the_file_costs_no_query_of_its_own(hospital, django_assert_max_num_queries):
    for _n in range(12):
        ProgressUpdateFactory(item=an_item(hospital, responsible_departments=[hospital.surgery]))

    found = found_by(hospital.office, hospital.campaign)
    with django_assert_max_num_queries(16):
        workbooks.write_ledger(io.BytesIO(), found)


def test_paper_has_nine_columns_on_a4_and_every_column_on_a3():
    names = {column.name for column in LEDGER_COLUMNS}

    assert len(ON_A4) == 9
    assert set(ON_A3) >= names - {"subcategory"}


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_ledger_is_put_on_paper(hospital, paper):
    a_tricky_ledger(hospital)
    arguments = {"campaign": hospital.campaign.pk, "query": "", "paper": paper}

    result = documents.ledger_paper(arguments, by=again(hospital.office), progress=quietly)

    assert result.content.startswith(b"%PDF-")
    assert result.name.endswith(f"{paper}.pdf")


def test_a_character_that_no_font_has_is_named_with_its_item(hospital):
    item = an_item(hospital, text="窗口\U000323aa号")
    arguments = {"campaign": hospital.campaign.pk, "query": "", "paper": "A4"}

    with pytest.raises(MissingGlyphError) as refused:
        documents.ledger_paper(arguments, by=again(hospital.office), progress=quietly)

    assert "U+323AA" in str(refused.value)
    assert item.code in str(refused.value)


@pytest.mark.parametrize(
    ("asked", "kind", "paper"),
    [("xlsx", "ledger_xlsx", ""), ("A4", "ledger_pdf", "A4"), ("A3", "ledger_pdf", "A3")],
)
def test_asking_for_a_file_puts_down_a_job_of_the_asker(client, hospital, asked, kind, paper):
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
