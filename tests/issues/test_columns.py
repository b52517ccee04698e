"""Three workbooks as offices made them come in whole, and every doubtful cell of theirs is flagged.

They lie beside a checkout of the project and are not part of it.
"""

from collections import defaultdict
from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.findings import Level
from core.workbooks import reading, staging
from core.workbooks.names import Named, Names
from issues.columns import ISSUE_COLUMNS

FOLDER = Path(__file__).parents[3] / "shared" / "workbooks"

pytestmark = pytest.mark.founding

UNITS = Names(
    Named(number, name, aliases, category)
    for number, (name, aliases, category) in enumerate(
        [
            ("党委办公室", ("党办",), "administrative"),
            ("医院办公室", ("院办",), "administrative"),
            ("人事科", (), "administrative"),
            ("财务科", (), "administrative"),
            ("医务科", (), "administrative"),
            ("质控科", (), "administrative"),
            ("药剂科", (), "medical_technical"),
            ("检验科", (), "medical_technical"),
            ("科教科", (), "administrative"),
            ("护理部", (), "administrative"),
            ("后勤科", (), "logistics"),
            ("保卫科", (), "logistics"),
            ("总务科", (), "logistics"),
            ("门诊部", (), "clinical"),
            ("信息科", (), "administrative"),
            ("器械科", (), "logistics"),
            ("保健部", (), "clinical"),
            ("项目办公室", (), "administrative"),
            ("纪检监察室", (), "administrative"),
            ("宣传科", (), "administrative"),
        ],
        start=1,
    )
)
CHECKER = staging.Checker(ISSUE_COLUMNS, units=UNITS, year=2022)


def book(name):
    with (FOLDER / f"{name}.xlsx").open("rb") as file:
        return reading.read(file, f"{name}.xlsx", ISSUE_COLUMNS)


def staged(name):
    return list(staging.rows(book(name), CHECKER))


def flagged(name, level=Level.DOUBT):
    """Which cells, and what about them."""
    cells = defaultdict(set)
    for row in staged(name):
        for finding in row.checked.findings:
            if finding.level is level:
                cells[finding.cell].add(finding.code.partition(".")[2])
    return dict(cells)


def notes(name):
    return [(note.code.partition(".")[2], note.cell) for note in book(name).notes]


@pytest.mark.parametrize(
    ("name", "first", "count"),
    [("wuxing-task-ledger", 4, 30), ("style-problem-list", 4, 16), ("cadre-style-ledger", 5, 20)],
)
def test_all_rows_come_in_and_every_text_is_stored_as_written(name, first, count):
    worksheet = load_workbook(FOLDER / f"{name}.xlsx").worksheets[0]
    rows = staged(name)

    assert [row.number for row in rows] == list(range(first, first + count))
    assert not any(row.has_faults for row in rows)
    for row in rows:
        for facts in row.cells.values():
            written = worksheet[facts.get("from", facts["cell"])].value
            assert facts["text"] == ("" if written is None else str(written))
    read = {facts["cell"] for row in rows for facts in row.cells.values()}
    assert {
        cell.coordinate
        for line in worksheet.iter_rows(min_row=first, max_row=first + count - 1)
        for cell in line
        if cell.value is not None
    } <= read


def test_in_the_task_ledger_everything_is_matched_from_the_traditional_script():
    rows = staged("wuxing-task-ledger")
    first, sixth = rows[0].values, rows[5].values

    assert first["category"] == "在講黨性講政治講忠誠上旗幟鮮明,著力建設忠誠型醫院"
    assert (first["subcategory"], first["lead_department"].ids) == ("提高政治站位", (1,))
    assert first["departments"].everyone
    assert first["deadline"].is_at_once
    assert sixth["departments"].ids == (3, 4, 5, 6, 7)
    assert (str(sixth["deadline"].due_on), sixth["deadline"].is_standing) == ("2018-12-31", True)
    assert {row.values["category"] for row in rows[21:]} == {
        "在狠治作風頑疾上馳而不息,著力建設過硬型醫院"
    }


def test_in_the_task_ledger_these_cells_are_doubtful_and_no_others():
    assert flagged("wuxing-task-ledger") == {
        "D4": {"lost_letters"},
        "D17": {"lost_letters"},
        "F8": {"category_group"},
        "F16": {"category_group"},
        "E23": {"unknown_unit"},  # 團委
        "F32": {"unknown_unit"},  # 宣傳辦, where there is 宣传科
    }
    assert notes("wuxing-task-ledger") == [("footer", "A35")]


def test_in_the_problem_list_these_cells_are_doubtful_and_no_others():
    lines_of_units = {f"F{row}": {"not_split"} for row in (7, 13, 19)}
    unknown_person = {f"F{row}": {"unknown_person"} for row in (5, 11, 17)}

    assert flagged("style-problem-list") == lines_of_units | unknown_person | {
        "H5": {"no_year"},
        "H6": {"no_year"},
        "H7": {"placeholder"},
        "H8": {"impossible"},
        "H9": {"serial"},
        "H13": {"no_year"},
        "H14": {"no_year"},
        "H15": {"placeholder"},
        "H16": {"impossible"},
        "H17": {"serial"},
    }
    assert notes("style-problem-list") == [("two_in_one", "F3")]
    assert flagged("style-problem-list", Level.NOTE) == {
        f"F{row}": {"not_split"} for row in (4, 6, 8, 9, 10, 12, 14, 15, 16, 18)
    }


def test_in_the_problem_list_only_named_days_become_dates():
    rows = staged("style-problem-list")

    assert {
        row.texts["deadline"]: str(row.values["deadline"].due_on) for row in rows
    } == {
        "2022年6月底前": "2022-06-30",
        "6月底前並長期堅持": "None",
        "7月中旬至8月下旬": "None",
        "XX月10日": "None",
        "2022年11月31日": "None",
        "44742": "None",
        "２０２２年７月１５日": "2022-07-15",
        "立行立改": "None",
    }  # fmt: skip
    assert [row.values["departments"].ids for row in rows[:5]] == [
        (1, 2), (14,), (), (11, 12), (8, 7),
    ]  # fmt: skip
    assert {row.values["source"] for row in rows} == {"internal", "external"}
    assert [row.values["rectification_class"] for row in rows[:3]] == [
        "phased",
        "long_term",
        "immediate",
    ]


def test_in_the_cadre_ledger_these_cells_are_doubtful_and_no_others():
    unknown = {f"G{row}": {"unknown_unit"} for row in range(5, 25)}
    misread = {f"F{row}": {"no_year", "impossible", "misread_dash"} for row in (7, 11, 15, 19, 23)}
    no_year = {f"F{row}": {"no_year"} for row in (8, 12, 16, 20, 24)}
    page_numbers = {f"C{row}": {"page_number"} for row in (5, 8, 13, 17, 22)}

    assert flagged("cadre-style-ledger") == unknown | misread | no_year | page_numbers
    assert notes("cadre-style-ledger") == [("sheet_hidden", "")]


def test_in_the_cadre_ledger_the_two_rows_of_the_heading_are_one():
    first = staged("cadre-style-ledger")[0]

    assert first.texts.keys() == {
        "number", "category", "text", "measures", "target", "deadline", "departments", "person", "sign_off",
    }  # fmt: skip
    assert (first.values["deadline"].is_standing, first.values["sign_off"]) == (True, "否")
    assert {row.values["category"] for row in staged("cadre-style-ledger")[15:17]} == {
        "行政审批中的低效率"
    }
