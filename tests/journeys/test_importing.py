"""The office brings in the workbook that departments sent, mends what is wrong, and has the list."""

import datetime as dt
import re

import pytest
from openpyxl import Workbook
from openpyxl.styles import Border, Side

from issues.models import Issue

DUE = dt.date(2099, 11, 30)
HEADINGS = ["序号", "问题类别", "问题描述", "责任科室", "整改时限"]


@pytest.fixture
def workbook(tmp_path):
    """As it comes: a title over all columns, a category merged over two rows, blank rows with borders."""
    book = Workbook()
    sheet = book.active
    sheet.title = "问题清单"
    sheet.append(["2026年作风建设问题清单"])
    sheet.merge_cells("A1:E1")
    sheet.append(HEADINGS)
    sheet.append([1, "麻痹懈怠、服务不够", "挂号窗口排队时间长", "门诊部", "2099年11月30日"])
    sheet.append([2, None, "术前谈话流于形式", "普外可", "立行立改"])
    sheet.append([3, "麻痹懈怠、服务不够", "检验报告出具不及时", "检验科", "2099年2月30日"])
    sheet.merge_cells("B3:B4")
    for row in range(6, 26):
        sheet.cell(row, 1).border = Border(bottom=Side("thin"))
    path = tmp_path / "各科室问题清单.xlsx"
    book.save(path)
    return path


def test_a_workbook_comes_in_after_its_faults_are_mended(visit, hospital, workbook):
    office = visit(hospital.office)
    office.goes_to("/")
    office.taps_link("问题清单", office.tab.locator("#side-menu"))
    office.taps_link("导入表格", office.main)
    office.main.locator("input[type=file]").set_input_files(workbook)
    office.taps_button("上传并检查")

    office.sees("各科室问题清单.xlsx")
    everything = office.main.locator("#import-rows")
    office.taps_on(everything.get_by_role("link", name=re.compile("全部")))
    office.sees("D4", "是不是：", within=everything)
    office.sees("E5", within=everything)
    office.taps_button("普外科", everything, exact=True)
    office.sees(re.compile("可导入 3 行"), within=everything)
    office.taps_button("导入全部 3 行", everything)

    office.sees("共 3 条问题")
    assert office.taps <= 6
    assert list(
        Issue.objects.order_by("number").values_list(
            "text", "category__name", "responsible_departments__name", "deadline_text", "due_on"
        )
    ) == [
        ("挂号窗口排队时间长", hospital.category.name, "门诊部", "2099年11月30日", DUE),
        ("术前谈话流于形式", hospital.category.name, "普外科", "立行立改", None),
        ("检验报告出具不及时", hospital.category.name, "检验科", "2099年2月30日", None),
    ]
