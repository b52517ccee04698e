"""What lies before those who meet: the agenda, and one page of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from core.documents import Column, Row
from core.official import Heading, OfficialPaper, Paragraph, RunIn, Table
from core.official.paper import written_date
from core.templatetags.kit import cn_date
from supervision.documents.report import label_of
from supervision.models import ExposureMeeting
from supervision.queries import statistics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.official import Block
    from supervision.queries import Figure, Report

PAPER_LANGUAGE = "zh-hans"


def agenda_paper(meeting: ExposureMeeting, report: Report, *, is_draft: bool) -> OfficialPaper:
    """When, where, who, in which order, and who speaks to which case.

    A department speaks through its principal; he is not called by name, for the report is not
    allowed to either. Only the leaders of the unit are.
    """
    return OfficialPaper(
        title=f"{meeting.campaign.name}第{meeting.number}期典型问题曝光会议议程",
        body=list(_agenda(meeting, report)),
        is_draft=is_draft,
        author=report.signature,
        subject=meeting.campaign.name,
    )


def _agenda(meeting: ExposureMeeting, report: Report) -> Iterator[Block]:
    with translation.override(PAPER_LANGUAGE):
        when = f"{cn_date(meeting.held_on)}{meeting.starts_at:%H:%M}"
    for label, text in (
        ("时间", when),
        ("地点", meeting.place),
        ("主持", meeting.chair.name if meeting.chair else ""),
        ("参加人员", meeting.attendees),
    ):
        if text:
            yield Paragraph(f"{label}：{text}", label)
    if report.agenda:
        yield Heading(1, "会议议程")
        for point in report.agenda:
            yield RunIn(3, point, "", label_of(ExposureMeeting, "agenda"))
    if report.problems:
        yield Heading(1, "典型问题及检讨发言")
        yield _speakers([(case.title, case.department) for case in report.problems])
    if report.good:
        yield Heading(1, "正面典型")
        for case in report.good:
            yield RunIn(3, f"{case.title}（{case.department}）", "", case.title)


def _speakers(cases: Sequence[tuple[str, str]]) -> Table:
    columns = [
        Column("序号", 6, is_short=True),
        Column("典型问题", 30),
        Column("检讨发言人", 20, is_short=True),
    ]
    rows = [
        Row(title, [str(place), title, f"{department}主要负责人"])
        for place, (title, department) in enumerate(cases, start=1)
    ]
    return Table(columns, rows)


def statistics_paper(meeting: ExposureMeeting, *, is_draft: bool) -> OfficialPaper:
    """One page: what was found and put right, then who was dealt with, person-times before people.

    Each figure stands with what it counts. Worked out now: once issued it is read from the file.
    """
    with translation.override(PAPER_LANGUAGE):
        figures = statistics(meeting)
    period = f"{written_date(meeting.period_from)}至{written_date(meeting.period_to)}"
    return OfficialPaper(
        title=f"第{meeting.number}期典型问题曝光统计表",
        body=[
            Paragraph(
                f"{meeting.campaign.name}，{period}。数据截至{written_date(figures.as_of)}。"
            ),
            _table("问题整改", figures.work),
            _table("人员处理", figures.people),
        ],
        is_draft=is_draft,
        subject=meeting.campaign.name,
    )


def _table(caption: str, figures: Sequence[Figure]) -> Table:
    columns = [Column("项目", 20), Column("数量", 7, is_short=True), Column("统计口径", 29)]
    rows = [
        Row(figure.label, [figure.label, figure.value, figure.definition]) for figure in figures
    ]
    return Table(columns, rows, caption=caption)
