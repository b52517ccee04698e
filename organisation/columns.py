"""The lists that the organisation is brought in from, and how offices head their columns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workbooks.columns import Column, Columns, Kind

UNIT_COLUMNS = Columns(
    Column("number", _("No."), ("序号", "编号"), kind=Kind.NUMBER, width=6),
    Column(
        "name",
        _("Name of the unit"),
        ("科室名称", "单位名称", "部门名称", "名称", "科室", "单位", "部门", "科室(部门)"),
        required=True,
        longest=100,
        width=28,
    ),
    Column(
        "parent",
        _("Superior unit"),
        ("上级单位", "上级部门", "上级科室", "所属单位", "所属部门", "隶属"),
        longest=100,
        width=24,
    ),
    Column(
        "kind",
        pgettext_lazy("unit", "Kind"),
        ("单位类型", "机构类型", "类型", "层级"),
        kind=Kind.CHOICE,
        must_match=True,
        choices={
            "department": ("科室", "部门", "处室", "病区"),
            "hospital": ("医院", "院区", "事业单位"),
            "bureau": ("卫健委", "卫健局", "主管部门", "卫生健康委员会", "卫生健康局"),
        },
        width=12,
    ),
    Column(
        "category",
        pgettext_lazy("unit", "Category"),
        ("科室类别", "科室分类", "分类", "类别", "性质", "科室性质"),
        kind=Kind.CHOICE,
        must_match=True,
        choices={
            "clinical": ("临床", "临床科室"),
            "medical_technical": ("医技", "医技科室"),
            "administrative": ("行政", "职能", "行政职能", "职能科室", "行政科室", "机关"),
            "logistics": ("后勤", "后勤保障", "后勤科室"),
        },
        width=12,
    ),
    Column("aliases", _("Other names"), ("简称", "别名", "曾用名", "其他名称", "又称"), width=24),
    Column(
        "handles_resources",
        _("Handles people, money, materials"),
        ("管人财物", "人财物", "重点岗位", "涉人财物", "重点部门"),
        kind=Kind.YES_NO,
        width=12,
    ),
    Column(
        "serves_patients",
        _("Serves patients"),
        ("服务患者", "窗口", "窗口科室", "直接服务患者", "窗口单位"),
        kind=Kind.YES_NO,
        width=12,
    ),
)

PEOPLE_COLUMNS = Columns(
    Column("number", _("No."), ("序号",), kind=Kind.NUMBER, width=6),
    Column(
        "employee_number",
        _("Employee number"),
        ("工号", "职工号", "员工编号", "人员编号", "职工编号"),
        kind=Kind.NUMBER,
        required=True,
        longest=40,
    ),
    Column(
        "name",
        pgettext_lazy("person", "Name"),
        ("姓名", "职工姓名", "人员姓名"),
        required=True,
        longest=60,
    ),
    Column(
        "unit",
        _("Unit"),
        ("科室", "部门", "所在科室", "所在部门", "所在单位", "单位", "所属科室", "工作科室"),
        kind=Kind.UNIT,
        required=True,
        must_match=True,
        width=22,
    ),
    Column(
        "post",
        _("Post"),
        ("岗位", "职务", "角色", "职务类别", "岗位类别"),
        kind=Kind.CHOICE,
        must_match=True,
        choices={
            "staff": ("职工", "工作人员", "员工", "医生", "护士", "医师", "技师", "科员", "干事"),
            "head": ("科主任", "主任", "科长", "科室负责人", "负责人", "处长", "部长", "主持工作"),
            "deputy": ("副主任", "科副主任", "副科长", "副处长", "护士长", "科护士长"),
            "liaison": ("联络员", "兼职联络员"),
            "vice_president": ("副院长", "分管领导", "总会计师", "副局长", "副主任委员"),
            "discipline_secretary": ("纪委书记", "纪检书记", "纪检组长"),
            "president": ("院长", "局长"),
            "secretary": ("书记", "党委书记", "党总支书记"),
            "campaign_office": ("整治办", "作风办", "整治办成员", "专班成员"),
            "discipline_office": ("纪检", "纪检监察", "纪检干事", "纪检监察干部"),
        },
        width=14,
    ),
    Column("title", _("Title"), ("职称职务", "职务名称", "头衔", "行政职务"), longest=60),
    Column(
        "in_charge_of",
        _("In charge of"),
        ("分管科室", "分管部门", "分管"),
        kind=Kind.UNITS,
        width=28,
    ),
    Column("since", _("Since"), ("任职时间", "任职日期", "到岗时间"), kind=Kind.DATE),
    Column(
        "phone", _("Mobile phone"), ("手机", "手机号", "电话", "联系电话", "联系方式"), longest=20
    ),
    Column("email", _("E-mail"), ("邮箱", "电子邮箱", "电子邮件"), longest=254, width=22),
)
