"""A list is found where offices put it, and what is not a row of it is said and left out."""

import datetime as dt
import io
import zipfile

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from core.findings import Level
from core.workbooks import reading, staging
from core.workbooks.safety import WorkbookRefusedError
from tests.core.workbooks.books import COLUMNS, book, saved, sheet_xml, with_parts

STRICT = b"http://purl.oclc.org/ooxml/"
HEADING = ["序号", "问题类别", "存在问题", "整改时限"]


def read(data):
    return reading.read(data, "list.xlsx", COLUMNS)


def rows(data):
    """The texts of each row by column."""
    return [
        {name: facts["text"] for name, facts in record.cells.items()}
        for record in read(data).records()
    ]


def notes(data):
    return [note.code.removeprefix("workbook.") for note in read(data).notes]


def test_the_heading_is_found_under_titles_in_any_script():
    data = book(
        ["作風建設問題清單"],
        ["單位:          時間:"],
        [],
        ["序 號", "問題\n類別", "【存在問題】", "整改時限（必填）"],
        [1, "作风", "排队时间长", "立行立改"],
        merges=["A1:D1", "A2:D2"],
    )

    assert rows(data) == [
        {"number": "1", "category": "作风", "text": "排队时间长", "deadline": "立行立改"}
    ]
    assert [heading["cell"] for heading in read(data).columns_json()["清单"]] == [
        "A4", "B4", "C4", "D4",
    ]  # fmt: skip


def test_a_heading_of_two_rows_takes_each_name_from_where_it_stands():
    data = book(
        ["序号", "问题", None, "整改", None, "销号"],
        [None, "类别", "表现", "时限", "责任人", "是否销号"],
        [1, "作风", "排队", "立行立改", "张三", "否"],
        merges=["A1:A2", "B1:C1", "D1:E1"],
    )

    assert rows(data) == [
        {
            "number": "1",
            "category": "作风",
            "text": "排队",
            "deadline": "立行立改",
            "person": "张三",
            "closed": "否",
        }
    ]


def test_merged_cells_speak_for_each_of_their_rows_and_for_no_other():
    data = book(
        HEADING,
        [1, "作风", "一", "立行立改"],
        [2, None, "二", None],
        [3, None, "三", None],
        merges=["B2:B3"],
    )
    records = list(read(data).records())

    assert [record.cells["category"]["text"] for record in records] == ["作风", "作风", ""]
    assert records[1].cells["category"] == {"text": "作风", "cell": "B3", "from": "B2"}
    assert [record.cells["deadline"]["text"] for record in records] == ["立行立改", "", ""]


def test_blank_formatted_rows_and_rows_that_only_have_a_number_are_no_rows():
    def border(worksheet):
        for row in range(5, 205):
            worksheet.cell(row, 3).number_format = "0.00"

    data = book(HEADING, [1, "作风", "一"], [2], [3, "  "], change=border)

    assert len(rows(data)) == 1
    assert notes(data) == ["only_numbers"]


@pytest.mark.parametrize(
    "line",
    [
        "填報人:            審核人:            聯繫電話:",
        "填报单位（盖章）：",
        "审核人：张三",
        "注：1.本表一式两份。",
        "说明:逾期不报的通报批评",
        "合计",
    ],
)
def test_lines_below_the_table_are_said_and_left_out(line):
    data = book(HEADING, [1, "作风", "一"], [], [line])

    assert len(rows(data)) == 1
    assert notes(data) == ["footer"]
    assert read(data).notes[0].cell == "A4"


def test_a_footer_may_stand_in_several_cells():
    data = book(HEADING, [1, "作风", "一"], ["填报人：", "王五", None, "填报日期：2026年"])

    assert notes(data) == ["footer"]


def test_a_row_without_its_text_is_no_footer_only_because_it_lacks_it():
    data = book(HEADING, [1, "作风", None, "立行立改"])

    assert rows(data)[0]["deadline"] == "立行立改"


def test_a_line_across_the_table_is_said_and_left_out():
    data = book(HEADING, ["一、工作作风方面"], [1, "作风", "一"], merges=["A2:D2"])

    assert (len(rows(data)), notes(data)) == (1, ["line"])


def test_a_heading_that_is_repeated_for_printing_is_left_out():
    data = book(HEADING, [1, "作风", "一"], HEADING, [2, "作风", "二"])

    assert (len(rows(data)), notes(data)) == (2, ["heading_again"])


def test_hidden_sheets_are_left_out_and_hidden_rows_are_not():
    workbook = Workbook()
    worksheet = workbook.active
    for row in (HEADING, [1, "作风", "一"], [2, "作风", "二"]):
        worksheet.append(row)
    worksheet.row_dimensions[3].hidden = True
    for name, state in (("说明", "hidden"), ("底稿", "veryHidden")):
        hidden = workbook.create_sheet(name)
        hidden.sheet_state = state
        hidden.append(HEADING)
    data = saved(workbook)

    assert len(rows(data)) == 2
    assert notes(data) == ["sheet_hidden", "sheet_hidden", "hidden_rows"]


def test_every_visible_sheet_with_a_list_is_read():
    workbook = Workbook()
    for name in ("内科", "外科"):
        worksheet = workbook.create_sheet(name)
        worksheet.append(HEADING)
        worksheet.append([1, "作风", name])
    workbook.create_sheet("目录").append(["内科、外科"])
    data = saved(workbook)

    assert [(record.sheet, record.number) for record in read(data).records()] == [
        ("内科", 2),
        ("外科", 2),
    ]
    assert notes(data) == ["sheet_without_heading"]


