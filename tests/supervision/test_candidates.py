"""What the rules propose, up to the day, and what a person makes of it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit import trail
from campaign.models import ReminderRules
from core.errors import ActionRefusedError
from organisation.models import SYSTEM
from rectification.actions import expose, void
from rectification.models import Finding, LedgerItem
from rectification.states import OPEN, State
from supervision import actions, queries
from supervision.models import Candidate, CaseKind, ExposureCase, Ground, Verdict
from supervision.states import MeetingState
from tests.people import again
from tests.rectification.factories import AttemptFactory, LedgerItemFactory, an_item
from tests.supervision.factories import (
    TOLD,
    a_case,
    a_letterhead,
    a_meeting,
    an_overdue_item,
    days,
    held,
    issued,
    submitted,
)

pytestmark = pytest.mark.django_db
RED = 30
LAST_STEP = 7


def rules_of(meeting, item):
    found = queries.proposed(meeting, timezone.localdate())
    return [ground["rule"] for ground in found.get(item.pk, [])]


def due(item, day):
    LedgerItem.objects.filter(pk=item.pk).update(due_on=day)


def candidate_of(meeting, item):
    return Candidate.objects.get(meeting=meeting, item=item)


def returned(item, times, finding=""):
    for _time in range(times):
        AttemptFactory(item=item, returned=True, finding=finding)


@pytest.fixture
def meeting(hospital):
    return a_meeting(hospital)


@pytest.mark.parametrize(
    ("overdue", "grounds"),
    [
        (0, []),
        (LAST_STEP - 1, []),
        (LAST_STEP, [Ground.SILENT]),
        (RED, [Ground.SILENT]),
        (RED + 1, [Ground.LONG_RED]),
    ],
)
def test_days_overdue_count_to_the_day(hospital, meeting, overdue, grounds):
    item = an_overdue_item(hospital, by=overdue)

    assert rules_of(meeting, item) == grounds


def test_the_meeting_says_what_is_long_and_the_ladder_what_is_silent(hospital):
    ReminderRules.objects.create(campaign=hospital.campaign, third_days=12)
    meeting = a_meeting(hospital, red_days=20)

    assert rules_of(meeting, an_overdue_item(hospital, by=11)) == []
    assert rules_of(meeting, an_overdue_item(hospital, by=12)) == [Ground.SILENT]
    assert rules_of(meeting, an_overdue_item(hospital, by=21)) == [Ground.LONG_RED]


def test_a_short_red_line_comes_before_silence(hospital):
    meeting = a_meeting(hospital, red_days=3)

    assert rules_of(meeting, an_overdue_item(hospital, by=3)) == []
    assert rules_of(meeting, an_overdue_item(hospital, by=4)) == [Ground.LONG_RED]


@pytest.mark.parametrize("state", sorted(OPEN - {State.DRAFTING, State.AWAITING_PLAN_APPROVAL}))
def test_only_what_is_in_the_departments_hands_is_silent(hospital, meeting, state):
    item = an_item(hospital, **{str(state): True})
    due(item, days(-LAST_STEP))

    silent = state in {State.RECTIFYING, State.AWAITING_CLAIM}
    assert rules_of(meeting, item) == ([Ground.SILENT] if silent else [])
    due(item, days(-RED - 1))
    assert rules_of(meeting, item) == [Ground.LONG_RED]


def test_what_is_signed_off_is_not_overdue_any_more(hospital, meeting):
    item = an_item(hospital, closed=True)
    due(item, days(-90))

    assert rules_of(meeting, item) == []


def test_one_return_is_none_and_two_are_a_ground(hospital, meeting):
    item = an_item(hospital)
    returned(item, 1)
    assert rules_of(meeting, item) == []

    returned(item, 1)

    assert queries.proposed(meeting, days(0))[item.pk] == [
        {"rule": Ground.RETURNED_TWICE, "times": 2}
    ]


def test_the_latest_finding_is_the_ground(hospital, meeting):
    item = an_item(hospital)
    returned(item, 1, Finding.DELAYED)
    returned(item, 1, Finding.SHAM)

    assert {"rule": Ground.FINDING, "finding": Finding.SHAM} in queries.proposed(meeting, days(0))[
        item.pk
    ]


def test_what_came_back_and_what_is_grave_are_grounds_whatever_the_deadline(hospital, meeting):
    before = an_item(hospital, closed=True)
    recurred = an_item(hospital, recurrence_of=before)
    grave = an_item(hospital, is_grave=True, closed=True)

    assert queries.proposed(meeting, days(0)) == {
        recurred.pk: [{"rule": Ground.RECURRENCE, "code": before.code}],
        grave.pk: [{"rule": Ground.GRAVE}],
    }


def test_every_ground_that_holds_is_given_in_words(hospital, meeting):
    item = an_overdue_item(hospital, by=40, is_grave=True)
    returned(item, 2, Finding.SHAM)

    actions.propose(meeting, by=again(hospital.office))

    assert candidate_of(meeting, item).grounds_in_words == [
        "Overdue for 40 days",
        "Sign-off returned 2 times",
        "Found: sham rectification",
        "Grave finding",
    ]


def test_voided_exposed_and_foreign_items_are_not_proposed(hospital, meeting):
    voided = an_item(hospital, is_grave=True)
    void(voided, by=again(hospital.office), reason="重复")
    exposed = an_item(hospital, is_grave=True)
    expose(exposed, by=again(hospital.office), on=days(0), due_on=None, reason="第1期")
    LedgerItemFactory(is_grave=True)

    assert queries.proposed(meeting, days(0)) == {}


def test_a_case_of_another_meeting_to_come_is_not_proposed_again(hospital):
    first = a_meeting(hospital)
    case = a_case(hospital, first)

    second = a_meeting(hospital)

    assert rules_of(second, case.item) == []
    assert rules_of(first, case.item) != []


def test_proposing_again_changes_nothing_and_drops_what_holds_no_more(hospital):
    item = an_overdue_item(hospital)
    other = an_overdue_item(hospital)
    meeting = a_meeting(hospital)
    by = again(hospital.office)
    before = trail.of(meeting).count()

    assert actions.propose(meeting, by=by) == 0
    assert trail.of(meeting).count() == before

    due(item, days(5))
    due(other, days(-50))
    assert actions.propose(meeting, by=by) == 0
    assert candidate_of(meeting, other).grounds == [{"rule": "long_red", "days": 50}]
    assert not Candidate.objects.filter(meeting=meeting, item=item).exists()
    assert trail.of(meeting).last().detail == {"new": 0, "gone": 1}


def test_what_a_person_decided_outlives_its_grounds(hospital):
    kept, dropped = an_overdue_item(hospital), an_overdue_item(hospital)
    meeting = a_meeting(hospital)
    by = again(hospital.office)
    actions.take_in(candidate_of(meeting, kept), by=by, reason="典型")
    actions.leave_out(candidate_of(meeting, dropped), by=by, reason="已整改")
    due(kept, days(5))
    due(dropped, days(5))

    actions.propose(meeting, by=by)

    assert set(meeting.candidates.values_list("item", "verdict")) == {
        (kept.pk, Verdict.TAKEN_IN),
        (dropped.pk, Verdict.LEFT_OUT),
    }


def test_who_may_propose_and_when(hospital, meeting):
    may = hospital.who_may("supervision.prepare_meeting", meeting)
    assert may == {"office", "office2"}
    an_overdue_item(hospital)
    with pytest.raises(PermissionDenied):
        actions.propose(meeting, by=again(hospital.discipline))
    assert not meeting.candidates.exists()

    meeting = submitted(hospital)
    there = meeting.candidates.count()
    an_overdue_item(hospital)
    with pytest.raises(ActionRefusedError, match="only while the report is being prepared"):
        actions.propose(meeting, by=again(hospital.office))
    assert meeting.candidates.count() == there


def test_the_clock_proposes_for_every_report_being_prepared(hospital):
    waiting = submitted(hospital)
    preparing = a_meeting(hospital)
    item = an_overdue_item(hospital)

    actions.propose_by_the_clock(days(0))
    actions.propose_by_the_clock(days(0))

    assert [one.item for one in preparing.candidates.all()] == [item]
    assert not waiting.candidates.filter(item=item).exists()
    assert trail.of(preparing).filter(action="supervision.propose").count() == 1
    assert trail.of(preparing).last().actor_id == SYSTEM.pk


def test_taking_in_drafts_a_case_from_the_ledger_without_private_data(hospital):
    item = an_overdue_item(hospital, text="患者李小明反映抽血窗口排队时间长，电话13812345678。")
    item.issue.found_on = dt.date(2026, 9, 5)
    item.issue.place = "门诊楼，患者王芳，床号12床"
    item.issue.save()
    meeting = a_meeting(hospital)

    case = actions.take_in(
        candidate_of(meeting, item), by=again(hospital.office), reason="反映集中"
    )

    assert case.facts == "患者李某某反映抽血窗口排队时间长，电话138****5678。"
    assert case.title == case.facts[:30]
    assert (case.happened, case.department, case.position) == (
        "2026年9月5日",
        item.lead_department,
        0,
    )
    assert "王芳" not in case.place
    assert not case.is_included
    candidate = candidate_of(meeting, item)
    assert (candidate.verdict, candidate.reason) == (Verdict.TAKEN_IN, "反映集中")
    assert candidate.decided_by == hospital.office
    assert trail.of(meeting).last().action == "supervision.taken_in"


def test_cases_come_in_the_order_in_which_they_were_taken_in(hospital, meeting):
    cases = [a_case(hospital, meeting, an_overdue_item(hospital)) for _n in range(3)]

    assert list(meeting.cases.in_order()) == cases
    assert [case.position for case in cases] == [0, 1, 2]


@pytest.mark.parametrize("verb", [actions.take_in, actions.leave_out])
def test_a_decision_needs_a_reason_the_office_and_a_report_being_prepared(hospital, verb):
    an_overdue_item(hospital)
    meeting = a_meeting(hospital)
    candidate = meeting.candidates.get()

    with pytest.raises(ActionRefusedError, match="Say why"):
        verb(candidate, by=again(hospital.office), reason="  ")
    for who in set(hospital.people()) - {"office", "office2"}:
        with pytest.raises(PermissionDenied):
            verb(candidate, by=again(getattr(hospital, who)), reason="典型")
    a_case(hospital, meeting, an_overdue_item(hospital))
    actions.submit_report(meeting, by=again(hospital.office))
    with pytest.raises(ActionRefusedError, match="report awaiting approval"):
        verb(candidate, by=again(hospital.office), reason="典型")

    candidate.refresh_from_db()
    assert candidate.verdict == Verdict.OPEN
    assert meeting.cases.count() == 1


@pytest.mark.parametrize(
    ("verb", "again_words"),
    [(actions.take_in, "taken in already"), (actions.leave_out, "left out already")],
)
def test_the_same_decision_is_not_taken_twice(hospital, verb, again_words):
    an_overdue_item(hospital)
    candidate = a_meeting(hospital).candidates.get()
    verb(candidate, by=again(hospital.office), reason="典型")

    with pytest.raises(ActionRefusedError, match=again_words):
        verb(candidate, by=again(hospital.office2), reason="典型")


def test_leaving_out_takes_the_case_away_and_keeps_what_it_said(hospital, meeting):
    case = a_case(hospital, meeting)
    candidate = candidate_of(meeting, case.item)

    actions.leave_out(candidate, by=again(hospital.office), reason="本周已整改到位")

    assert not meeting.cases.exists()
    event = trail.of(meeting).last()
    assert (event.action, event.reason) == ("supervision.left_out", "本周已整改到位")
    assert event.detail["was"]["facts"] == TOLD["facts"]
    actions.take_in(candidate, by=again(hospital.office), reason="又反弹")
    assert meeting.cases.get().facts != TOLD["facts"]


def test_the_office_may_take_in_what_no_rule_proposes(hospital, meeting):
    item = an_item(hospital)

    actions.take_in_item(meeting, item, by=again(hospital.office), reason="暗访发现")

    assert candidate_of(meeting, item).grounds_in_words == ["Proposed by the office: 暗访发现"]
    assert meeting.cases.get().item == item
    with pytest.raises(ActionRefusedError, match="taken in already"):
        actions.take_in_item(meeting, item, by=again(hospital.office), reason="暗访发现")


def test_what_cannot_be_exposed_is_not_taken_in_and_leaves_no_candidate(hospital, meeting):
    by = again(hospital.office)
    drafting = an_item(hospital, drafting=True, lead_department=None)
    voided = an_item(hospital, voided=True)
    elsewhere = a_case(hospital, a_meeting(hospital)).item
    for item, words in [
        (drafting, "has no lead department yet"),
        (voided, "is voided"),
        (elsewhere, "is a case of number 2"),
        (LedgerItemFactory(), "another campaign"),
    ]:
        with pytest.raises(ActionRefusedError, match=words):
            actions.take_in_item(meeting, item, by=by, reason="典型")

    assert not meeting.cases.exists()
    assert not meeting.candidates.filter(verdict=Verdict.TAKEN_IN).exists()


def test_an_item_that_is_a_good_example_is_not_a_problem_too(hospital, meeting):
    item = an_item(hospital)
    by = again(hospital.office)
    actions.add_good_example(
        meeting, by=by, title="经验", facts="做法", department=hospital.outpatient, item=item
    )

    with pytest.raises(ActionRefusedError, match="already a case"):
        actions.take_in_item(meeting, item, by=by, reason="典型")

    assert [case.kind for case in meeting.cases.all()] == [CaseKind.GOOD]


def next_one(hospital):
    return a_meeting(hospital)


def test_left_out_on_the_same_ground_it_is_not_proposed_again(hospital):
    item = an_item(hospital)
    returned(item, 2)
    first = a_meeting(hospital)
    actions.leave_out(candidate_of(first, item), by=again(hospital.office), reason="正在整改")

    assert rules_of(next_one(hospital), item) == []

    returned(item, 1)
    assert rules_of(next_one(hospital), item) == [Ground.RETURNED_TWICE]


def test_a_new_ground_proposes_it_again_with_all_its_grounds(hospital):
    item = an_item(hospital)
    returned(item, 2)
    first = a_meeting(hospital)
    actions.leave_out(candidate_of(first, item), by=again(hospital.office), reason="正在整改")

    LedgerItem.objects.filter(pk=item.pk).update(is_grave=True)

    assert rules_of(next_one(hospital), item) == [Ground.RETURNED_TWICE, Ground.GRAVE]


def test_left_out_for_being_late_it_is_proposed_again_while_it_is_late(hospital):
    item = an_overdue_item(hospital)
    first = a_meeting(hospital)
    actions.leave_out(candidate_of(first, item), by=again(hospital.office), reason="再给一次机会")

    assert rules_of(next_one(hospital), item) == [Ground.LONG_RED]


def test_a_case_that_was_not_concluded_is_kept_for_the_next_meeting_as_it_was_written(hospital):
    a_letterhead(hospital)
    first = a_meeting(hospital)
    a_case(hospital, first)
    open_case = a_case(hospital, first, an_item(hospital), concluded=False, nature="性质严重")
    actions.submit_report(first, by=again(hospital.office))
    held(hospital, issued(hospital, first))

    second = a_meeting(hospital)

    candidate = second.candidates.get()
    assert candidate.item == open_case.item
    assert candidate.grounds_in_words == ["Kept from number 1, where it was not exposed"]
    case = actions.take_in(candidate, by=again(hospital.office), reason="已处理")
    assert (case.pk != open_case.pk, case.meeting, case.nature) == (True, second, "性质严重")
    assert (case.title, case.due_on, case.exposed_on) == (TOLD["title"], None, None)
    assert ExposureCase.objects.get(pk=open_case.pk).meeting == first


def test_what_a_cancelled_meeting_had_taken_in_is_kept_too(hospital):
    first = a_meeting(hospital)
    case = a_case(hospital, first, an_item(hospital))
    actions.cancel_meeting(first, by=again(hospital.office), reason="防汛")

    second = a_meeting(hospital)

    assert rules_of(second, case.item) == [Ground.CARRIED]
    kept = actions.take_in(second.candidates.get(), by=again(hospital.office), reason="典型")
    assert kept.handling_concluded_on == case.handling_concluded_on


def test_left_out_when_carried_it_comes_back_only_if_taken_in_and_missed_again(hospital):
    by = again(hospital.office)
    first = a_meeting(hospital)
    item = a_case(hospital, first, an_item(hospital), concluded=False).item
    actions.cancel_meeting(first, by=by, reason="防汛")
    second = a_meeting(hospital)
    actions.leave_out(candidate_of(second, item), by=by, reason="已整改")
    assert rules_of(next_one(hospital), item) == []

    third = a_meeting(hospital)
    a_case(hospital, third, item, concluded=False)
    actions.cancel_meeting(third, by=by, reason="防汛")

    assert queries.proposed(next_one(hospital), days(0))[item.pk] == [
        {"rule": Ground.CARRIED, "number": third.number}
    ]


def test_proposing_costs_the_same_for_one_item_and_for_many(
    hospital, meeting, django_assert_num_queries
):
    def make(n):
        for _n in range(n):
            item = an_overdue_item(hospital, recurrence_of=an_item(hospital, closed=True))
            returned(item, 2, Finding.SHAM)

    make(1)
    with django_assert_num_queries(6):
        assert len(queries.proposed(meeting, days(0))) == 1
    make(4)
    with django_assert_num_queries(6):
        assert len(queries.proposed(meeting, days(0))) == 5
    assert meeting.state == MeetingState.PREPARING
