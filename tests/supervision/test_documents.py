"""The papers of a meeting: one text in three forms, drawn once, kept as they are."""

import hashlib
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document

from campaign.actions import set_letterhead
from campaign.models import DocumentNumber, Letterhead
from core.documents import MissingGlyphError
from core.errors import ActionRefusedError
from core.official import Heading, render_official, write_docx
from messaging import jobs
from messaging.actions import request_job
from messaging.models import Job, JobState
from messaging.tasks import run_job
from supervision import actions, documents, queries
from supervision.models import ExposureMeeting, HandlingForm, IssuedPaper, PaperKind
from supervision.states import MeetingState
from tests.core.official import BOTTOM, PITCH, TOP, lines, opened, text_lines
from tests.people import again
from tests.supervision.factories import (
    TOLD,
    a_case,
    a_letterhead,
    a_meeting,
    an_overdue_item,
    days,
    submitted,
)

pytestmark = pytest.mark.django_db


def issue(hospital, meeting, by=None, **facts):
    given = {
        "number": 12,
        "issued_on": days(0),
        "fingerprint": queries.report_of(meeting).fingerprint,
        **facts,
    }
    return documents.issue(meeting, by=again(by or hospital.secretary), **given)


def content(meeting, kind):
    with default_storage.open(IssuedPaper.objects.get(meeting=meeting, kind=kind).path) as file:
        return file.read()


def drawn(hospital, meeting, kind, by=None):
    arguments = {"meeting": meeting.pk, "kind": kind}
    by = again(by or hospital.office)
    return documents.draft(arguments, by=by, progress=lambda done, total: None)


def said(pdf):
    """What the pages say between the margins, without the ends of lines."""
    return "".join(line.text for page in opened(pdf) for line in text_lines(page)).replace(" ", "")


def said_in_word(docx):
    return "".join(one.text for one in Document(io.BytesIO(docx)).paragraphs).replace("\n", "")


def paper_of(meeting, **facts):
    return documents.report_paper(meeting, queries.report_of(meeting), **facts)


def told_by(paper):
    """The text of the body as a preview shows it, without the numbers of headings."""
    return [block.text for block in paper.body]


def headings(paper, level=1):
    return [one.text for one in paper.body if isinstance(one, Heading) and one.level == level]


def with_two_cases_and_a_good_example(hospital, **facts):
    meeting = a_meeting(
        hospital,
        causes="一是责任意识不强。",
        requirements="对照检查。",
        overall="发现问题12项。",
        copies_to="市卫生健康委、驻委纪检监察组",
        **facts,
    )
    a_case(hospital, meeting)
    a_case(hospital, meeting, title="夜间药房窗口无人")
    example = {
        "title": "一站式退费窗口",
        "facts": "平均等候六分钟",
        "department": hospital.surgery,
    }
    actions.add_good_example(meeting, by=again(hospital.office), **example)
    return actions.submit_report(meeting, by=again(hospital.office))


def nothing_happened(meeting):
    _folders, files = (
        default_storage.listdir(f"exposure/{meeting.pk}")
        if default_storage.exists(f"exposure/{meeting.pk}")
        else ([], [])
    )
    meeting = ExposureMeeting.objects.get(pk=meeting.pk)
    return (
        meeting.state == MeetingState.AWAITING_APPROVAL
        and not IssuedPaper.objects.filter(meeting=meeting).exists()
        and not DocumentNumber.objects.exists()
        and files == []
    )


# What the report says


def test_the_parts_are_those_of_a_circular(hospital):
    paper = paper_of(with_two_cases_and_a_good_example(hospital))

    assert headings(paper) == ["总体情况", "典型问题", "正面典型", "原因剖析", "工作要求"]
    assert headings(paper, 2) == [TOLD["title"], "夜间药房窗口无人", "一站式退费窗口"]
    assert paper.copies_to == ["市卫生健康委", "驻委纪检监察组"]


def test_a_part_without_text_is_left_out_and_the_numbers_follow(hospital):
    meeting = submitted(hospital, overall="发现问题12项。", requirements="对照检查。")
    a_letterhead(hospital)

    paper = paper_of(meeting)
    assert headings(paper) == ["总体情况", "典型问题", "工作要求"]
    assert "三、工作要求" in said(render_official(paper))


