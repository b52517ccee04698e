"""Slips of the keyboard, and what went away meanwhile, are answered by a sentence and never a fault."""

import datetime as dt

import pytest
from django.urls import reverse

from campaign.models import DocumentNumber
from core.errors import ActionRefusedError
from messaging.actions import make_calendar_link
from rectification.models import LedgerItem
from supervision import actions, queries
from supervision.models import Candidate, ExposureCase, ExposureMeeting
from tests.people import again
from tests.supervision.factories import a_meeting, an_overdue_item, days, issued, submitted

pytestmark = pytest.mark.django_db
LAST_DAY = "9999-12-31"


def page(hospital, name, *args):
    return reverse(f"supervision:{name}", args=[hospital.campaign.pk, *args])


@pytest.mark.parametrize("field", ["period_to", "held_on"])
def test_a_meeting_years_ahead_is_not_planned(client, hospital, field):
    client.force_login(again(hospital.office))
    typed = {
        "number": "1",
        "period_from": days(-60).isoformat(),
        "period_to": days(0).isoformat(),
        "held_on": days(1).isoformat(),
        "starts_at": "15:00",
        "place": "门诊楼五楼会议室",
        "red_days": "30",
    }

    answer = client.post(page(hospital, "plan"), typed | {field: LAST_DAY})

    assert answer.status_code == 422
    said = "A day of the meeting lies more than ten years ahead."
    assert answer.context["form"].non_field_errors() == [said]
    assert not ExposureMeeting.objects.exists()


def test_nor_moved_there(client, hospital):
    meeting = a_meeting(hospital)

    with pytest.raises(ActionRefusedError, match="ten years ahead"):
        actions.revise_meeting(meeting, by=again(hospital.office), period_to=dt.date.max)

    client.force_login(again(hospital.office))
    assert client.get(page(hospital, "plan")).status_code == 200


def test_a_report_is_not_dated_before_what_it_speaks_of(hospital):
    meeting = submitted(hospital)
    before = meeting.period_from - dt.timedelta(days=1)

    with pytest.raises(ActionRefusedError, match="lies before the period"):
        actions.approve_report(
            meeting,
            by=again(hospital.secretary),
            number=1,
            issued_on=before,
            fingerprint=queries.report_of(meeting).fingerprint,
            papers=[],
        )

    assert not DocumentNumber.objects.exists()


@pytest.mark.parametrize("decide", [actions.take_in, actions.leave_out])
def test_a_candidate_whose_ground_went_meanwhile_is_refused(hospital, decide):
    item = an_overdue_item(hospital)
    meeting = a_meeting(hospital)
    candidate = Candidate.objects.get()
    LedgerItem.objects.filter(pk=item.pk).update(due_on=days(5))
    actions.propose(meeting, by=again(hospital.office))

    with pytest.raises(ActionRefusedError, match="no candidate any more"):
        decide(candidate, by=again(hospital.office), reason="典型")

    assert not ExposureCase.objects.exists()


def test_one_more_pledge_after_a_count_that_is_none(client, hospital):
    meeting = issued(hospital)
    client.force_login(again(hospital.head))
    address = page(hospital, "criticism", meeting.number, meeting.cases.get().pk)

    answer = client.post(address, {"more": "1", "pledges-TOTAL_FORMS": "9" * 5000})

    assert answer.status_code == 200


def test_the_last_day_there_is_stands_in_a_calendar(client, hospital):
    item = an_overdue_item(hospital)
    LedgerItem.objects.filter(pk=item.pk).update(due_on=dt.date.max)
    secret = make_calendar_link(by=again(hospital.head))

    told = client.get(reverse("messaging:calendar_feed", args=[secret]))

    assert b"DTSTART;VALUE=DATE:99991231" in told.content
