"""The report as an official paper: a circular, in the parts that circulars have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.official import Heading, Number, OfficialPaper, Paragraph
from core.official.paper import written_date
from supervision.models import ExposureCase, ExposureMeeting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import Model

    from core.official import Block
    from supervision.queries import CaseText, Report

OVERALL, PROBLEMS, GOOD, CAUSES, REQUIREMENTS = (
    "总体情况",
    "典型问题",
    "正面典型",
    "原因剖析",
    "工作要求",
)
SENTENCE_ENDS = "。！？；：…”）"
BETWEEN_NAMES = re.compile(r"[、，,；;\s]+")


def report_paper(
    meeting: ExposureMeeting,
    report: Report,
    *,
    number: int | None = None,
    issued_on: dt.date | None = None,
) -> OfficialPaper:
    """The report on paper; without a day it is a draft, which has no number either.

    All that is said comes from ``report``, where names are masked. Papers are Chinese, whatever
    language their reader has chosen for his pages.
    """
    year = issued_on.year if issued_on else None
    return OfficialPaper(
        mark=report.mark,
        number=Number(report.number_word, year, number if issued_on else None),
        title=report.title,
        recipient=report.recipient,
        body=list(_body(report)),
        signature=report.signature,
        date=issued_on,
        has_seal=report.has_seal,
        copies_to=[name for name in BETWEEN_NAMES.split(report.copies_to) if name],
        printed_by=report.printing_office,
        printed_on=issued_on,
        is_draft=issued_on is None,
        subject=meeting.campaign.name,
    )


def _body(report: Report) -> Iterator[Block]:
    """A part without text is left out, and those after it move up."""
    yield _paragraph("intro", report.intro)
    yield from _part(OVERALL, [_paragraph("overall", report.overall)])
    yield from _part(PROBLEMS, [block for case in report.problems for block in _case(case)])
    yield from _part(GOOD, [block for case in report.good for block in _case(case)])
    yield from _part(CAUSES, [_paragraph("causes", report.causes)])
    yield from _part(
        REQUIREMENTS,
        [
            _paragraph("requirements", report.requirements),
            _paragraph("feedback_due_on", _feedback(report)),
        ],
    )


def _part(heading: str, blocks: list[Heading | Paragraph]) -> Iterator[Block]:
    told = [block for block in blocks if block.text.strip()]
    if told:
        yield Heading(1, heading)
        yield from told


def _paragraph(field: str, text: str) -> Paragraph:
    return Paragraph(text, label_of(ExposureMeeting, field))


def _feedback(report: Report) -> str:
    """The day for written answers, where the requirements do not name it themselves."""
    day = written_date(report.feedback_due_on) if report.feedback_due_on else ""
    if not day or day in report.requirements:
        return ""
    return f"各科室请于{day}前将整改落实情况书面反馈整治办。"


def _case(case: CaseText) -> Iterator[Heading | Paragraph]:
    """Time and place, facts, nature, who answers, what was done about it, until when."""
    yield Heading(2, case.title, _field("title", case))
    when_and_where = "，".join(said for said in (case.happened, case.place) if said)
    told = [("happened", "时间地点", when_and_where)]
    if case.is_problem:
        due = f"{written_date(case.due_on)}前整改到位" if case.due_on else ""
        told += [
            ("facts", "主要事实", case.facts),
            ("nature", "问题性质", case.nature),
            ("department", "责任科室", case.department),
            ("handling", "处理结果", case.handling),
            ("due_on", "整改期限", due),
        ]
    else:
        told += [("facts", "主要做法", case.facts), ("department", "所在科室", case.department)]
    for name, label, text in told:
        if text.strip():
            yield Paragraph(f"{label}：{_ended(text)}", _field(name, case))


def _field(name: str, case: CaseText) -> str:
    return _("“%(case)s”, %(field)s") % {
        "case": case.title,
        "field": label_of(ExposureCase, name),
    }


def label_of(model: type[Model], name: str) -> str:
    """What pages call the field, for an error about a character in it."""
    return str(next(one.verbose_name for one in model._meta.concrete_fields if one.name == name))


def _ended(text: str) -> str:
    text = text.strip()
    return text if text[-1] in SENTENCE_ENDS else f"{text}。"
