"""What a second look found: who is named where, whose deadline holds, who decides about himself."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import ActionRefusedError
from rectification.models import LedgerItem
from supervision import actions, queries
from supervision.documents.meeting import agenda_paper
from supervision.models import ExposureMeeting, Handling, HandlingForm
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


def test_a_leader_in_charge_reads_the_report_that_exposes_his_department(hospital):
    a_letterhead(hospital)
    meeting = issued(hospital)

    assert ExposureMeeting.objects.visible_to(again(hospital.vp)).get() == meeting
    assert not ExposureMeeting.objects.visible_to(again(hospital.vp2)).exists()