def test_a_case_is_told_in_its_parts_and_what_is_empty_is_not_mentioned(hospital):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting, place="", due_on=days(14))
    paper = paper_of(meeting)

    at = told_by(paper).index(TOLD["title"])
    due = days(14)
    assert told_by(paper)[at + 1 : at + 7] == [
        "时间地点：2026年9月。",
        f"主要事实：{TOLD['facts']}",
        f"问题性质：{TOLD['nature']}",
        "责任科室：门诊部。",
        f"处理结果：{TOLD['handling']}",
        f"整改期限：{due.year}年{due.month}月{due.day}日前整改到位。",
    ]


def test_the_day_for_written_answers_stands_in_the_requirements_once(hospital):
    day = days(20)
    written = f"{day.year}年{day.month}月{day.day}日"
    meeting = submitted(hospital, requirements="对照检查。", feedback_due_on=day)

    assert told_by(paper_of(meeting))[-1] == f"各科室请于{written}前将整改落实情况书面反馈整治办。"
    meeting.requirements = f"请于{written}前反馈。"
    assert told_by(paper_of(meeting))[-1] == meeting.requirements


def test_a_case_whose_handling_is_not_concluded_is_on_no_paper(hospital):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting)
    a_case(hospital, meeting, title="尚未处理完毕的问题", concluded=False)
    meeting = actions.submit_report(meeting, by=again(hospital.office))

    for kind in (PaperKind.REPORT, PaperKind.AGENDA):
        assert "尚未处理完毕" not in said(drawn(hospital, meeting, kind).content)


def test_pdf_and_docx_and_preview_say_the_same(hospital):
    a_letterhead(hospital)
    meeting = issue(hospital, with_two_cases_and_a_good_example(hospital))

    on_paper, in_word = (
        said(content(meeting, "report")),
        said_in_word(content(meeting, "report_docx")),
    )
    head = "市第一人民医院文件" + f"市一医〔{days(0).year}〕12号"
    assert on_paper.startswith(head)
    imprint = on_paper.index("抄送：")
    assert on_paper[:imprint] == in_word
    at = 0
    for text in told_by(paper_of(meeting)):
        at = on_paper.index(text.replace("\n", ""), at) + len(text.replace("\n", ""))


def test_names_are_masked_in_every_form_unless_naming_was_approved(hospital):
    meeting = a_meeting(hospital, causes="负责人普外主任失察。")
    item = an_overdue_item(hospital)
    facts = "当班的门诊护士离岗，门诊副主任未过问。"
    a_case(hospital, meeting, item=item, facts=facts)
    handling = actions.record_handling(
        hospital.campaign,
        by=again(hospital.office),
        person=hospital.staff,
        unit=hospital.outpatient,
        item=item,
        form=HandlingForm.CRITICISM,
        decided_on=days(-3),
        final_on=days(-2),
    )
    actions.approve_naming(handling, by=again(hospital.president), reason="处理已生效")
    meeting = issue(hospital, actions.submit_report(meeting, by=again(hospital.office)))

    shown = "当班的门诊护士离岗，门某某某某未过问。"
    for text in (
        said(content(meeting, "report")),
        said_in_word(content(meeting, "report_docx")),
        "".join(told_by(paper_of(meeting))),
    ):
        assert shown in text
        assert "负责人普某某某失察。" in text
        assert not {"门诊副主任", "普外主任"} & {
            name for name in ("门诊副主任", "普外主任") if name in text
        }


# The issue


def test_what_is_kept_is_what_was_hashed_and_carries_number_and_date(hospital):
    a_letterhead(hospital)
    meeting = issue(hospital, submitted(hospital), opinion="同意")

    assert (meeting.state, meeting.opinion) == (MeetingState.APPROVED, "同意")
    kept = IssuedPaper.objects.filter(meeting=meeting)
    assert set(kept.values_list("kind", flat=True)) == set(PaperKind.values)
    for one in kept:
        file = content(meeting, one.kind)
        assert (hashlib.sha256(file).hexdigest(), len(file)) == (one.sha256, one.size)
    for kind in ("report", "agenda", "statistics"):
        pages = opened(content(meeting, kind))
        assert [page.page_number for page in pages if "代拟稿" in page.extract_text()] == []
    today = days(0)
    assert f"{today.year}年{today.month}月{today.day}日印发" in said(content(meeting, "report"))


