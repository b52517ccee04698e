"""The record of an admonition talk (诫勉谈话记录), and the sheet on which a case is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from core.official import Fact, Facts, OfficialPaper, Paragraph, Signatures, SigningLine
from core.official.paper import written_date
from evaluations.counting.ladder import Rung
from evaluations.queries.outcomes import margin
from evaluations.queries.standing import standing

if TYPE_CHECKING:
    from evaluations.actions import Execution
    from evaluations.models import Confirmation, Consequence
    from evaluations.queries.outcomes import Outcome
    from evaluations.queries.standing import Link
    from organisation.models import Person

PAPER_LANGUAGE = "zh-hans"
CONFIDENTIAL = "内部资料　注意保密"
RUNGS = {
    Rung.NONE: "不作处理",
    Rung.REMINDER_LETTER: "发函提醒",
    Rung.ADMONITION_TALK: "诫勉谈话",
    Rung.TRANSFER_OR_REMOVAL: "调离岗位或免职",
}
"""Papers are Chinese, whatever language their reader has chosen."""


def talk_paper(consequence: Consequence, execution: Execution, *, is_draft: bool) -> OfficialPaper:
    """Who spoke with whom, when, where, why, what was said and demanded, and lines to sign on."""
    subject = consequence.subject
    round_ = subject.round
    talk = execution.talk
    day = written_date(execution.on)
    when = f"{day}{talk.starts_at:%H:%M}" if talk else day
    cause = (
        f"在{round_.name}中结果为“差”，{written_date(consequence.confirmation.decided_on)}"
        f"经党委研究认定，连续第{consequence.confirmation.consecutive}次。"
    )
    answer = (
        f"请于{written_date(execution.reply_due_on)}前书面报告整改情况。"
        if execution.reply_due_on
        else ""
    )
    return OfficialPaper(
        title="诫勉谈话记录",
        body=[
            Facts(
                [
                    Fact("谈话对象", subject.person.name),
                    Fact("单位职务", f"{subject.unit.name}{subject.post_title}"),
                    Fact("谈话人", talk.interviewer.name if talk else ""),
                    Fact("单位职务", _post(talk.interviewer) if talk else ""),
                    Fact("记录人", talk.recorder.name if talk else ""),
                    Fact("单位职务", _post(talk.recorder) if talk else ""),
                    Fact("谈话时间", when),
                    Fact("谈话地点", talk.place if talk else ""),
                ],
                is_paired=True,
            ),
            Facts(
                [
                    Fact("谈话事由", cause),
                    Fact("谈话内容", talk.content if talk else "", room=2),
                    Fact("整改要求", f"{execution.text.strip()}\n{answer}".strip()),
                    Fact(
                        "影响期",
                        f"{execution.effect_months}个月，至{written_date(execution.follow_up_on)}",
                    ),
                    Fact("本人意见", room=2),
                ]
            ),
            Signatures(
                [
                    SigningLine("谈话对象签名"),
                    SigningLine("谈话人签名"),
                    SigningLine("记录人签名"),
                ]
            ),
        ],
        note=CONFIDENTIAL,
        is_draft=is_draft,
        subject="诫勉谈话记录",
    )


def _post(person: Person) -> str:
    """Unit and title of the first of his posts, as a record names somebody."""
    held = person.posts_now
    if not held:
        return ""
    with translation.override(PAPER_LANGUAGE):
        return f"{held[0].unit.name}{held[0].title or held[0].get_kind_display()}"


def decision_paper(
    told: Outcome, confirmation: Confirmation, consequence: Consequence | None
) -> OfficialPaper:
    """The sheet that lies before the committee: result, rounds in a row, proposal and decision."""
    subject = told.subject
    round_ = subject.round
    found = standing(subject)
    near = margin(told.shown, round_)
    counting = (
        "未参加的轮次中断连续次数" if round_.skips_break else "未参加的轮次不计入也不中断连续次数"
    )
    facts = [
        Fact("评议对象", subject.person.name),
        Fact("单位职务", f"{subject.unit.name}{subject.post_title}"),
        Fact("评议轮次", round_.name, is_wide=True),
        Fact("评议结果", _result(told), is_wide=True),
        Fact("结果稳定性", _stability(near.points, near.hangs_on_one_vote), is_wide=True),
        Fact("历次结果", "；".join(_told(link) for link in found.links), is_wide=True),
        Fact("连续次数", f"{confirmation.consecutive}次（{counting}）", is_wide=True),
        Fact("认定意见", _confirmed(confirmation), is_wide=True),
    ]
    if confirmation.is_confirmed:
        facts.append(Fact("建议处理", RUNGS[Rung(confirmation.proposed)], is_wide=True))
    if consequence is not None:
        facts.append(Fact("处理决定", _decided(consequence), is_wide=True))
    return OfficialPaper(
        title="背靠背评议结果认定及处理审批表",
        body=[
            Facts(facts, is_paired=True),
            Paragraph("投票结果仅作参考，未经党委研究认定不作任何处理。", is_flush=True),
            Signatures([SigningLine("纪检监察室负责人"), SigningLine("党委主要负责人")]),
        ],
        note=CONFIDENTIAL,
        subject=round_.campaign.name,
    )


def _result(told: Outcome) -> str:
    score = f"，得分{told.shown.score}" if told.shown.score is not None else ""
    return f"差{score}"


def _stability(points: int | None, hangs: bool | None) -> str:
    said = []
    if points is not None:
        said.append(f"得分距“一般”下限{points}分")
    if hangs is not None:
        said.append("改变1票即可能改变档次" if hangs else "改变1票不影响档次")
    return "；".join(said) or "公布的数据不足以判断"


def _told(link: Link) -> str:
    if not link.was_evaluated:
        return f"{link.round.name}：未参加评议"
    if link.grade is None:
        return f"{link.round.name}：票数不足，不定级"
    words = {"good": "好", "fair": "较好", "average": "一般", "poor": "差"}[link.grade]
    decided = {True: "（已认定）", False: "（未予认定）", None: ""}[link.is_confirmed]
    return f"{link.round.name}：{words}{decided}"


def _confirmed(confirmation: Confirmation) -> str:
    word = "予以认定" if confirmation.is_confirmed else "不予认定"
    return f"{word}。{confirmation.reason}（{written_date(confirmation.decided_on)}）"


def _decided(consequence: Consequence) -> str:
    return (
        f"{RUNGS[Rung(consequence.rung)]}。{consequence.reason}"
        f"（{written_date(consequence.decided_on)}）"
    )
