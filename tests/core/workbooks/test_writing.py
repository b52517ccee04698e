"""What is written prints well, runs no formula and comes back in as it went out."""

import datetime as dt
import io
import tracemalloc
import zipfile

import pytest
from django.utils import translation
from openpyxl import load_workbook

from core.workbooks import reading, safety, staging, writing
from tests.core.workbooks.books import COLUMNS, PEOPLE, UNITS, book

ROW = {
    "number": "7",
    "category": "作风",
    "text": "排队时间长\n老人不会用",
    "found_on": dt.date(2026, 5, 1),
    "departments": "检验科、药剂科",
    "person": "张三",
    "deadline": dt.date(2026, 6, 30),
    "closed": False,
}


def written(*rows, **options):
    file = io.BytesIO()
    count = writing.write(file, COLUMNS, rows, **options)
    assert count == len(rows)
    return file.getvalue()


def sheet(data):
    return load_workbook(io.BytesIO(data)).active


def test_what_was_written_comes_back_without_a_change():
    data = written(ROW, title="整改台账", lines=["筛选：全部"])
    (staged,) = staging.rows(
        reading.read(data, "", COLUMNS), staging.Checker(COLUMNS, units=UNITS, people=PEOPLE)
    )
    values = staged.values

    assert (values["number"], values["text"], values["category"]) == ("7", ROW["text"], "作风")
    assert (values["found_on"], values["deadline"].due_on) == (ROW["found_on"], ROW["deadline"])
    assert (values["departments"].ids, values["person"], values["closed"]) == ((3, 4), 1, False)
    assert staged.checked.findings == ()


def test_what_was_written_in_one_language_is_read_in_the_other():
    with translation.override("zh-hans"):
        data = written(ROW)

    assert reading.read(data, "", COLUMNS).number_of_rows == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_no_text_becomes_a_formula(text):
    data = written(ROW | {"text": text}, title=text, lines=[text])
    worksheet = sheet(data)

    assert {cell.data_type for row in worksheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert worksheet["C4"].value == text
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_dates_are_dates_and_moments_are_local():
    moment = dt.datetime(2026, 6, 30, 16, 30, tzinfo=dt.UTC)
    worksheet = sheet(written(ROW | {"found_on": moment}))

    assert worksheet["J2"].value == dt.datetime(2026, 6, 30)  # noqa: DTZ001 -- as a cell has it
    assert worksheet["J2"].number_format == "yyyy-mm-dd"
    assert worksheet["E2"].value == dt.datetime(2026, 7, 1, 0, 30)  # noqa: DTZ001


def test_the_sheet_prints_on_landscape_pages_with_its_heading_on_each():
    worksheet = sheet(written(ROW, ROW, title="整改台账", lines=["筛选：全部"], paper="A3"))

    assert (worksheet["A1"].value, worksheet["A2"].value) == ("整改台账", "筛选：全部")
    assert [cell.value for cell in worksheet[3]] == [str(column.label) for column in COLUMNS]
    assert {str(merge) for merge in worksheet.merged_cells.ranges} == {"A1:K1", "A2:K2"}
    assert (worksheet.freeze_panes, worksheet.print_title_rows) == ("A4", "$3:$3")
    assert worksheet.auto_filter.ref == "A3:K5"
    assert worksheet.print_area == "'整改台账'!$A$1:$K$5"
    assert (worksheet.page_setup.orientation, worksheet.page_setup.paperSize) == ("landscape", 8)
    assert (worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight) == (1, 0)
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert worksheet.oddFooter.center.text == "Page &P of &N"
    assert worksheet["C4"].alignment.wrap_text
    assert worksheet.column_dimensions["A"].width == COLUMNS["number"].width


def test_without_rows_it_is_the_form_to_fill_in():
    worksheet = sheet(written(title="问题清单"))

    assert worksheet.max_row == 2


def test_characters_that_no_workbook_can_hold_are_left_out():
    assert sheet(written(ROW | {"text": "a\x00b\x0bc"}))["C2"].value == "abc"
    assert len(sheet(written(ROW | {"text": "长" * 40_000}))["C2"].value) == 32_767


def test_a_sheet_gets_a_name_that_it_may_have():
    assert sheet(written(sheet="[2026/1] 台账?")).title == "20261 台账"
    assert sheet(written()).title == "Sheet1"


def test_memory_does_not_grow_with_the_rows():
    def peak(count):
        tracemalloc.start()
        writing.write(io.BytesIO(), COLUMNS, (ROW for _ in range(count)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(400) < 2 * peak(50)


HEADING = ["序号", "存在问题", "责任科室", "整改时限"]


def annotated(data):
    read = reading.read(data, "", COLUMNS)
    checker = staging.Checker(COLUMNS, units=UNITS)
    rows = ((row.sheet, row.number, row.checked.findings) for row in staging.rows(read, checker))
    return writing.annotated(data, rows, read.columns_json())


def test_the_file_comes_back_with_a_column_of_errors_and_its_own_looks():
    def look(worksheet):
        worksheet.column_dimensions["B"].width = 60
        worksheet["B3"].number_format = "@"

    data = book(
        ["清单"],
        HEADING,
        [1, "排队", "检验科", "立行立改"],
        [2, None, "质控科", "XX月10日"],
        ["填报人："],
        merges=["A1:D1"],
        change=look,
    )
    worksheet = sheet(annotated(data))

    assert [worksheet.cell(row, 5).value for row in range(1, 6)] == [
        None,
        "Errors",
        None,
        "\n".join(
            [
                "Fault B4: “Problem” is missing.",
                "Doubt C4: There is no unit “质控科”.",
                "Doubt D4: “XX月10日” still has a placeholder in it.",
            ]
        ),
        None,
    ]
    assert worksheet["B4"].fill.fgColor.rgb == worksheet["E4"].fill.fgColor.rgb == "00F8D7DA"
    assert worksheet["C4"].fill.fgColor.rgb == "00FFF3CD"
    assert (worksheet["A1"].value, worksheet["A5"].value) == ("清单", "填报人：")
    assert {str(merge) for merge in worksheet.merged_cells.ranges} == {"A1:D1"}
    assert (worksheet.column_dimensions["B"].width, worksheet["B3"].number_format) == (60, "@")


def test_an_annotated_file_can_be_mended_uploaded_and_annotated_again():
    again = annotated(annotated(book(HEADING, [1, "排队", "质控科", None])))

    assert [cell.value for cell in sheet(again)[1]] == [*HEADING, "Errors"]
    assert reading.read(again, "", COLUMNS).notes == ()


def test_only_what_can_be_read_is_annotated():
    with pytest.raises(safety.WorkbookRefusedError):
        writing.annotated(b"%PDF", (), {})
