"""A round from its plan to its publication, each step by the person whose it is; at 1093 px, in Chinese."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from evaluations.models import Round
from evaluations.states import RoundState
from tests.evaluations.factories import at, hours
from tests.organisation.factories import holder

SHARE = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}")


@pytest.fixture
def staffed(hospital):
    """Enough people for every group to hide in."""
    for n in range(6):
        holder("staff", hospital.outpatient, f"门诊护士{n}")
        holder("staff", hospital.surgery, f"普外医生{n}")
    return hospital


def test_a_round_from_its_plan_to_its_publication(visit, staffed):
    hospital = staffed
    office = visit(hospital.office)
    plan(office, hospital)
    round_ = Round.objects.get()

    shares = make_the_key(visit(hospital.discipline2), round_)
    assert len(set(shares)) == 3

    freeze(office, round_)
    notice = office.tab.request.get(f"{office.host}{url('notice', round_)}")
    assert notice.headers["content-type"] == "application/pdf"
    at(round_, tickets_from=hours(-30), opens_at=hours(-20), closes_at=hours(-1))

    count(visit(hospital.liaison), round_, shares)

    publish(visit(hospital.secretary), round_)
    assert Round.objects.get().published_on == timezone.localdate()


def url(name, round_):
    return reverse(f"evaluations:{name}", args=[round_.campaign_id, round_.number])


def plan(office, hospital):
    office.goes_to("/")
    office.taps_link("民主评议", office.tab.locator("#side-menu"), exact=True)
    office.taps_link("新建第一轮", office.main)
    office.taps_button("保存，去选评议对象", office.main)
    office.sees(re.compile("评议计划已保存"))
    office.tab.get_by_label(re.compile("评议 门诊主任")).check()
    office.tab.get_by_label(re.compile("评议 普外主任")).check()
    office.taps_button("保存名单", office.main)
    office.sees(re.compile("已选定 2 名评议对象"), re.compile("下一步：评议组和权重"))
    office.taps_link("评议组和权重", office.main)
    office.taps_button(re.compile("套用这一套 两类"), office.main)
    office.sees("100%")
    office.taps_link("匿名性检查", office.main)
    office.sees("每个票箱都能藏住投票人")
    office.goes_to(url("commission", Round.objects.get()))
    for seat, person in ((1, "纪检乙"), (2, "门诊联络员"), (3, "普外医生 ·")):
        office.chooses(f"第 {seat} 份密钥保管人", person)
    office.taps_button("确定监票小组", office.main)
    office.sees(re.compile("监票小组已确定"))


def make_the_key(member, round_):
    """The shares as they are read from the screen; none of them is sent, stored or left in the page."""
    sent = []
    member.tab.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    member.goes_to(round_.get_absolute_url())
    member.taps_link("制作密钥", member.main)
    member.taps_button("现在制作密钥")
    shares = []
    for seat in (1, 2, 3):
        member.sees(re.compile(f"现在请 {seat} 号保管人.*单独看屏幕"))
        member.taps_button("只有我在看，显示我的份额")
        shown = member.main.locator(".share-shown")
        expect(shown).to_have_text(SHARE)
        shares.append(shown.inner_text())
        if seat == 1:  # a careless keeper is not let through
            member.taps_button("收起，请下一位")
            member.sees(re.compile("与屏幕上的不一致"))
        member.main.get_by_label("已抄写并核对").check()
        member.writes("照纸上输入最后四位", shares[-1][-4:])
        member.taps_button("收起，请下一位")
    member.sees(re.compile("密钥已制作"))
    kept = member.tab.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    for share in shares:
        assert not any(share in one or share.replace("-", "") in one for one in [*sent, kept])
        assert share not in member.tab.content()
    assert any('"wrapped"' in one for one in sent)
    return shares


def freeze(office, round_):
    office.goes_to(round_.get_absolute_url())
    office.taps_link("封定规则", office.main)
    office.sees(re.compile("服务器的保密设置不齐"))
    office.writes("仍要封定的理由", "演示")
    office.taps_button("现在封定", office.main)
    office.sees(re.compile("规则已封定"), "规则摘要")
    assert Round.objects.get().state == RoundState.FROZEN


def count(keeper, round_, shares):
    keeper.goes_to(round_.get_absolute_url())
    keeper.taps_link("开箱计票", keeper.main)
    keeper.writes("一份密钥份额", shares[2])
    keeper.writes("另一份密钥份额", shares[2])
    keeper.taps_button("开始计票", keeper.main)
    keeper.sees(re.compile("输入了两次|同一份"))
    assert keeper.field("一份密钥份额").first.input_value() == ""
    keeper.writes("一份密钥份额", shares[0].lower())
    keeper.writes("另一份密钥份额", shares[2])
    keeper.taps_button("开始计票", keeper.main)
    keeper.sees(re.compile("计票完成"))


def publish(secretary, round_):
    secretary.goes_to(round_.get_absolute_url())
    secretary.taps_link("公布结果", secretary.main)
    secretary.sees(re.compile("结果只公布一次"))
    secretary.taps_button("公布结果", secretary.main)
    secretary.sees(re.compile("结果已公布"))
    assert Round.objects.get().state == RoundState.PUBLISHED
