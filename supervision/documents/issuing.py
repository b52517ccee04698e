"""Drafts, made by a worker as often as somebody asks; and the papers of the issue, drawn once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.documents import MissingGlyphError
from core.errors import ActionRefusedError
from core.official import render_official, write_docx
from core.workflow import locked
from messaging import jobs
from supervision import actions, states
from supervision.documents.meeting import agenda_paper, statistics_paper
from supervision.documents.report import report_paper
from supervision.models import ExposureMeeting, PaperKind
from supervision.queries import Report, report_of

if TYPE_CHECKING:
    import datetime as dt

    from core.official import OfficialPaper
    from organisation.models import Person

DRAFT_JOB = "exposure_draft"
NAMES: dict[str, str] = {
    PaperKind.REPORT: "通报.pdf",
    PaperKind.REPORT_DOCX: "通报.docx",
    PaperKind.AGENDA: "会议议程.pdf",
    PaperKind.STATISTICS: "统计表.pdf",
}


def issue(
    meeting: ExposureMeeting,
    *,
    by: Person,
    number: int,
    issued_on: dt.date,
    fingerprint: str,
    opinion: str = "",
) -> ExposureMeeting:
    """Draw every paper with number and date, then approve the report and keep them.

    The meeting is locked all the while, so that what is printed is what the leader read
    (``fingerprint``), and two leaders do not print at once. A character that no font has, named
    with its place, or any other refusal leaves everything as it was. Takes a few seconds.
    """
    with locked(meeting, permission=states.APPROVE.permission, by=by) as row:
        papers = []
        if row.state in states.APPROVE.sources:  # else it is refused below, and nothing is drawn
            report = actions.report_as_read(row, fingerprint)
            paper = report_paper(row, report, number=number, issued_on=issued_on)
            papers = [_drawn(row, kind, report, paper) for kind in PaperKind]
        return actions.approve_report(
            row,
            by=by,
            number=number,
            issued_on=issued_on,
            fingerprint=fingerprint,
            papers=papers,
            opinion=opinion,
        )


def submit(meeting: ExposureMeeting, *, by: Person) -> ExposureMeeting:
    """Lay the report before the leader, once it is known that every character of it can be printed:
    he could not mend one that no font has.
    """
    with locked(meeting, permission=states.SUBMIT.permission, by=by) as row:
        if row.state in states.SUBMIT.sources:
            try:
                render_official(report_paper(row, report_of(row)))
            except MissingGlyphError as missing:
                raise ActionRefusedError(str(missing)) from missing
        return actions.submit_report(row, by=by)


def _drawn(
    meeting: ExposureMeeting, kind: PaperKind, report: Report, paper: OfficialPaper
) -> actions.Paper:
    """A paper of the meeting; ``paper`` is the report, and says whether all of them are drafts."""
    if kind == PaperKind.AGENDA:
        content = render_official(agenda_paper(meeting, report, is_draft=paper.is_draft))
    elif kind == PaperKind.STATISTICS:
        content = render_official(statistics_paper(meeting, is_draft=paper.is_draft))
    elif kind == PaperKind.REPORT_DOCX:
        content = write_docx(paper)
    else:
        content = render_official(paper)
    mark = f"（{paper.draft_words}）" if paper.is_draft else ""
    name = f"{meeting.campaign.name}第{meeting.number}期{NAMES[kind]}"
    stem, dot, ending = name.rpartition(".")
    return actions.Paper(kind, f"{stem}{mark}{dot}{ending}", content)


def draft(arguments: dict[str, Any], *, by: Person, progress: jobs.Progress) -> jobs.Result:
    """A paper as it would be issued now, marked as a draft on each page. An issued one is only read."""
    meeting = ExposureMeeting.objects.visible_to(by).filter(pk=arguments["meeting"]).first()
    if meeting is None or not by.has_perm("supervision.view_candidates", meeting):
        raise ActionRefusedError(_("You cannot see this meeting any more."))
    if meeting.is_issued:
        raise ActionRefusedError(_("The report has been issued. Open the issued paper instead."))
    progress(0, 1)
    report = report_of(meeting)
    drawn = _drawn(meeting, PaperKind(arguments["kind"]), report, report_paper(meeting, report))
    progress(1, 1)
    return jobs.Result(drawn.file_name, drawn.content)


jobs.register(DRAFT_JOB, draft, label=gettext_lazy("Draft of an exposure paper"))
