"""What a list of problems may hold, and how offices head it. Used to read lists and to write them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.workbooks.columns import Column, Columns, Kind

SOURCES = {
    "internal": ("内查", "自查", "自查自纠", "班子自查", "科室自查", "内部检查"),
    "external": ("外查", "意见箱", "征求意见", "问卷调查", "满意度调查", "群众反映", "投诉"),
    "open_inspection": ("明查", "检查", "督查", "督导检查"),
    "covert_inspection": ("明查暗访", "暗访", "暗查"),
    "exposure": ("曝光", "媒体曝光", "曝光会"),
    "party_inspection": ("巡察", "巡视", "巡察反馈", "巡视反馈"),
    "report": ("举报", "信访", "信访举报", "举报信箱", "12345"),
    "superior": ("上级交办", "交办", "上级反馈", "上级督办"),
}
CLASSES = {
    "immediate": ("即时整改", "即时", "立行立改", "立即整改", "立整立改", "即知即改"),
    "phased": ("阶段整改", "阶段性整改", "阶段", "限期整改", "限时整改"),
    "long_term": ("长期整改", "长期", "长期坚持", "持续整改", "持续推进"),
}
"""The first word of each is the one that is written out."""
EVERYBODY = "全院各科室"
HEADS_ARE_CALLED = ("主任", "科长", "负责人")
"""After the name of the department: 门诊部主任 is its head."""

ISSUE_COLUMNS = Columns(
    Column(
        "number",
        _("No."),
        "序号 编号 问题编号 问题序号 台账编号 项目编号",
        kind=Kind.NUMBER,
        width=16,
    ),
    Column(
        "category",
        _("Category"),
        "问题类别 类别 问题类型 问题分类 主要任务 一级类别 对照类别",
        width=18,
    ),
    Column(
        "subcategory",
        _("Subcategory"),
        "工作任务 二级类别 具体类别 子类别 重点任务 问题小类",
        width=18,
    ),
    Column(
        "text",
        _("Problem"),
        "问题 存在问题 具体问题 问题描述 问题表现 反馈问题 整改任务 简要情况 隐患问题描述 任务内容 "
        "存在的问题 主要问题 突出问题 问题内容 具体表现 查摆问题 反映问题 发现问题 存在的具体问题",
        required=True,
        width=48,
    ),
    Column(
        "source",
        _("Source"),
        "问题来源 来源 编号来源 发现途径 发现方式 查找方式",
        kind=Kind.CHOICE,
        choices=SOURCES,
    ),
    Column(
        "found_on",
        _("Found on"),
        "发现时间 发现日期 检查时间 检查日期 查找时间 登记时间 登记日期",
        kind=Kind.DATE,
    ),
    Column(
        "place", _("Place"), "地点 发现地点 检查地点 检查工点 部位 发生地点", width=16, longest=100
    ),
    Column(
        "is_grave", _("Grave"), "是否重大 重大问题 是否严重 严重问题", kind=Kind.YES_NO, width=8
    ),
    Column(
        "rectification_class",
        _("Rectification class"),
        "整改类型 整改类别 整改性质 整改方式",
        kind=Kind.CHOICE,
        choices=CLASSES,
    ),
    Column(
        "target",
        _("Rectification target"),
        "整改目标 目标要求 整改标准 销号标准 目标 预期目标 完成标准",
        width=28,
    ),
    Column(
        "measures",
        _("Rectification measures"),
        "整改措施 措施 方法措施 整改要求(措施) 整改要求 整改要求和建议 具体措施 工作措施 整改举措 整改建议",
        width=40,
    ),
    Column(
        "leader",
        _("Responsible leader"),
        "责任领导 分管领导 牵头领导 包案领导 责任院领导 分管院领导 牵头院领导",
        kind=Kind.PERSON,
    ),
    Column(
        "lead_department",
        _("Lead department"),
        "牵头科室 牵头部门 牵头单位 主责科室 主责部门 主办科室",
        kind=Kind.UNITS,
        width=18,
    ),
    Column(
        "departments",
        _("Responsible departments"),
        "责任科室 责任部门 责任单位 责任主体 整改责任单位 责任股室 整改责任科室 整改责任部门 整改单位 "
        "整改科室 配合科室 协办科室",
        kind=Kind.UNITS,
        width=24,
    ),
    Column(
        "person",
        _("Person in charge"),
        "责任人 整改责任人 具体责任人 经办人 科室责任人 直接责任人",
        kind=Kind.PERSON,
    ),
    Column(
        "deadline",
        _("Deadline"),
        "整改时限 完成时限 整改期限 办结期限 办结时限 化解时限 时限进度 时限 时限要求 完成时间 整改时间 "
        "整改完成时限 计划完成时间 完成期限",
        kind=Kind.DEADLINE,
        longest=200,
        width=18,
    ),
    Column(
        "progress",
        _("Progress"),
        "整改进展 进展情况 完成情况 整改完成情况 整改情况 化解情况 工作进展 整改落实情况 进度",
        width=28,
    ),
    Column("sign_off", _("Sign-off"), "销号情况 是否销号 销号时间 销号状态 销号"),
    Column("state", _("State"), "状态 问题状态"),
    Column("remarks", _("Remarks"), "备注 说明 备注说明", width=18),
)
"""In the order of the ledger. ``number`` is the list's own and never becomes that of the problem."""
