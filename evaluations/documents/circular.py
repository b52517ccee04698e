"""The overall circular for the leadership: figures of a round without any name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.documents import Column, Row
from core.official import Heading, OfficialPaper, Paragraph, Table
from core.official.paper import written_date
from evaluations.documents.talk import CONFIDENTIAL
from evaluations.queries.comments import digest_of
from evaluations.queries.outcomes import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.official import Block
    from evaluations.models import Round
    from evaluations.queries.comments import Digest
    from evaluations.queries.outcomes import Outcome, Summary

GRADES = {"good": "好", "fair": "较好", "average": "一般", "poor": "差"}


def circular_paper(round_: Round, told: Sequence[Outcome]) -> OfficialPaper:
    """How many had which grade, which dimensions were low, what was said. Internal."""
    return OfficialPaper(
        title=f"{round_.name}情况通报",
        body=list(_body(round_, summary(round_, told), digest_of(round_))),
        note=CONFIDENTIAL,
        author=round_.campaign.host.name,
        subject=round_.campaign.name,
    )


def _body(round_: Round, figures: Summary, digest: Digest) -> Iterator[Block]:
    published = written_date(round_.published_on) if round_.published_on else ""
    yield Heading(1, "总体情况")
    yield Paragraph(
        f"{round_.name}的评议期间为{written_date(round_.period_from)}至"
        f"{written_date(round_.period_to)}，共评议{figures.heads}人，结果于{published}公布。"
        "以下数字均取自公布的评议结果，不含个人姓名。"
    )
    rows = [Row(word, [word, str(n)]) for word, n in _grades(figures)]
    yield Table(
        [Column("档次", 20, is_short=True), Column("人数", 20, is_short=True)], rows, "档次分布"
    )
    yield Heading(1, "各维度情况")
    low = [
        Row(name, [name, f"{n}人", f"{known}人"] if known else [name, "未公布", "—"])
        for name, n, known in figures.low
    ]
    yield Table(
        [
            Column("维度", 20),
            Column("一般或差", 14, is_short=True),
            Column("公布该维度", 14, is_short=True),
        ],
        low,
        "各维度评价为一般或差的人数",
    )
    yield Heading(1, "意见建议")
    yield from _words(digest)


def _grades(figures: Summary) -> Iterator[tuple[str, int]]:
    for grade, n in figures.grades:
        yield GRADES[grade.value], n
    yield "票数不足，不定级", figures.ungraded


def _words(digest: Digest) -> Iterator[Block]:
    if not digest.themes and not digest.words:
        yield Paragraph("本轮没有可以公布的意见。")
        return
    if digest.themes:
        told = "；".join(f"{theme}（{n}次）" for theme, n in digest.themes)
        yield Paragraph(f"全院选用较多的短语：{told}。")
    for at, words in enumerate(digest.words, 1):
        yield Paragraph(f"{at}．{words.text}", f"意见{at}")