def test_an_issued_paper_is_never_drawn_again(hospital):
    a_letterhead(hospital)
    meeting = issue(hospital, submitted(hospital))
    before = {one.kind: content(meeting, one.kind) for one in meeting.papers.all()}

    set_letterhead(hospital.unit, by=again(hospital.office), mark="另一个机关文件")
    with pytest.raises(ActionRefusedError):
        issue(hospital, meeting)
    with pytest.raises(ActionRefusedError, match="Open the issued paper"):
        drawn(hospital, meeting, PaperKind.REPORT)
    assert {one.kind: content(meeting, one.kind) for one in meeting.papers.all()} == before


def test_nothing_is_drawn_for_a_report_that_is_issued_already(hospital):
    """A second click costs a lock and a sentence, not four papers."""
    meeting = issue(hospital, submitted(hospital))
    Letterhead.objects.create(unit=hospital.unit, signature="无此字𱍐")

    with pytest.raises(ActionRefusedError, match="not possible here"):
        issue(hospital, meeting)


def test_what_changed_since_it_was_read_is_not_issued(hospital):
    meeting = submitted(hospital)
    read = queries.report_of(meeting).fingerprint
    a_letterhead(hospital)

    with pytest.raises(ActionRefusedError, match="Read it again"):
        issue(hospital, meeting, fingerprint=read)
    assert nothing_happened(meeting)


def test_only_a_principal_issues_and_nobody_what_he_submitted(hospital):
    meeting = submitted(hospital)
    for who in (hospital.office, hospital.vp, hospital.discipline, hospital.head):
        with pytest.raises(PermissionDenied):
            issue(hospital, meeting, by=who)
    assert nothing_happened(meeting)


def test_a_number_that_was_given_already_leaves_no_paper(hospital):
    meeting = submitted(hospital)
    DocumentNumber.objects.create(
        unit=hospital.unit, year=days(0).year, number=12, given_on=days(0), subject="别的文件"
    )

    with pytest.raises(ActionRefusedError, match="next free number is 13"):
        issue(hospital, meeting)
    DocumentNumber.objects.all().delete()
    assert nothing_happened(meeting)


def test_a_character_that_no_font_has_is_named_with_its_place_and_nothing_is_issued(hospital):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting, nature="敷衍𱍐塞责。")
    meeting = actions.submit_report(meeting, by=again(hospital.office))

    with pytest.raises(MissingGlyphError) as refused:
        issue(hospital, meeting)
    [missing] = refused.value.missing
    assert (missing.character, missing.field) == ("𱍐", f"“{TOLD['title']}”, nature")
    assert nothing_happened(meeting)


# Drafts


@pytest.mark.parametrize("kind", ["report", "agenda", "statistics"])
def test_every_page_of_a_draft_says_so(hospital, kind):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    a_case(hospital, meeting, facts=TOLD["facts"] * 30)

    made = drawn(hospital, meeting, kind)
    assert made.name.endswith("（代拟稿）.pdf")
    pages = opened(made.content)
    assert [sum(line.text == "代拟稿" for line in lines(page)) for page in pages] == [1] * len(
        pages
    )


def test_a_draft_leaves_number_and_date_to_the_approval(hospital):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)

    report = said(drawn(hospital, meeting, PaperKind.REPORT).content)
    assert "市一医〔　　〕　号" in report
    assert "　　年　月　日印发" in report
    for kind in (PaperKind.AGENDA, PaperKind.STATISTICS):
        assert "　　年" not in said(drawn(hospital, meeting, kind).content)


def test_a_draft_in_word_says_so_in_its_header(hospital):
    meeting = a_meeting(hospital)
    [section] = Document(
        io.BytesIO(drawn(hospital, meeting, PaperKind.REPORT_DOCX).content)
    ).sections

    assert section.header.paragraphs[0].text == "代拟稿"


def test_those_who_run_the_campaign_may_have_a_draft_and_nobody_else(hospital):
    meeting = a_meeting(hospital)
    may = set()
    for name, who in hospital.people().items():
        try:
            drawn(hospital, meeting, PaperKind.REPORT_DOCX, by=who)
        except ActionRefusedError:
            continue
        may.add(name)

    assert may == {
        name
        for name, who in hospital.people().items()
        if again(who).has_perm("supervision.view_candidates", meeting)
    }
    assert {"office", "secretary", "discipline"} <= may
    assert not {"head", "staff", "supervisor", "administrator", "stranger"} & may


