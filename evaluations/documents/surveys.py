"""Posters, slips with one-time codes, and the result of a survey on paper. Papers are Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from core.documents import Column, Row, render_pdf
from core.official import Heading, OfficialPaper, Paragraph, Table, render_official
from core.official.paper import written_date
from core.qr import QrCode, qr_code
from core.templatetags.kit import cn_time
from evaluations.actions.surveys import make_codes
from evaluations.models import Audience
from evaluations.queries.surveys import result_of, targets_of
from evaluations.states import SurveyState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence

    from core.official import Block
    from evaluations.models import Survey, SurveyTarget
    from evaluations.queries.surveys import Line, SurveyResult
    from organisation.models import Person

PAPER_LANGUAGE = "zh-hans"
SLIPS_A_ROW, SLIPS_A_PAGE = 2, 10
CODE_GROUP = 6


def answer_address(box: uuid.UUID, **query: str) -> str:
    """The whole address of a department's answer page, as a QR code has it."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{settings.SITE_URL}{reverse('ballots:survey', args=[box])}{asked}"


@dataclass(frozen=True, slots=True)
class Poster:
    department: str
    window: str
    qr: QrCode


def posters_of(survey: Survey) -> list[Poster]:
    """One for each window that has a name, or one for the whole department."""
    found = []
    for target in targets_of(survey):
        if target.box_id is None:
            continue
        name = target.unit.name
        for at, window in enumerate(target.windows, 1):
            address = answer_address(target.box_id, w=str(at))
            found.append(Poster(name, window, qr_code(address)))
        if not target.windows:
            found.append(Poster(name, "", qr_code(answer_address(target.box_id))))
    return found


def render_posters(survey: Survey) -> bytes:
    """A page of A4 for each poster."""
    with translation.override(PAPER_LANGUAGE):
        context = {"survey": survey, "posters": posters_of(survey), **_common(survey)}
        title = survey.name
        return render_pdf(
            "evaluations/survey_posters.html", context, title=title, language=PAPER_LANGUAGE
        )


def _common(survey: Survey) -> dict[str, str]:
    return {
        "host": survey.campaign.host.name,
        "opens": cn_time(survey.opens_at),
        "closes": cn_time(survey.closes_at),
    }


@dataclass(frozen=True, slots=True)
class Slip:
    """All slips of a department look alike but for the code."""

    code: str
    qr: QrCode

    @property
    def groups(self) -> list[str]:
        return [self.code[at : at + CODE_GROUP] for at in range(0, len(self.code), CODE_GROUP)]


@dataclass(frozen=True, slots=True)
class Sheet:
    department: str
    rows: Sequence[Sequence[Slip]]


def print_codes(
    survey: Survey, *, by: Person, each: int, target: SurveyTarget | None = None
) -> bytes:
    """Make codes and draw them, or neither: codes are kept nowhere, so what is not drawn is lost."""
    with transaction.atomic():
        made = make_codes(survey, by=by, each=each, target=target)
        return render_codes(survey, made)


def render_codes(survey: Survey, made: Sequence[tuple[SurveyTarget, Sequence[str]]]) -> bytes:
    """Sheets of slips to be cut, each sheet of one department."""
    sheets = []
    for target, codes in made:
        slips = [Slip(code, qr_code(_with_code(target, code))) for code in codes]
        sheets += [
            Sheet(
                target.unit.name,
                [page[n : n + SLIPS_A_ROW] for n in range(0, len(page), SLIPS_A_ROW)],
            )
            for page in (slips[at : at + SLIPS_A_PAGE] for at in range(0, len(slips), SLIPS_A_PAGE))
        ]
    with translation.override(PAPER_LANGUAGE):
        context = {"survey": survey, "sheets": sheets, **_common(survey)}
        return render_pdf(
            "evaluations/survey_codes.html", context, title=survey.name, language=PAPER_LANGUAGE
        )


def _with_code(target: SurveyTarget, code: str) -> str:
    assert target.box_id is not None  # noqa: S101 -- codes are made for boxes alone
    return answer_address(target.box_id, c=code)


def render_result(survey: Survey) -> bytes | None:
    """The result as a plain official paper; None before there is any."""
    result = result_of(survey)
    if result is None:
        return None
    return render_official(result_paper(survey, result))


def result_paper(survey: Survey, result: SurveyResult) -> OfficialPaper:
    """Rate and score in columns of their own, with what each is divided by."""
    is_published = survey.state == SurveyState.PUBLISHED
    day = survey.published_on if is_published else None
    return OfficialPaper(
        title=f"{survey.campaign.name}{survey.name}结果",
        body=list(_body(survey, result)),
        signature=survey.campaign.host.name,
        date=day,
        is_draft=not is_published,
        author=survey.campaign.host.name,
        subject=survey.campaign.name,
    )


def _body(survey: Survey, result: SurveyResult) -> Iterator[Block]:
    asked = "患者和群众" if survey.audience == Audience.PUBLIC else "职工"
    begins = written_date(timezone.localdate(survey.opens_at))
    ends = written_date(timezone.localdate(survey.closes_at))
    yield Paragraph(
        f"{begins}至{ends}，就{len(result.lines)}个科室的服务向{asked}进行了满意度测评。"
        "测评不需要登录，不记录姓名、手机号和网络地址；截止前任何人看不到结果。"
        "各科室按机构设置顺序排列，不排名次。"
    )
    yield Heading(1, "测评结果")
    yield _table(result)
    yield Heading(1, "计算方法")
    points = survey.points
    yield Paragraph("满意率＝（满意＋基本满意）÷（有效票－不了解）×100%。满意率是人数的比例。")
    yield Paragraph(
        f"满意度得分＝（满意×{points.satisfied}＋基本满意×{points.fairly}＋不满意×"
        f"{points.dissatisfied}）÷（有效票－不了解）。得分是分值的平均，不是百分比，"
        "不能与满意率混用。"
    )
    yield Paragraph(
        "两项均按精确值计算，四舍五入保留一位小数。参与计算的不足30票的，在满意率后注明票数（n）。"
        f"有效票不足{survey.minimum}票的科室，只公布回收数，其余不公布、不保留；"
        "合计只含公布结果的科室。"
    )
    over = [line.name for line in result.lines if line.has_more_than_issued]
    if over:
        yield Paragraph(f"{'、'.join(over)}回收数多于发放数，可能有人重复评价，结果仅供参考。")


def _table(result: SurveyResult) -> Table:
    columns = [
        Column("科室", 30),
        Column("发放", 13, is_short=True),
        Column("回收", 13, is_short=True),
        Column("有效", 13, is_short=True),
        Column("不了解", 14, is_short=True),
        Column("满意率", 24, is_short=True),
        Column("得分", 14, is_short=True),
    ]
    rows = [Row(line.name, _cells(line.name, line)) for line in result.lines]
    if result.total is not None:
        name = f"合计（{result.published}个科室）"
        rows.append(Row(name, _cells(name, result.total)))
    return Table(columns, rows, caption="各科室满意度")


def _cells(name: str, line: Line) -> list[str]:
    issued = "不详" if line.issued is None else str(line.issued)
    if line.answers is None:
        return [name, issued, str(line.returned), "—", "—", "回收不足，不公布", "—"]
    few = f"（n={line.judging}）" if line.is_few and line.rate else ""
    return [
        name,
        issued,
        str(line.returned),
        str(line.valid),
        str(line.answers.unknown),
        f"{line.rate or '—'}{few}",
        line.score or "—",
    ]
