"""What a second look found: who is named where, whose deadline holds, who decides about himself."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import ActionRefusedError
from rectification.models import LedgerItem
from supervision import actions, documents, queries
from supervision.documents.meeting import agenda_paper
from supervision.models import ExposureMeeting, Handling, HandlingForm, SelfCriticism
from supervision.states import CriticismState, MeetingState
from tests.people import again
from tests.supervision.factories import a_case, a_letterhead, a_meeting, days, issued, submitted

pytestmark = pytest.mark.django_db


def agenda_of(meeting):
    report = queries.report_of(meeting)
    paper = agenda_paper(meeting, report, is_draft=True)
    return " ".join(getattr(block, "text", "") for block in paper.body)


def test_the_agenda_names_leaders_and_no_exposed_head(hospital):
    points = f"{hospital.secretary.name}讲话\n{hospital.head.name}作检讨发言"
    meeting = a_meeting(hospital, agenda=points)
    a_case(hospital, meeting)

    said = agenda_of(meeting)

    assert hospital.secretary.name in said
    assert hospital.head.name not in said


def test_an_agenda_changed_after_reading_is_not_issued_unread(hospital):
    a_letterhead(hospital)
    meeting = submitted(hospital)
    read = queries.report_of(meeting).fingerprint
    ExposureMeeting.objects.filter(pk=meeting.pk).update(agenda="另一个议程")
    meeting = ExposureMeeting.objects.get(pk=meeting.pk)

    assert queries.report_of(meeting).fingerprint != read


def test_a_meeting_put_off_beyond_the_deadline_leaves_the_items_own(hospital):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    case = a_case(hospital, meeting, due_on=days(1))
    own = case.item.due_on
    meeting = issued(hospital, actions.submit_report(meeting, by=again(hospital.office)))
    type(case).objects.filter(pk=case.pk).update(due_on=days(0) - dt.timedelta(days=5))

    actions.hold_meeting(meeting, by=again(hospital.office), held_on=days(0))

    item = LedgerItem.objects.get(pk=case.item_id)
    assert (item.exposed_on, item.due_on) == (days(0), own)


def test_nobody_decides_about_himself(hospital):
    facts = {
        "unit": hospital.outpatient,
        "form": HandlingForm.CRITICISM,
        "decided_on": days(-3),
        "final_on": days(-1),
    }
    with pytest.raises(ActionRefusedError, match="himself"):
        actions.record_handling(
            hospital.campaign, by=again(hospital.office), person=hospital.office, **facts
        )
    assert not Handling.objects.exists()
    his = actions.record_handling(
        hospital.campaign, by=again(hospital.office), person=hospital.secretary, **facts
    )

    with pytest.raises(PermissionDenied):
        actions.approve_naming(his, by=again(hospital.secretary), reason="同意")

    assert actions.approve_naming(his, by=again(hospital.president), reason="同意").may_be_named


def test_every_leader_of_the_unit_reads_what_is_issued_and_nothing_before(hospital):
    a_letterhead(hospital)
    meeting = submitted(hospital)
    leaders = (hospital.vp, hospital.vp2)
    assert not any(ExposureMeeting.objects.visible_to(again(who)).exists() for who in leaders)

    issued(hospital, meeting)

    assert all(ExposureMeeting.objects.visible_to(again(who)).exists() for who in leaders)


def test_a_pledge_for_a_day_that_has_passed_is_refused(hospital):
    a_letterhead(hospital)
    criticism = SelfCriticism.objects.get(case__meeting=issued(hospital))
    measures = criticism.case.item.measures.count()
    actions.draft_criticism(
        criticism,
        by=again(hospital.head),
        cause="管理松散",
        responsibility="我负主要责任",
        pledge="立行立改",
        pledges=[("每日抽查", days(-1), None)],
    )

    with pytest.raises(ActionRefusedError, match="has passed"):
        actions.submit_criticism(criticism, by=again(hospital.head))

    assert criticism.case.item.measures.count() == measures
    assert SelfCriticism.objects.get(pk=criticism.pk).state == CriticismState.AWAITED


def test_the_same_handling_is_entered_once(hospital):
    facts = {
        "person": hospital.head,
        "unit": hospital.outpatient,
        "form": HandlingForm.CRITICISM,
        "decided_on": days(-3),
    }
    by = again(hospital.office)
    actions.record_handling(hospital.campaign, by=by, **facts)

    with pytest.raises(ActionRefusedError, match="entered already"):
        actions.record_handling(hospital.campaign, by=by, **facts)

    assert Handling.objects.count() == 1
    actions.record_handling(hospital.campaign, by=by, **(facts | {"decided_on": days(-2)}))
    assert Handling.objects.count() == 2


def test_a_cancelled_meeting_leaves_no_gap_in_the_periods(hospital):
    first = a_meeting(hospital)
    proposed = queries.next_meeting(hospital.campaign, days(0))
    actions.cancel_meeting(a_meeting(hospital, number=2), by=again(hospital.office), reason="防汛")

    again_proposed = queries.next_meeting(hospital.campaign, days(0))

    assert again_proposed["period_from"] == proposed["period_from"]
    assert (first.number, again_proposed["number"]) == (1, 3)


def test_what_no_font_can_print_is_said_before_the_leader_is_asked(hospital):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting, facts="患者在窗口等候五十分钟😀")

    with pytest.raises(ActionRefusedError, match="😀"):
        documents.submit(meeting, by=again(hospital.office))

    assert ExposureMeeting.objects.get(pk=meeting.pk).state == MeetingState.PREPARING
