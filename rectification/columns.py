"""The columns of the ledger, for page, workbook and paper, and how they are headed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workbooks.columns import Column, Columns, Kind
from issues.columns import ISSUE_COLUMNS

LEDGER_COLUMNS = Columns(
    Column(
        "number",
        _("Ledger number"),
        "编号 台账编号 序号",
        kind=Kind.NUMBER,
        required=True,
        width=14,
    ),
    ISSUE_COLUMNS["category"],
    ISSUE_COLUMNS["subcategory"],
    ISSUE_COLUMNS["text"],
    ISSUE_COLUMNS["source"],
    ISSUE_COLUMNS["rectification_class"],
    ISSUE_COLUMNS["target"],
    ISSUE_COLUMNS["measures"],
    ISSUE_COLUMNS["leader"],
    ISSUE_COLUMNS["lead_department"],
    ISSUE_COLUMNS["departments"],
    ISSUE_COLUMNS["person"],
    Column(
        "original_deadline", _("Original deadline"), "原时限 原定时限 原完成时限", kind=Kind.DATE
    ),
    Column("deadline", _("Current deadline"), "现时限 整改时限 完成时限", kind=Kind.DATE, width=14),
    Column("light", pgettext_lazy("ledger", "Light"), "亮灯 时限状态", width=10),
    Column("progress", _("Progress"), "整改进展 进展情况", width=30),
    Column(
        "evidence_count", _("Pieces of evidence"), "佐证材料 佐证件数", kind=Kind.NUMBER, width=8
    ),
    Column("attempts", _("Attempts at sign-off"), "销号申请次数", kind=Kind.NUMBER, width=8),
    Column("state", _("State"), "状态 销号情况", width=12),
    Column("closed_on", _("Signed off on"), "销号时间 销号日期", kind=Kind.DATE),
    Column("remarks", _("Remarks"), "备注 说明", width=20),
)
"""All columns, in the order in which offices keep a ledger."""

ON_A4 = {
    "number": 11,
    "text": 23,
    "rectification_class": 9,
    "measures": 24,
    "leader": 9,
    "lead_department": 11,
    "deadline": 10,
    "progress": 16,
    "state": 9,
}
"""The nine columns that fit on A4 across, with their share of its width."""

ON_A3 = {
    "number": 6,
    "category": 4,
    "text": 10,
    "source": 3,
    "rectification_class": 3,
    "target": 6,
    "measures": 10,
    "leader": 4,
    "lead_department": 4,
    "departments": 5,
    "person": 4,
    "original_deadline": 5,
    "deadline": 5,
    "light": 4,
    "progress": 7,
    "evidence_count": 3,
    "attempts": 3,
    "state": 5,
    "closed_on": 5,
    "remarks": 4,
}
"""Everything, for A3 across, in hundredths of its width."""

HEADED = {
    "A4": {
        "lead_department": _("Departments and person in charge"),
        "deadline": _("Deadline (original)"),
        "state": _("State and light"),
    },
    "A3": {
        "rectification_class": _("Class"),
        "evidence_count": _("Evidence"),
        "attempts": pgettext_lazy("column", "Tries"),
    },
}
"""Where paper heads a column otherwise: two in one cell on A4, fewer words on A3."""