def test_a_worker_makes_the_draft(hospital):
    meeting = a_meeting(hospital)
    job = request_job(
        documents.DRAFT_JOB, {"meeting": meeting.pk, "kind": "agenda"}, by=again(hospital.office)
    )
    run_job(job.pk)

    job = Job.objects.get(pk=job.pk)
    assert job.state == JobState.DONE
    with job.open() as file:
        assert file.read().startswith(b"%PDF")
    assert jobs.label_of(documents.DRAFT_JOB) == "Draft of an exposure paper"


# Agenda and figures


def test_the_agenda_says_when_where_who_and_who_speaks(hospital):
    meeting = with_two_cases_and_a_good_example(
        hospital, attendees="中层以上干部", agenda="宣读通报\n检讨发言", chair=hospital.secretary
    )
    [page] = opened(drawn(hospital, meeting, PaperKind.AGENDA).content)
    text = page.extract_text()

    for words in (
        "15:00",
        "地点：门诊楼五楼会议室",
        "主持：书记",
        "参加人员：中层以上干部",
        "1.宣读通报",
        "2.检讨发言",
        TOLD["title"],
        "一站式退费窗口（普外科）",
    ):
        assert words in text
    assert text.count("门诊部主要负责人") == 2


def test_the_figures_fill_one_page_with_people_and_person_times_apart(hospital):
    meeting = a_meeting(hospital)
    for form in (HandlingForm.CRITICISM, HandlingForm.ADMONITION):
        actions.record_handling(
            hospital.campaign,
            by=again(hospital.office),
            person=hospital.head,
            unit=hospital.outpatient,
            form=form,
            decided_on=days(-3),
        )
    made = render_official(documents.statistics_paper(meeting, is_draft=False))
    [page] = opened(made)

    with translation.override("zh-hans"):
        figures = queries.statistics(meeting)
    found = {
        row[0].replace("\n", ""): row[1] for table in page.extract_tables() for row in table[1:]
    }
    assert found == {one.label: one.value for one in [*figures.work, *figures.people]}
    by_key = {one.key: one for one in figures.people}
    assert (by_key["times"].value, by_key["people"].value) == ("2", "1")
    today = days(0)
    assert f"数据截至{today.year}年{today.month}月{today.day}日" in page.extract_text().replace(
        "\n", ""
    )


def test_the_figures_of_the_issue_stay_those_of_its_day(hospital):
    meeting = issue(hospital, submitted(hospital))
    before = content(meeting, "statistics")
    an_overdue_item(hospital)

    assert content(meeting, "statistics") == before
    later = render_official(documents.statistics_paper(meeting, is_draft=False))
    assert said(later) != said(before)


# What it costs, and how it lies on the page


def test_the_report_lies_on_the_grid(hospital):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    for n in range(4):
        a_case(hospital, meeting, title=f"第{n + 1}个典型问题", facts=TOLD["facts"] * 6)
    pages = opened(render_official(paper_of(meeting, number=1, issued_on=days(0))))

    assert len(pages) >= 3
    for page in pages[1:-1]:
        told = text_lines(page)
        steps = {round((line.baseline - told[0].baseline) / PITCH, 2) for line in told}
        assert steps <= {float(n) for n in range(22)}
        assert told[0].em_top > TOP
        assert told[-1].em_bottom < BOTTOM
    assert [page.extract_text().split()[-2] for page in pages] == [
        str(page.page_number) for page in pages
    ]


def test_three_cases_cost_as_many_statements_as_one(hospital):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting)

    def cost():
        row = ExposureMeeting.objects.select_related("campaign__host").get(pk=meeting.pk)
        with CaptureQueriesContext(
            connection,
        ) as found:
            paper_of(row)
        return len(found)

    with_one = cost()
    a_case(hospital, meeting)
    a_case(hospital, meeting)
    assert cost() == with_one


def test_the_same_report_is_the_same_file(hospital):
    a_letterhead(hospital)
    paper = paper_of(submitted(hospital), number=1, issued_on=days(0))

    assert render_official(paper) == render_official(paper)
    assert write_docx(paper) == write_docx(paper)
