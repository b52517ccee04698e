"""One person's duties and everybody's counts are the same duties."""

import datetime as dt

import pytest
from django.utils import timezone

from supervision import actions
from supervision.queries import DUTIES, waiting
from tests.people import again
from tests.supervision.factories import a_letterhead, a_meeting, an_overdue_item, issued, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(hospital):
    """One meeting issued with its report on the way, one submitted, one with open candidates."""
    a_letterhead(hospital)
    first = issued(hospital)
    actions.distribute(
        first, by=again(hospital.office), units=[hospital.outpatient, hospital.surgery]
    )
    submitted(hospital)
    an_overdue_item(hospital)
    a_meeting(hospital)
    return hospital


def duties_of(person, day):
    return {duty.key: n for duty in DUTIES if (n := duty.of(again(person), day).count())}


def test_each_has_his_own_duties(busy):
    day = timezone.localdate()

    assert duties_of(busy.secretary, day) == {"approve_report": 1}
    assert duties_of(busy.head, day) == {"acknowledge_report": 1, "write_criticism": 1}
    assert duties_of(busy.head2, day) == {"acknowledge_report": 1}
    assert duties_of(busy.office, day) == {"decide_candidates": 1, "hold_meeting": 1}
    for nobody in (busy.staff, busy.discipline, busy.administrator, busy.stranger, busy.head3):
        assert duties_of(nobody, day) == {}


def test_the_day_before_the_meeting_there_is_nothing_to_record(busy):
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    assert "hold_meeting" not in duties_of(busy.office, yesterday)


def test_everybodys_counts_agree_with_each_persons_own(busy):
    day = timezone.localdate()

    counted = waiting.people(day)

    own = {
        who.pk: {busy.campaign.pk: sum(duties.values())}
        for who in busy.people().values()
        if (duties := duties_of(who, day))
    }
    assert counted == own


def test_who_submitted_a_report_is_not_asked_to_approve_it(busy):
    meeting = busy.campaign.exposure_meetings.get(state="awaiting_approval")
    type(meeting).objects.filter(pk=meeting.pk).update(submitted_by=busy.secretary)
    day = timezone.localdate()

    assert duties_of(busy.secretary, day) == {}
    assert busy.secretary.pk not in waiting.people(day)
    assert duties_of(busy.president, day) == {"approve_report": 1}


def test_everybodys_counts_cost_the_same_for_one_candidate_or_four(
    busy, django_assert_max_num_queries
):
    day = timezone.localdate()
    with django_assert_max_num_queries(16):
        waiting.people(day)
    for _ in range(3):
        an_overdue_item(busy)
    actions.propose(busy.campaign.exposure_meetings.get(number=3), by=again(busy.office))

    with django_assert_max_num_queries(16):
        waiting.people(day)
