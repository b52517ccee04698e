#!/usr/bin/env python
"""Write the demonstration's workbooks under demo/ from its two text files (for maintainers).

The workbooks look as offices really lay them out: titles, merged cells, two header rows, blank
styled rows, full-width digits, several departments in a cell. Run again after editing the texts.
"""

from __future__ import annotations

import tomllib
from itertools import count, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

DEMO = Path(__file__).resolve().parent.parent / "demo"
THIN = Side(style="thin", color="808080")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

Person = dict[str, str]


def split(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")]


def people_of(hospital: dict) -> list[Person]:
    """Everybody by rank: leaders, the two offices, each department's head, deputy, liaison, staff."""
    surnames, given = hospital["surnames"], hospital["given"]
    everybody = (f"{surnames[n * 5 % 79]}{given[(n * 7 + n // 30) % 30]}" for n in count())
    taken: set[str] = set()

    def name() -> str:
        fresh = next(one for one in everybody if one not in taken)
        taken.add(fresh)
        return fresh

    departments = [split(row) for row in hospital["departments"]]
    charge = {key: "、".join(row[0] for row in departments if row[4] == key) for key in "01234"}
    found: list[Person] = []

    def add(number: str, unit: str, title: str, post: str, in_charge_of: str = "") -> None:
        found.append(
            {
                "工号": number or f"{10001 + len(found)}",
                "姓名": name(),
                "所在单位": unit,
                "行政职务": title,
                "岗位": post,
                "分管科室": in_charge_of,
            }
        )

    home = hospital["hospital"]
    add("secretary", home, "党委书记", "书记", charge["0"])
    add("", home, "院长、党委副书记", "院长")
    add("", home, "纪委书记", "纪委书记")
    add("", home, "副院长", "副院长", charge["1"])
    add("", home, "总会计师", "副院长", charge["2"])
    add("vp", home, "副院长", "副院长", charge["3"])
    add("", home, "副院长", "副院长", charge["4"])
    add("office", home, "整治办主任", "整治办")
    found.append({**found[-1], "所在单位": "党委办公室", "行政职务": "科员", "岗位": "职工"})
    add("", home, "整治办干事", "整治办")
    add("", home, "整治办干事", "整治办")
    add("discipline", home, "纪检监察室副主任", "纪检监察")
    add("", home, "纪检监察员", "纪检监察")
    logins = {"检验科": "head", "门诊部": "head2"}
    for unit, _aliases, category, _flags, _leader in departments:
        add(logins.get(unit, ""), unit, "主任" if category == "clinical" else "科长", "科室负责人")
    for unit, _aliases, category, _flags, _leader in departments:
        add("", unit, "护士长" if category == "clinical" else "副科长", "副主任")
    for unit, *_rest in departments[::2]:
        add("", unit, "科员", "联络员")
    for n, (unit, *_rest) in enumerate(departments[5::2]):
        add("staff" if n == 0 else "", unit, "职员", "职工")
    bureau = hospital["bureau"]
    add("bureau", bureau, "行风建设科科长", "整治办")
    add("", bureau, "局长", "院长")
    add("", bureau, "派驻纪检组干部", "纪检监察")
    other = hospital["other_hospital"]
    add("", other, "党委书记", "书记")
    add("", other, "院长", "院长")
    add("", other, "整治办主任", "整治办")
    add("", "产科门诊", "主任", "科室负责人")
    return found


def box(sheet: Worksheet, rows: range, columns: int) -> None:
    for row in rows:
        for column in range(1, columns + 1):
            cell = sheet.cell(row, column)
            cell.border = BOX
            cell.alignment = Alignment(wrap_text=True, vertical="center")


def heading(sheet: Worksheet, title: str, lines: Sequence[str], columns: int) -> int:
    """Write merged title lines; the next free row is returned."""
    for row, text in enumerate((title, *lines), start=1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
        cell = sheet.cell(row, 1, text)
        cell.font = Font(size=18 if row == 1 else 11, bold=row == 1)
        cell.alignment = Alignment(horizontal="center" if row == 1 else "left")
    return len(lines) + 2


def fill(sheet: Worksheet, first: int, rows: Sequence[Sequence[object]]) -> int:
    for r, cells in enumerate(rows, start=first):
        for c, value in enumerate(cells, start=1):
            if value != "":
                sheet.cell(r, c, value)
    return first + len(rows)


def merge_runs(sheet: Worksheet, column: int, first: int, values: Sequence[str]) -> None:
    """Merge equal neighbours downwards, as offices do with categories and departments."""
    starts = [n for n, value in enumerate(values) if n == 0 or value != values[n - 1]]
    for start, end in pairwise([*starts, len(values)]):
        if end - start > 1:
            for n in range(start + 1, end):
                sheet.cell(first + n, column).value = None
            sheet.merge_cells(
                start_row=first + start,
                end_row=first + end - 1,
                start_column=column,
                end_column=column,
            )


def widths(sheet: Worksheet, *values: int) -> None:
    for n, width in enumerate(values):
        sheet.column_dimensions["ABCDEFGHIJKLMN"[n]].width = width


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]], name: str) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    first = heading(sheet, title, (), len(head))
    fill(sheet, first, [head])
    for cell in sheet[first]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDDDDD")
    end = fill(sheet, first + 1, rows)
    box(sheet, range(first, end), len(head))
    widths(sheet, *[18] * len(head))
    book.save(DEMO / name)


