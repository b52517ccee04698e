"""From a problem to its sign-off, each step by the one whose turn it is; the others see no button."""

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from rectification.models import LedgerItem, Outcome
from tests.issues.factories import IssueFactory
from tests.journeys.visitor import PHONE
from tests.rectification.factories import EvidenceFactory, an_item
from tests.world import PNG

TEXT = "取药窗口排队超过一小时,没有人疏导"
CODE = re.compile(r"\d{4}-ZF-001")


@pytest.fixture
def photo(tmp_path):
    """As a phone takes it: a JPEG, a little larger than a stamp."""
    path, picture = tmp_path / "取药窗口.jpg", io.BytesIO()
    Image.new("RGB", (640, 480), (200, 60, 40)).save(picture, "JPEG")
    path.write_bytes(picture.getvalue())
    return path


def item_address(item):
    return reverse("rectification:detail", args=[item.campaign_id, item.number])


def opens(visitor, item, *, sees=(), but_no=()):
    visitor.goes_to(item_address(item))
    for name in sees:
        visitor.link(name, visitor.main, exact=True).first.wait_for()
    for name in but_no:
        assert visitor.link(name, visitor.main, exact=True).count() == 0, name


def takes(visitor, step, **words):
    """Presses the step on the item's page, writes what it asks, and presses it there."""
    visitor.taps_link(step, visitor.main, exact=True)
    for label, text in words.items():
        visitor.writes(label, text)
    visitor.taps_button(step, visitor.main)


def test_a_problem_goes_all_the_way_to_sign_off_by_the_right_people(visit, hospital, photo):
    issue = IssueFactory(
        campaign=hospital.campaign,
        number=1,
        text=TEXT,
        reported_by=hospital.staff2,
        responsible_departments=[hospital.outpatient],
    )
    office, leader, head = visit(hospital.office), visit(hospital.vp), visit(hospital.head)
    liaison = visit(hospital.liaison, width=PHONE)
    discipline = visit(hospital.discipline)

    item = the_office_confirms_with_a_plan(office, issue)
    assert visit(hospital.vp2).goes_to(item_address(item)) == 404
    the_leader_approves_and_the_head_claims(leader, head, item)
    the_liaison_works_on_it_by_phone(liaison, item, photo)
    the_head_checks(head, item)
    the_discipline_office_opens_the_evidence_and_verifies(discipline, item)
    opens(office, item, but_no=["同意销号"])
    the_leader_approves_the_sign_off(leader, item)

    [attempt] = item.attempts.all()
    assert (attempt.applied_by, attempt.checked_by, attempt.verified_by, attempt.approved_by) == (
        hospital.liaison,
        hospital.head,
        hospital.discipline,
        hospital.vp,
    )
    assert attempt.outcome == Outcome.PASSED


def the_office_confirms_with_a_plan(office, issue):
    due = timezone.localdate() + dt.timedelta(days=20)
    office.goes_to("/")
    office.taps_link(re.compile(TEXT[:10]), office.main)
    office.sees("认定问题，明确整改责任", TEXT)
    office.chooses("牵头科室", "门诊部")
    office.chooses("责任领导", "副院长甲")
    office.chooses("整改类型", "阶段整改")
    office.writes("完成日期", due.isoformat())
    office.writes("整改目标", "患者平均候药时间不超过二十分钟")
    office.writes("整改措施", "增开两个弹性窗口\n安排专人疏导")
    office.taps_button("认定，审下一条")
    office.sees(re.compile(f"{issue.code} 已认定并进入整改台账"))
    item = LedgerItem.objects.get(issue=issue)
    opens(office, item, sees=["填写方案", "方案报批"], but_no=["批准方案", "认领"])
    takes(office, "方案报批")
    office.sees("方案待批", re.compile("现在由谁办理： 副院长甲"))
    return item


def the_leader_approves_and_the_head_claims(leader, head, item):
    opens(leader, item, sees=["批准方案", "退回方案"], but_no=["认领"])
    takes(leader, "批准方案", 意见="同意，抓紧办")
    leader.sees("待认领", re.compile("现在由谁办理： 门诊部"))
    opens(head, item, sees=["认领"], but_no=["批准方案", "申请销号"])
    takes(head, "认领")
    head.sees(re.compile("已认领"))


