"""Two people at once: what may happen once happens once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from audit import trail
from campaign.models import DocumentNumber
from core.errors import ActionRefusedError
from supervision import actions, queries
from supervision.models import Candidate, Distribution, ExposureMeeting, IssuedPaper
from tests.people import again, small_hospital
from tests.supervision.factories import (
    a_letterhead,
    a_meeting,
    an_overdue_item,
    days,
    issued,
    papers,
    submitted,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hospital():
    made = small_hospital()
    a_letterhead(made)
    return made


def at_once(*calls):
    """What became of each: ``done``, or the sentence of its refusal."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            call()
        except ActionRefusedError as refusal:
            return str(refusal)
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return sorted(threads.map(run, calls))


def approval(meeting, by, number):
    fingerprint = queries.report_of(meeting).fingerprint
    return lambda: actions.approve_report(
        ExposureMeeting.objects.get(pk=meeting.pk),
        by=by,
        number=number,
        issued_on=days(0),
        fingerprint=fingerprint,
        papers=papers(),
    )


def test_two_principals_approving_give_one_number(hospital):
    meeting = submitted(hospital)

    outcomes = at_once(
        approval(meeting, hospital.secretary, 1), approval(meeting, hospital.president, 2)
    )

    assert outcomes[1] == "done" or outcomes[0] == "done"
    assert sum("not possible here" in outcome for outcome in outcomes) == 1
    assert DocumentNumber.objects.count() == IssuedPaper.objects.count() == 1
    assert len(default_storage.listdir(f"exposure/{meeting.pk}")[1]) == 1


def test_the_same_number_for_two_reports_is_given_to_one(hospital):
    first, second = submitted(hospital), submitted(hospital)

    outcomes = at_once(
        approval(first, hospital.secretary, 7), approval(second, hospital.president, 7)
    )

    assert sum("The next free number is 8" in outcome for outcome in outcomes) == 1
    assert DocumentNumber.objects.get().number == 7
    assert ExposureMeeting.objects.issued().count() == 1


def test_two_taking_in_the_same_candidate_make_one_case(hospital):
    an_overdue_item(hospital)
    meeting = a_meeting(hospital)
    candidate = meeting.candidates.get()

    def take(by):
        return lambda: actions.take_in(Candidate.objects.get(pk=candidate.pk), by=by, reason="典型")

    outcomes = at_once(take(hospital.office), take(hospital.office2))

    assert outcomes == ["It has been taken in already.", "done"]
    assert meeting.cases.count() == 1
    assert trail.of(meeting).filter(action="supervision.taken_in").count() == 1


def test_two_acknowledging_acknowledge_once(hospital):
    meeting = issued(hospital)
    (sent,) = actions.distribute(meeting, by=again(hospital.office), units=[hospital.outpatient])

    def acknowledge(by):
        return lambda: actions.acknowledge(Distribution.objects.get(pk=sent.pk), by=by)

    outcomes = at_once(acknowledge(hospital.head), acknowledge(hospital.liaison))

    assert sum("acknowledged the report already" in outcome for outcome in outcomes) == 1
    assert trail.of(sent).filter(action="supervision.acknowledge").count() == 1


def test_two_planning_the_same_number_plan_one_meeting(hospital):
    facts = {
        **queries.next_meeting(hospital.campaign, days(0)),
        "place": "会议室",
        "period_from": days(-60),
        "period_to": days(0),
        "held_on": days(0),
    }

    def plan(by):
        return lambda: actions.plan_meeting(hospital.campaign, by=by, **facts)

    outcomes = at_once(plan(hospital.office), plan(hospital.office2))

    assert sum("already a meeting of this number" in outcome for outcome in outcomes) == 1
    assert ExposureMeeting.objects.count() == 1


def test_proposing_twice_at_once_proposes_each_item_once(hospital):
    meeting = a_meeting(hospital)
    item = an_overdue_item(hospital)

    def propose(by):
        return lambda: actions.propose(meeting, by=by)

    assert at_once(propose(hospital.office), propose(hospital.office2)) == ["done", "done"]
    assert [candidate.item for candidate in meeting.candidates.all()] == [item]