def write_units(hospital: dict) -> None:
    kinds = {
        "administrative": "行政",
        "logistics": "后勤",
        "medical_technical": "医技",
        "clinical": "临床",
    }
    home, bureau, other = hospital["hospital"], hospital["bureau"], hospital["other_hospital"]
    rows = [
        [bureau, "", "卫健局", "", "青湖市卫健局、市卫健局", "", ""],
        [home, bureau, "医院", "", "中心医院", "", ""],
        *(
            [
                name,
                home,
                "科室",
                kinds[category],
                aliases,
                "是" if "P" in flags else "否",
                "是" if "S" in flags else "否",
            ]
            for name, aliases, category, flags, _leader in map(split, hospital["departments"])
        ),
        [other, bureau, "医院", "", "妇幼保健院", "", ""],
        *([name, other, "科室", "行政", "", "否", "否"] for name in hospital["other_departments"]),
    ]
    head = ["单位名称", "上级单位", "单位类型", "科室类别", "其他名称", "管人财物", "服务患者"]
    table("机构科室一览表", head, rows, "units.xlsx")


def write_people(people: Sequence[Person]) -> None:
    head = ["工号", "姓名", "所在单位", "行政职务", "岗位", "分管科室"]
    table("人员岗位一览表", head, [[p[key] for key in head] for p in people], "people.xlsx")


def write_leadership(rows: Sequence[list[str]], categories: list[str], leaders: dict) -> None:
    """Two header rows with merged groups, the category merged downwards, a footer line."""
    book = Workbook()
    sheet = book.active
    sheet.title = "班子问题清单"
    first = heading(sheet, "青湖市中心医院领导班子作风问题清单", ["（内查，第一批）"], 10)
    top = ["序号", "问题", "", "整改", "", "", "", "责任", "", "备注"]
    sub = [
        "",
        "问题类别",
        "具体问题",
        "整改类型",
        "整改目标",
        "整改措施",
        "整改时限",
        "责任领导",
        "牵头科室",
        "",
    ]
    fill(sheet, first, [top, sub])
    for span in ("B3:C3", "D3:G3", "H3:I3", "A3:A4", "J3:J4"):
        sheet.merge_cells(span)
    rows = sorted(rows, key=lambda row: row[0])
    names = [categories[int(row[0]) - 1] for row in rows]
    body = [
        [
            n,
            names[n - 1],
            row[1],
            row[4],
            row[7],
            row[6],
            row[5],
            leaders.get(row[2], ""),
            row[2],
            "",
        ]
        for n, row in enumerate(rows, start=1)
    ]
    end = fill(sheet, first + 2, body)
    merge_runs(sheet, 2, first + 2, names)
    box(sheet, range(first, end + 12), 10)
    sheet.cell(end + 13, 1, "填报人：          审核人：          填报日期：")
    widths(sheet, 6, 16, 44, 10, 28, 34, 16, 10, 14, 10)
    hidden = book.create_sheet("填表说明")
    hidden["A1"] = "问题表述要具体，措施要可检查。"
    hidden.sheet_state = "hidden"
    book.save(DEMO / "leadership-problem-list.xlsx")


def write_departments(rows: Sequence[list[str]], categories: list[str]) -> None:
    """One sheet for all departments, the department merged downwards, dates with full-width digits."""
    book = Workbook()
    sheet = book.active
    sheet.title = "科室自查汇总"
    lines = ["汇总单位：整治办                    汇总日期：2026年11月"]
    first = heading(sheet, "各科室作风建设自查问题汇总表", lines, 9)
    fill(
        sheet,
        first,
        [
            [
                "序号",
                "牵头科室",
                "问题类别",
                "存在问题",
                "问题来源",
                "方法措施",
                "目标要求",
                "责任科室",
                "完成时限",
            ]
        ],
    )
    body = []
    for n, row in enumerate(rows, start=1):
        deadline = row[5].translate(FULL_WIDTH) if n % 9 == 0 else row[5]
        number = str(n) if n % 7 == 0 else n
        source = "内查"
        body.append(
            [
                number,
                row[2],
                categories[int(row[0]) - 1],
                row[1],
                source,
                row[6],
                row[7],
                row[3],
                deadline,
            ]
        )
    end = fill(sheet, first + 1, body)
    merge_runs(sheet, 2, first + 1, [row[2] for row in rows])
    box(sheet, range(first, end + 120), 9)
    widths(sheet, 6, 14, 14, 44, 9, 30, 28, 20, 18)
    book.save(DEMO / "department-self-examinations.xlsx")


