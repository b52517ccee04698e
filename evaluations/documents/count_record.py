"""The count record that the commission signs: how many, and nothing of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from ballots.queries import in_groups
from core.documents import Column, Row
from core.official import (
    Heading,
    OfficialPaper,
    Paragraph,
    Signatures,
    SigningLine,
    Table,
    render_official,
)
from core.official.paper import written_date
from core.templatetags.kit import cn_time
from evaluations.queries.tallies import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.official import Block
    from evaluations.models import Round
    from evaluations.queries.tallies import Line, Record

LANGUAGE = "zh-hans"


def count_record_pdf(round_: Round) -> bytes:
    with translation.override(LANGUAGE):
        return render_official(count_record_paper(round_))


def count_record_paper(round_: Round) -> OfficialPaper:
    return OfficialPaper(
        title=f"{round_.name}计票记录",
        body=list(_body(round_, record(round_))),
        author=round_.campaign.host.name,
        subject=round_.campaign.name,
    )


def _body(round_: Round, found: Record) -> Iterator[Block]:
    election = round_.election
    assert election is not None and round_.counted_on is not None  # noqa: S101, PT018 -- counted
    yield Paragraph(
        f"投票时间：{cn_time(round_.opens_at)}至{cn_time(round_.closes_at)}。"
        f"计票日期：{written_date(round_.counted_on)}。"
        "监票小组两名成员输入密钥份额后一次开箱，计票后票箱密钥已销毁。"
    )
    yield Heading(1, "总数")
    yield Paragraph(_in_words(found.total, found.k))
    if found.comments:
        yield Paragraph(
            f"评语另箱：应到{found.comments.eligible}人次，收回{found.comments.accepted}张。"
        )
    yield Heading(1, "各评议对象")
    yield Table(COLUMNS, [_row(line, found.k) for line in found.heads])
    yield Paragraph(
        f"收回的票数不多于发出的票数，有效。参评率达到{found.quorum_percent}%且有效票不少于"
        f"{found.k}张的才定级。票箱不足{found.k}票的不写数字，所在对象的有效、弃权、无效票以“—”表示。"
    )
    yield Heading(1, "核对")
    yield Paragraph(f"规则摘要：{in_groups(election.digest, ' ')}", is_flush=True)
    yield Paragraph(f"复核包摘要：{in_groups(round_.bundle_sha256, ' ')}", is_flush=True)
    members = round_.commission.select_related("person").order_by("seat")
    yield Signatures([SigningLine(f"{one.person.name}（{one.stands_for}）") for one in members])


COLUMNS = [
    Column("评议对象", 16),
    Column("应到", 7, is_short=True),
    Column("发出", 7, is_short=True),
    Column("扫码票", 8, is_short=True),
    Column("收回", 7, is_short=True),
    Column("有效", 8, is_short=True),
    Column("弃权", 8, is_short=True),
    Column("无效", 8, is_short=True),
    Column("参评率", 9, is_short=True),
]


def _row(line: Line, k: int) -> Row:
    cells = [line.name, *(str(n) for n in (line.eligible, line.issued, line.slips))]
    cells.append(str(line.accepted) if line.accepted >= k else f"不足{k}票")
    cells += _judged(line, k)
    cells.append("达到" if line.is_quorate else "未达到")
    return Row(line.name, cells)


def _judged(line: Line, k: int) -> Sequence[str]:
    if line.judged:
        return [str(n) for n in line.judged]
    return ["—" if line.accepted >= k else f"不足{k}票"] * 3


def _in_words(line: Line, k: int) -> str:
    given = f"应到{line.eligible}人次，发出手机票{line.issued}张、扫码票{line.slips}张，"
    if line.judged is None:
        return f"{given}收回{line.accepted}张；有票箱不足{k}票，有效、弃权、无效票不单列。"
    valid, abstained, invalid = line.judged
    return f"{given}收回{line.accepted}张，其中有效{valid}张、弃权{abstained}张、无效{invalid}张。"
