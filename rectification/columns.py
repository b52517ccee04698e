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
    "text": 24,
    "rectification_class": 7,
    "measures": 22,
    "leader": 7,
    "lead_department": 9,
    "deadline": 10,
    "progress": 20,
    "state": 8,
}
"""The nine columns that fit on A4 across, with their share of its width."""

ON_A3 = {
    "number": 11,
    "category": 9,
    "text": 24,
    "source": 6,
    "rectification_class": 6,
    "target": 14,
    "measures": 22,
    "leader": 7,
    "lead_department": 9,
    "departments": 11,
    "person": 7,
    "original_deadline": 10,
    "deadline": 10,
    "light": 8,
    "progress": 18,
    "evidence_count": 5,
    "attempts": 5,
    "state": 8,
    "closed_on": 10,
    "remarks": 10,
}
"""Everything, for A3 across."""