def write_opinions(rows: Sequence[list[str]], categories: list[str]) -> None:
    """As the hotline desk keeps it: no measures, a second department in the same cell, placeholders."""
    book = Workbook()
    sheet = book.active
    sheet.title = "外查意见登记"
    first = heading(sheet, "群众意见登记台账（意见箱、热线、征求意见表）", [], 8)
    fill(
        sheet,
        first,
        [
            [
                "编号",
                "反映问题",
                "来源",
                "类别",
                "牵头\n部门",
                "责任部门／责任人",
                "整改类型",
                "办结时限",
            ]
        ],
    )
    sources = ["外查（举报信箱）", "外查（热线）", "外查", "外查（征求意见表）"]
    body = [
        [n, row[1], sources[n % 4], categories[int(row[0]) - 1], row[2], row[3], row[4], row[5]]
        for n, row in enumerate(rows, start=1)
    ]
    end = fill(sheet, first + 1, body)
    box(sheet, range(first, end), 8)
    widths(sheet, 6, 46, 16, 16, 14, 22, 12, 18)
    book.save(DEMO / "opinion-register.xlsx")


def write_inspections(rows: Sequence[list[str]], categories: list[str]) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "明查暗访"
    lines = ["检查组：第三督查组", "检查方式：不打招呼、不定时间、不定路线"]
    first = heading(sheet, "明查暗访发现问题清单", lines, 9)
    fill(
        sheet,
        first,
        [
            [
                "序号",
                "问题来源",
                "问题描述",
                "问题类别",
                "整改要求（措施）",
                "整改标准",
                "整改责任单位",
                "牵头单位",
                "整改期限",
            ]
        ],
    )
    body = [
        [
            n,
            "暗访" if n % 3 else "明查",
            row[1],
            categories[int(row[0]) - 1],
            row[6],
            row[7],
            row[3],
            row[2],
            row[5],
        ]
        for n, row in enumerate(rows, start=1)
    ]
    end = fill(sheet, first + 1, body)
    merge_runs(sheet, 2, first + 1, [str(row[1]) for row in body])
    box(sheet, range(first, end), 9)
    widths(sheet, 6, 9, 46, 16, 28, 26, 20, 14, 16)
    book.save(DEMO / "covert-inspections.xlsx")


def write_finished(rows: Sequence[list[str]], categories: list[str], leaders: dict) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "整改台账"
    first = heading(sheet, "“行风提升年”活动整改台账", ["填报单位：青湖市中心医院"], 9)
    fill(
        sheet,
        first,
        [
            [
                "序号",
                "问题类别",
                "具体问题",
                "整改目标",
                "整改措施",
                "分管领导",
                "牵头科室",
                "整改类型",
                "整改时限",
            ]
        ],
    )
    rows = sorted(rows, key=lambda row: row[0])
    names = [categories[int(row[0]) - 1] for row in rows]
    body = [
        [n, names[n - 1], row[1], row[7], row[6], leaders.get(row[2], ""), row[2], row[4], row[5]]
        for n, row in enumerate(rows, start=1)
    ]
    end = fill(sheet, first + 1, body)
    merge_runs(sheet, 2, first + 1, names)
    box(sheet, range(first, end), 9)
    widths(sheet, 6, 16, 40, 24, 28, 10, 14, 12, 16)
    book.save(DEMO / "finished-campaign-ledger.xlsx")


def main() -> None:
    hospital = tomllib.loads((DEMO / "hospital.toml").read_text(encoding="utf-8"))
    problems = tomllib.loads((DEMO / "problems.toml").read_text(encoding="utf-8"))
    people = people_of(hospital)
    write_units(hospital)
    write_people(people)
    leaders = {
        unit: person["姓名"]
        for person in people
        if person["分管科室"]
        for unit in person["分管科室"].split("、")
    }
    rows = {
        key: [split(row) for row in value]
        for key, value in problems.items()
        if isinstance(value, list)
    }
    categories = problems["categories"]
    write_leadership(rows["leadership"], categories, leaders)
    write_departments(rows["departments"], categories)
    write_opinions(rows["opinions"], categories)
    write_inspections(rows["inspections"], categories)
    write_finished(rows["finished"], categories, leaders)
    for path in sorted(DEMO.glob("*.xlsx")):
        print(path.name, path.stat().st_size)
    print(len(people), "people")


if __name__ == "__main__":
    main()
