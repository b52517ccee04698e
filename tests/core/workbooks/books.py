"""Small workbooks made as offices make them, and a directory of people and units to match."""

import io
import zipfile

import openpyxl

from core.workbooks.columns import Column, Columns, Kind
from core.workbooks.names import Named, Names

COLUMNS = Columns(
    Column("number", "No.", "序号 编号", kind=Kind.NUMBER),
    Column("category", "Category", "问题类别"),
    Column("text", "Problem", "问题 存在问题 问题表现", required=True, longest=200),
    Column(
        "rectification",
        "Kind",
        ("整改类型",),
        kind=Kind.CHOICE,
        choices={"immediate": ("即时整改", "立行立改"), "phased": ("阶段整改",)},
    ),
    Column("found_on", "Found on", ("发现时间",), kind=Kind.DATE),
    Column("lead", "Lead", ("牵头科室",), kind=Kind.UNIT),
    Column("departments", "Departments", "责任科室 责任部门", kind=Kind.UNITS),
    Column("person", "Person", "责任人 整改责任人", kind=Kind.PERSON),
    Column("members", "Members", ("参加人员",), kind=Kind.PEOPLE),
    Column("deadline", "Deadline", "整改时限 完成时限", kind=Kind.DEADLINE),
    Column("closed", "Closed", ("是否销号",), kind=Kind.YES_NO),
)
UNITS = Names(
    [
        Named(1, "党委办公室", ("党办",), "administrative"),
        Named(2, "医院办公室", ("院办",), "administrative"),
        Named(3, "检验科", ("化验室",), "medical_technical"),
        Named(4, "药剂科", (), "medical_technical"),
        Named(5, "后勤科", (), "logistics"),
        Named(6, "保卫科", (), "logistics"),
        Named(7, "门诊部", (), "clinical"),
        Named(8, "护理部", (), "administrative"),
        Named(9, "护理科", (), "administrative"),
        Named(10, "采购和供应科", (), "logistics"),
    ]
)
PEOPLE = Names(
    [
        Named(1, "张三", ("1001", "门诊部主任"), label="张三(1001,门诊部)"),
        Named(2, "李四", ("1002",), label="李四(1002,检验科)"),
        Named(3, "李四", ("1003",), label="李四(1003,药剂科)"),
    ]
)


def book(*rows, merges=(), sheet="清单", change=None):
    """The rows as a saved workbook; ``change`` gets the sheet before it is saved."""
    workbook = openpyxl.Workbook()
    worksheet = workbook.active
    worksheet.title = sheet
    for row in rows:
        worksheet.append(row)
    for merge in merges:
        worksheet.merge_cells(merge)
    if change:
        change(worksheet)
    return saved(workbook)


def saved(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def with_parts(data, parts):
    """The same file with some of its parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def sheet_xml(rows):
    """A worksheet's XML around the given rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