def the_liaison_works_on_it_by_phone(liaison, item, photo):
    opens(liaison, item, sees=["填写进展", "申请销号"], but_no=["审核通过"])
    liaison.taps_link("填写进展", liaison.main)
    liaison.writes("最近做了什么", "弹性窗口已开，早高峰安排两人疏导")
    liaison.taps_button("保存进展")
    liaison.sees("弹性窗口已开，早高峰安排两人疏导")
    assert liaison.taps <= 3
    liaison.taps = 0
    liaison.taps_link("上传佐证", liaison.main)
    liaison.field("照片").set_input_files(photo)
    liaison.writes("材料说明", "整改后的取药大厅")
    liaison.taps_button("提交", liaison.main)
    liaison.sees("整改后的取药大厅", re.compile("已收到 1 份佐证材料"))
    assert liaison.taps + 1 <= 4  # and one to take the picture
    takes(liaison, "申请销号", 整改情况和成效="候药时间由六十分钟降到十八分钟")
    liaison.sees("待牵头科室审核")
    opens(liaison, item, sees=["撤回申请"], but_no=["审核通过", "核查通过"])


def the_head_checks(head, item):
    opens(head, item, sees=["审核通过", "审核退回"], but_no=["核查通过", "撤回申请"])
    takes(head, "审核通过", 牵头科室意见="情况属实，同意上报")
    head.sees("待核查")
    opens(head, item, but_no=["核查通过", "同意销号"])


def the_discipline_office_opens_the_evidence_and_verifies(discipline, item):
    opens(discipline, item, sees=["核查通过", "核查退回"], but_no=["同意销号"])
    discipline.taps_link("核查通过", discipline.main, exact=True)
    discipline.sees("还有 1 份佐证材料您没有打开过，核查通过前请逐份打开。")
    verifies(discipline, "现场看了三个时段，属实")
    discipline.sees(re.compile("请先逐份打开佐证材料，还有 1 份没有打开"))
    discipline.taps_link("整改后的取药大厅", discipline.main)
    discipline.tab.locator(".evidence-picture").wait_for()
    opens(discipline, item, sees=["核查通过"])
    discipline.sees("我已打开")
    discipline.taps_link("核查通过", discipline.main, exact=True)
    verifies(discipline, "现场看了三个时段，属实")
    discipline.sees("待审批")
    opens(discipline, item, but_no=["核查通过", "同意销号"])


def the_leader_approves_the_sign_off(leader, item):
    opens(leader, item, sees=["同意销号", "终签退回"])
    takes(leader, "同意销号", 意见="同意")
    leader.sees("已销号", re.compile("已同意 .* 销号"))


def verifies(visitor, opinion):
    for box in ("情况已查明", "责任已分清", "该处理的已处理到位", "问题已整改到位"):
        visitor.tab.get_by_label(box).check()
        visitor.taps += 1
    visitor.writes("核查内容、方式和结果", opinion)
    visitor.taps_button("核查通过", visitor.main)


def test_what_was_returned_becomes_the_checklist_of_the_next_application(visit, hospital):
    item = an_item(hospital, checked=True)
    EvidenceFactory(item=item, uploaded_by=hospital.liaison, content=PNG)

    discipline = visit(hospital.discipline)
    opens(discipline, item, sees=["核查退回"])
    discipline.taps_link("核查退回", discipline.main, exact=True)
    discipline.tab.get_by_label("只有过程，没有成效").check()
    discipline.writes("备注", "请补充整改前后的候诊时间")
    discipline.taps_button("核查退回", discipline.main)
    discipline.sees(re.compile("第 1 次申请被退回"), "请补充整改前后的候诊时间")

    liaison = visit(hospital.liaison)
    liaison.goes_to("/")
    liaison.sees("退回待改")
    opens(liaison, item, sees=["申请销号"])
    liaison.taps_link("申请销号", liaison.main, exact=True)
    liaison.writes("整改情况和成效", "补充了前后对比数据")
    liaison.taps_button("申请销号", liaison.main)
    liaison.sees("尚未保存，请先改正下列内容：", "退回原因：只有过程，没有成效")
    liaison.writes("退回原因：只有过程，没有成效", "附上整改前后各一周的候诊时间表")
    liaison.taps_button("申请销号", liaison.main)
    liaison.sees("待牵头科室审核", "附上整改前后各一周的候诊时间表")

    first, second = item.attempts.order_by("number")
    assert (first.outcome, second.outcome) == (Outcome.RETURNED, Outcome.PENDING)
    assert (second.checked_by, second.answers) == (
        None,
        [{"reason": "no_effect_shown", "answer": "附上整改前后各一周的候诊时间表"}],
    )
