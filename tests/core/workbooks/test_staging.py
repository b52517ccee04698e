"""Each doubtful cell is named with what it may mean; mending a cell is new text."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.findings import Finding, Level, Suggestion
from core.workbooks import reading, staging
from core.workbooks.columns import Column, Columns, Kind
from core.workbooks.names import UnitsRead
from tests.core.workbooks.books import COLUMNS, PEOPLE, UNITS, book

CHECKER = staging.Checker(COLUMNS, units=UNITS, people=PEOPLE, year=2022)


def cell(text, address="C5", **more):
    return {"text": text, "cell": address, **more}


def check(mended=None, **texts):
    cells = {name: text if isinstance(text, dict) else cell(text) for name, text in texts.items()}
    return CHECKER.check_row({"text": cell("排队时间长", "B5"), **cells}, mended)


def said(checked):
    return [
        (
            finding.column,
            finding.code.partition(".")[2],
            [offer.value for offer in finding.suggestions],
        )
        for finding in checked.findings
    ]


def test_a_clear_row_has_values_and_nothing_to_say():
    checked = check(
        number="１",
        rectification="立行立改",
        found_on="2026-05-01",
        lead="檢驗科",
        departments="檢驗科、藥劑科",
        person="张三",
        members="张三、1002",
        deadline="2026年6月底前",
        closed="否",
    )

    assert checked.findings == ()
    assert {name: value for name, value in checked.values.items() if name != "deadline"} == {
        "number": "1",
        "category": "",
        "text": "排队时间长",
        "rectification": "immediate",
        "found_on": dt.date(2026, 5, 1),
        "lead": 3,
        "departments": UnitsRead((3, 4)),
        "person": 1,
        "members": (1, 2),
        "closed": False,
    }
    assert checked.values["deadline"].due_on == dt.date(2026, 6, 30)


def test_an_absent_column_has_the_empty_value_of_its_kind():
    values = check().values

    assert (values["found_on"], values["lead"], values["person"], values["closed"]) == (None,) * 4
    assert (values["departments"], values["members"]) == (UnitsRead(), ())
    assert values["deadline"].kind == ""


@pytest.mark.parametrize(
    ("column", "text", "code", "offers"),
    [
        ("departments", "檢驗科、保衛處室", "unknown_unit", ["檢驗科、保卫科"]),
        ("departments", "各临床科室", "category_group", []),
        ("departments", "检验科等", "and_others", []),
        ("lead", "检验科、药剂科", "one_unit", []),
        ("lead", "全院各科室", "one_unit", []),
        ("person", "李四", "several_people", ["1002", "1003"]),
        ("person", "王五", "unknown_person", []),
        ("person", "张三、1002", "one_person", []),
        ("members", "张三、李四", "several_people", ["张三、1002", "张三、1003"]),
        ("rectification", "看情况", "choice", ["即时整改", "阶段整改"]),
        ("closed", "快了", "yes_no", ["是", "否"]),
        ("found_on", "2022年上半年", "date", []),
        ("found_on", "6月30日", "no_year", ["2022年6月30日"]),
        ("deadline", "2022年11月31日", "impossible", ["2022年11月30日"]),
        ("category", "以黨的方向?yàn)榉较颉為準", "lost_letters", []),
        ("category", "機關(guān)作風", "pinyin", ["機關作風"]),
        ("category", "政6、策执行不力", "page_number", ["政策执行不力"]),
    ],
)
def test_a_doubtful_cell_is_named_and_may_be_taken_in(column, text, code, offers):
    checked = check(**{column: text})

    assert said(checked) == [(column, code, offers)]
    assert [finding.cell for finding in checked.findings] == ["C5"]
    assert not checked.has_faults
    assert checked.texts[column] == text


def test_what_a_suggestion_shows_tells_people_of_one_name_apart():
    assert check(person="李四").findings[0].suggestions == (
        Suggestion("李四(1002,检验科)", "1002"),
        Suggestion("李四(1003,药剂科)", "1003"),
    )


def test_every_suggestion_mends_what_it_was_suggested_for():
    texts = {
        "departments": "檢驗科、保衛處室",
        "person": "李四",
        "deadline": "6月底前",
        "closed": "x?",
    }
    checked = check(**texts)

    for finding in checked.findings:
        for offer in finding.suggestions:
            assert (
                said(
                    check({finding.column: offer.value}, **{finding.column: texts[finding.column]})
                )
                == []
            )


@pytest.mark.parametrize(("text", "ids"), [("全院各科室", ()), ("检验科、全院各科室", (3,))])
def test_every_department_stays_a_live_group(text, ids):
    assert check(departments=text).values["departments"] == UnitsRead(ids, everyone=True)


def test_what_must_match_is_a_fault_where_it_does_not():
    columns = Columns(
        Column("name", "Name", required=True),
        Column("unit", "Unit", kind=Kind.UNIT, must_match=True),
        Column("on", "On", kind=Kind.DATE, must_match=True),
        Column("kind", "Kind", kind=Kind.CHOICE, choices={"a": ("甲",)}, must_match=True),
    )
    row = {name: cell("乱写") for name in ("name", "unit", "on", "kind")}
    checked = staging.Checker(columns, units=UNITS).check_row(row)

    assert [(f.column, f.level) for f in checked.findings] == [
        (name, Level.FAULT) for name in ("unit", "on", "kind")
    ]


def test_a_missing_text_is_a_fault_in_the_readers_language():
    checked = CHECKER.check_row({"text": cell(" ", "B5")})

    assert [(f.sentence, f.cell, f.level) for f in checked.findings] == [
        ("“Problem” is missing.", "B5", Level.FAULT)
    ]


@pytest.mark.parametrize("column", ["text", "departments", "number", "deadline"])
def test_a_text_that_is_too_long_is_a_fault(column):
    checked = check(**{column: cell("1" * 4_001)})

    assert said(checked) == [(column, "too_long", [])]
    assert checked.has_faults


@pytest.mark.parametrize(("kind", "text"), [("error", "#REF!"), ("formula", "")])
def test_an_error_or_a_lost_result_is_said_and_not_taken(kind, text):
    checked = check(category=cell(text, kind=kind))

    assert said(checked) == [("category", "not_text", [])]
    assert checked.values["category"] == ""
    assert check(text=cell(text, kind=kind)).has_faults


def test_a_text_shared_by_merged_rows_is_pointed_out():
    assert said(check(text=cell("排队", **{"from": "B3"}))) == [("text", "shared", [])]
    assert check(text=cell("排队", **{"from": "B3"})).findings[0].params == {"row": "3"}


JOINED = "departments/person"


@pytest.mark.parametrize(
    ("text", "departments", "person"),
    [
        ("門診部/門診部主任", (7,), 1),
        ("门诊部／张三", (7,), 1),
        ("门诊部\n张三", (7,), 1),
    ],
)
def test_a_cell_for_two_is_cut_where_it_can_be(text, departments, person):
    checked = check(**{JOINED: cell(text)})

    assert checked.findings == ()
    assert (checked.values["departments"].ids, checked.values["person"]) == (departments, person)
    assert checked.written == {"text": "排队时间长", "departments": text, "person": text}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("黨辦;院辦", Level.NOTE),
        ("全院各科室", Level.NOTE),
        ("後勤科\n保衛科", Level.DOUBT),
        ("检验科/药剂科", Level.DOUBT),
    ],
)
def test_a_cell_for_two_that_holds_only_units_is_not_cut_and_said(text, level):
    """A doubt only where a sign stands at which it could have been cut."""
    checked = check(**{JOINED: cell(text)})

    assert said(checked) == [("departments", "not_split", [])]
    assert checked.findings[0].level is level
    assert checked.texts["departments"] == text
    assert checked.values["departments"]
    assert checked.values["person"] is None


def test_a_cell_for_two_that_is_not_understood_is_doubtful_as_a_whole():
    checked = check(**{JOINED: cell("门诊张三")})

    assert {finding.level for finding in checked.findings} == {Level.DOUBT}
    assert [code for _, code, _ in said(checked)] == ["not_split", "unknown_unit"]


def test_mending_the_half_that_was_missing_settles_the_doubt():
    assert said(check({"person": "张三"}, **{JOINED: cell("黨辦;院辦")})) == []


def test_a_cell_for_two_may_be_mended_as_a_whole():
    checked = check({JOINED: "门诊部/张三"}, **{JOINED: cell("门诊张三")})

    assert (checked.values["departments"].ids, checked.values["person"]) == ((7,), 1)


def test_mending_changes_the_meaning_and_not_what_was_written():
    checked = check({"departments": "保卫科", "closed": "是"}, departments="保卫处室")

    assert (checked.texts["departments"], checked.written["departments"]) == ("保卫科", "保卫处室")
    assert (checked.values["departments"].ids, checked.values["closed"]) == ((6,), True)
    assert checked.findings == ()


def test_an_empty_text_empties_a_cell():
    assert check({"departments": ""}, departments="保卫处室").values["departments"] == UnitsRead()


def test_unknown_columns_stay_with_the_row():
    assert check(**{"+联系电话": "8000"}).extra == {"联系电话": "8000"}


def test_findings_survive_being_stored():
    checked = check(departments="保衛處室", deadline="6月底前")

    assert [Finding.from_json(stored) for stored in checked.findings_json()] == list(
        checked.findings
    )


def test_an_app_may_add_findings_of_its_own():
    known = Finding("issues.known", "Already in the list as %(number)s.", {"number": 7})

    assert check().with_findings([known]).findings[0].sentence == "Already in the list as 7."


def test_a_whole_workbook_is_checked_row_by_row():
    data = book(
        ["序号", "存在问题", "责任科室", "整改时限"],
        [1, "排队", "检验科", "立行立改"],
        [2, None, "保卫处室", "XX月10日"],
    )
    staged = list(staging.rows(reading.read(data, "", COLUMNS), CHECKER))

    assert [(row.number, row.has_faults) for row in staged] == [(2, False), (3, True)]
    assert [(f["column"], f["cell"], f["level"]) for f in staged[1].findings_json()] == [
        ("text", "B3", "fault"),
        ("departments", "C3", "doubt"),
        ("deadline", "D3", "doubt"),
    ]
    assert (staged[0].values["text"], staged[0].texts["departments"]) == ("排队", "检验科")


@given(st.sampled_from([column.name for column in COLUMNS]), st.text(max_size=40))
def test_no_text_in_any_column_makes_it_fail(name, text):
    checked = check(**{name: cell(text)})

    assert checked.written[name] == text
    assert all(finding.sentence for finding in checked.findings)


@given(st.text(max_size=40))
def test_no_text_in_a_cell_for_two_makes_it_fail(text):
    assert check(**{JOINED: cell(text)}).written["person"] == text
