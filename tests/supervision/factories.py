"""Exposure meetings as far along as a test needs them, made by their own actions."""

import datetime as dt

from django.utils import timezone

from campaign.models import Letterhead
from rectification.models import LedgerItem
from supervision import actions, queries
from supervision.models import Candidate, HandlingForm, PaperKind
from tests.people import again
from tests.rectification.factories import an_item


def days(n):
    return timezone.localdate() + dt.timedelta(days=n)


def an_overdue_item(hospital, by=40, **facts):
    """Under rectification in the outpatient department, and red for long."""
    item = an_item(hospital, **facts)
    LedgerItem.objects.filter(pk=item.pk).update(due_on=days(-by), original_due_on=days(-by))
    return LedgerItem.objects.get(pk=item.pk)


def a_letterhead(hospital, **facts):
    given = {
        "mark": "市第一人民医院文件",
        "number_word": "市一医",
        "printing_office": "市第一人民医院办公室",
        **facts,
    }
    return Letterhead.objects.create(unit=hospital.unit, **given)


def a_meeting(hospital, **facts):
    """Planned for today, with what the rules propose."""
    given = {
        **queries.next_meeting(hospital.campaign, days(0)),
        "period_from": days(-60),
        "period_to": days(0),
        "held_on": days(0),
        "place": "门诊楼五楼会议室",
        **facts,
    }
    return actions.plan_meeting(hospital.campaign, by=again(hospital.office), **given)


TOLD = {
    "title": "抽血窗口排队时间过长",
    "happened": "2026年9月",
    "place": "门诊楼一楼",
    "facts": "抽血窗口只开两个，患者平均等候五十分钟，整改期限过后仍未增加窗口。",
    "nature": "敷衍塞责、执行不力。",
    "handling": "对科室负责人进行批评教育，责令限期整改。",
}


def a_case(hospital, meeting, item=None, concluded=True, **facts):
    """Taken in and written; with ``concluded`` it is part of the report."""
    item = item or an_overdue_item(hospital)
    by = again(hospital.office)
    candidate = Candidate.objects.filter(meeting=meeting, item=item).first()
    if candidate is None:
        case = actions.take_in_item(meeting, item, by=by, reason="典型")
    else:
        case = actions.take_in(candidate, by=by, reason="典型")
    given = {**TOLD, "due_on": days(14), **facts}
    given["handling_concluded_on"] = days(-1) if concluded else None
    return actions.revise_case(case, by=by, **given)


def submitted(hospital, **facts):
    meeting = a_meeting(hospital, **facts)
    a_case(hospital, meeting)
    return actions.submit_report(meeting, by=again(hospital.office))


def papers():
    return [actions.Paper(PaperKind.REPORT, "report.pdf", b"%PDF-1.7 report")]


def issued(hospital, meeting=None, by=None, **facts):
    meeting = meeting or submitted(hospital, **facts)
    return actions.approve_report(
        meeting,
        by=by or again(hospital.secretary),
        number=1,
        issued_on=days(0),
        fingerprint=queries.report_of(meeting).fingerprint,
        papers=papers(),
    )


def held(hospital, meeting=None):
    meeting = meeting or issued(hospital)
    return actions.hold_meeting(meeting, by=again(hospital.office), held_on=days(0))


def a_handling(hospital, by=None, **facts):
    """The head of the outpatient department was criticised yesterday; it is not final yet."""
    given = {
        "person": hospital.head,
        "unit": hospital.outpatient,
        "form": HandlingForm.CRITICISM,
        "decided_on": days(-1),
        **facts,
    }
    return actions.record_handling(hospital.campaign, by=by or again(hospital.discipline), **given)