def test_a_column_that_is_not_known_is_kept_with_its_heading():
    data = book([*HEADING, "联系电话", None], [1, "作风", "一", None, "8000", "补充"])

    assert rows(data)[0]["+联系电话"] == "8000"
    assert rows(data)[0]["+F"] == "补充"
    assert [note.params["heading"] for note in read(data).notes] == ["联系电话", "F"]


def test_of_two_columns_of_one_name_the_first_is_read_and_the_second_kept():
    data = book(["序号", "存在问题", "问题表现"], [1, "排队", "上午九点排到门外"])

    assert rows(data) == [{"number": "1", "text": "排队", "+问题表现": "上午九点排到门外"}]


def test_the_remarks_of_an_annotated_file_are_passed_over():
    data = book([*HEADING, "错误"], [1, "作风", "一", None, "缺责任人"], [None] * 4 + ["旧"])

    assert (rows(data), notes(data)) == (
        [{"number": "1", "category": "作风", "text": "一", "deadline": ""}],
        [],
    )


def test_numbers_and_dates_are_read_as_people_see_them():
    data = book(
        ["序号", "存在问题", "整改时限", "发现时间"],
        [1, 12.5, dt.date(2026, 6, 30), dt.datetime(2026, 5, 1, 8, 30)],  # noqa: DTZ001
        ["２", "二", 44742, "'007"],
    )
    first, second = read(data).records()

    assert first.cells["number"] == {"text": "1", "cell": "A2", "kind": "number"}
    assert first.cells["text"]["text"] == "12.5"
    assert first.cells["deadline"] == {"text": "2026-06-30", "cell": "C2", "kind": "date"}
    assert first.cells["found_on"]["text"] == "2026-05-01 08:30"
    assert second.cells["number"] == {"text": "２", "cell": "A3"}
    assert second.cells["deadline"] == {"text": "44742", "cell": "C3", "kind": "number"}


@pytest.mark.parametrize("number_format", ['yyyy"年"m"月"', "yyyy-mm", '[$-804]yyyy"年"m"月";@'])
def test_a_date_that_is_shown_without_a_day_is_read_without_one(number_format):
    def show(worksheet):
        worksheet["D2"].number_format = number_format

    data = book(HEADING, [1, "作风", "一", dt.date(2022, 6, 1)], change=show)

    assert rows(data)[0]["deadline"] == "2022年6月"


def test_dates_count_from_1904_where_the_workbook_says_so():
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    worksheet = workbook.active
    worksheet.append(["序号", "存在问题", "整改时限"])
    worksheet.append([1, "一", dt.date(2026, 6, 30)])
    worksheet.append([2, "二", 43280])
    records = list(read(saved(workbook)).records())
    checked = staging.Checker(COLUMNS).check_row(records[1].cells)

    assert records[0].cells["deadline"]["text"] == "2026-06-30"
    assert [offer.value for offer in checked.findings[0].suggestions] == ["2022-06-30"]


def test_of_a_formula_the_stored_result_is_read_and_a_missing_one_said():
    data = book(["序号", "存在问题", "整改时限", "是否销号"], [1, "一", "=A1", "=NA()"])
    row = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>序号</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>存在问题</t></is></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>"a"</f><v>排队</v></c></row>'
    )
    stored = with_parts(data, {"xl/worksheets/sheet1.xml": sheet_xml(row)})
    lost = next(iter(read(data).records())).cells

    assert rows(stored) == [{"number": "2", "text": "排队"}]
    assert lost["deadline"] == {"text": "", "cell": "C2", "kind": "formula"}


def test_an_error_in_a_cell_is_not_an_empty_cell():
    data = book(HEADING, [1, "#REF!", "一", "#N/A"])

    assert next(iter(read(data).records())).cells["deadline"] == {
        "text": "#N/A",
        "cell": "D2",
        "kind": "error",
    }


def test_a_list_without_the_column_that_matters_is_refused_with_what_was_found():
    with pytest.raises(WorkbookRefusedError) as refused:
        read(book(["序号", "问题类别", "整改时限"], [1, "作风", "立行立改"]))

    assert str(refused.value) == (
        "The heading in row 1 of sheet “清单” has no column “Problem”. Found there: 序号, 问题类别, 整改时限."
    )


def test_a_sheet_without_a_heading_is_refused_with_what_is_needed():
    with pytest.raises(WorkbookRefusedError) as refused:
        read(book(["会议纪要"], ["今天下午"]))

    assert "needs a row with headings such as: No., Category, Problem" in str(refused.value)


def test_a_heading_without_rows_is_refused():
    with pytest.raises(WorkbookRefusedError, match="no rows below the heading in row 2"):
        read(book(["清单"], HEADING, [None, None, None], ["填报人："]))


def test_notes_are_notes_and_worded_when_read():
    note = read(book(HEADING, [1, "作风", "一"], ["填报人："])).notes[0]

    assert note.level is Level.NOTE
    assert note.sentence == "Row 3 is a line below the table and was left out: “填报人：”"


def test_the_strict_form_of_the_format_is_read_too():
    data = book(HEADING, [1, "作风", "一"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        strict = {
            name: archive.read(name)
            .replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", STRICT + b"spreadsheetml/main")
            .replace(b"http://schemas.openxmlformats.org/officeDocument/2006", STRICT + b"officeDocument")
            for name in archive.namelist()
        }  # fmt: skip

    assert rows(with_parts(data, strict))[0]["text"] == "一"


def test_sheets_that_hold_no_cells_are_passed_over():
    workbook = Workbook()
    workbook.create_chartsheet("图表", 0)
    worksheet = workbook["Sheet"]
    worksheet.append(HEADING)
    worksheet.append([1, "作风", "一"])
    workbook.create_sheet("空表")

    assert (len(rows(saved(workbook))), notes(saved(workbook))) == (1, [])
