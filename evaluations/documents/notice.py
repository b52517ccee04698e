"""The notice of a round: what everybody can hold against the screen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from audit import trail
from ballots.queries import in_groups
from campaign.models import Letterhead
from core.documents import Column, Row
from core.official import (
    Attachment,
    Heading,
    OfficialPaper,
    Paragraph,
    Table,
    render_official,
)
from core.official.paper import written_date
from core.templatetags.kit import cn_time
from evaluations.counting.rules import REAL_GRADES
from evaluations.models import Electorate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from core.official import Block
    from evaluations.models import Round

LANGUAGE = "zh-hans"


def notice_pdf(round_: Round) -> bytes:
    with translation.override(LANGUAGE):
        return render_official(notice_paper(round_))


def notice_paper(round_: Round) -> OfficialPaper:
    """Plain, or under the red head where the unit has one. Its number is given by the registry."""
    letterhead = Letterhead.objects.filter(unit=round_.campaign.host).first()
    return OfficialPaper(
        title=f"关于开展{round_.name}的通知",
        recipient="各科室",
        body=list(_body(round_)),
        attachments=[Attachment("评议对象和评议人", list(_rolls(round_)))],
        mark=letterhead.mark if letterhead else "",
        signature=letterhead.signing_organ if letterhead else round_.campaign.host.name,
        date=frozen_on(round_),
        has_seal=bool(letterhead and letterhead.has_seal),
        subject=round_.campaign.name,
    )


def frozen_on(round_: Round) -> dt.date:
    event = trail.of(round_).filter(action="evaluations.freeze_round").order_by("pk").first()
    return timezone.localdate(event.at if event else round_.state_since)


def _body(round_: Round) -> Iterator[Block]:
    heads = round_.subjects.count()
    yield Paragraph(
        f"按照“{round_.campaign.name}”安排，对{heads}名科室负责人"
        f"{written_date(round_.period_from)}至{written_date(round_.period_to)}的履职情况"
        "开展背靠背民主评议。有关事项通知如下。"
    )
    yield Heading(1, "评议对象和评议人")
    yield Paragraph(
        "评议对象、评议组、权重和每组人数见附件。任何人不评议本人；"
        "一人符合两个组的，只进排在前面的组。规则封定后，名册只能凭理由增加，增加情况公开。"
    )
    yield Heading(1, "评议内容和等次")
    yield from _grades(round_)
    yield Heading(1, "时间安排")
    yield Paragraph(
        f"领票：{cn_time(round_.tickets_from)}起。投票：{cn_time(round_.opens_at)}至"
        f"{cn_time(round_.closes_at)}。截止前可以改投，以最后一次为准。"
    )
    yield Heading(1, "怎样投票")
    yield from _how_to_vote(round_)
    yield Heading(1, "怎样保证匿名")
    yield from _how_it_is_anonymous(round_)
    yield Heading(1, "监票小组")
    members = round_.commission.select_related("person").order_by("seat")
    yield Paragraph(
        "；".join(f"{one.person.name}（{one.stands_for}）" for one in members)
        + "。三人各保管一份密钥份额，投票截止后任意两人到场才能开箱，此前任何人看不到结果。"
    )
    yield Heading(1, "规则封定")
    yield from _digests(round_)


def _grades(round_: Round) -> Iterator[Block]:
    rules = round_.rules
    worth = "、".join(f"{grade.label}{rules.values.of(grade.mark)}分" for grade in REAL_GRADES)
    yield Paragraph(
        f"从{'、'.join(round_.dimensions)}{len(round_.dimensions)}个方面评议，每个方面分"
        f"{worth}；“不了解”和未选不计入得分。"
    )
    bands = rules.bands
    yield Paragraph(
        f"加权得分四舍五入取整：{bands.good}分以上为好，{bands.fair}分以上为较好，"
        f"{bands.average}分以上为一般，{bands.average}分以下，或“差”票超过{rules.poor_share}的为差。"
        f"有效票不足{rules.k_grade}张，或参评率不到{rules.quorum_percent}%的，不定级。"
        "“差”由党委会认定后才有后续处理。"
    )


def _how_to_vote(round_: Round) -> Iterator[Block]:
    yield Paragraph(
        f"用自己的手机登录{settings.SITE_URL}{reverse('voting:home')}，系统自动领票；"
        "投票开始后打开投票页，逐人点选，点“投出”即可。请不要在公用电脑上投票。"
    )
    yield Paragraph(
        "没有手机、换了手机或不愿用手机的，到整治办抽取扫码票：背面朝上自己抽，"
        "扫码打开的页面不用登录，与手机投票进同一个票箱。"
    )
    if round_.with_comments:
        yield Paragraph(
            "可以另写评语，与评分分开投、分开计，截止后打乱次序，经审看才转达。请不要写能认出自己的话。"
        )


def _how_it_is_anonymous(round_: Round) -> Iterator[Block]:
    yield Paragraph(
        "系统发票时看不见票号，收票时不问是谁：投票不带登录信息，不记时间、不记网络地址；"
        "同一个票箱里的票每收一张就整箱重新加密，备份和数据库里都分不出先后。"
        f"少于{round_.rules.k_grade}人的票箱已经合并、声明为不匿名或取消。"
    )
    yield Paragraph(
        "结果公布后，各人手机自动核对自己的凭证在不在公示板上；凭证只证明“已计入”，看不出投了什么。"
    )
    if round_.override:
        yield Paragraph(f"特别说明：封定时服务器的保密设置不齐，仍予封定。理由：{round_.override}")


def _digests(round_: Round) -> Iterator[Block]:
    election = round_.election
    assert election is not None  # noqa: S101 -- frozen
    key = hashlib.sha256(bytes(election.seal_key or b"")).hexdigest()
    yield Paragraph(
        "名册、评议组、权重、等次规则和密钥已经封定，投票页上显示的规则摘要应当与下面一致，"
        "不一致的请勿投票，并向监票小组反映。"
    )
    yield Paragraph(f"规则摘要：{in_groups(election.digest, ' ')}", is_flush=True)
    yield Paragraph(f"密钥摘要：{in_groups(key, ' ')}", is_flush=True)


def _rolls(round_: Round) -> Iterator[Block]:
    """Every head with the groups, their weight and how many people are in each."""
    rows: dict[int, list[Electorate]] = {}
    found = Electorate.objects.filter(subject__round=round_, is_for_comments=False)
    for one in found.select_related("subject__person", "subject__unit").order_by(
        "subject__position", "subject", "code", "pk"
    ):
        rows.setdefault(one.subject_id, []).append(one)
    columns = [
        Column("序号", 5, is_short=True),
        Column("姓名", 10, is_short=True),
        Column("科室和职务", 19),
        Column("评议组（权重，人数）", 34),
    ]
    yield Table(columns, [_row(at, of_one) for at, of_one in enumerate(rows.values(), 1)])


def _row(place: int, electorates: Sequence[Electorate]) -> Row:
    subject = electorates[0].subject
    groups = "；".join(
        f"{one.label}（{one.weight}%，{one.eligible}人{'，不匿名' if one.is_named else ''}）"
        for one in electorates
    )
    name = subject.person.name
    return Row(name, [str(place), name, f"{subject.unit.name}{subject.post_title}", groups])
