"""Writing the meeting, its report and its cases."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from audit import trail
from campaign.models import Campaign
from core.errors import ActionRefusedError
from rectification.actions import void
from supervision import actions, queries
from supervision.models import ExposureCase, ExposureMeeting
from supervision.states import MeetingState
from tests.campaign.factories import CampaignFactory
from tests.organisation.factories import UnitFactory
from tests.people import again
from tests.rectification.factories import LedgerItemFactory, an_item
from tests.supervision.factories import (
    TOLD,
    a_case,
    a_letterhead,
    a_meeting,
    an_overdue_item,
    days,
    issued,
    submitted,
)

pytestmark = pytest.mark.django_db
OFFICE = {"office", "office2"}


@pytest.fixture
def meeting(hospital):
    return a_meeting(hospital)


def everybody_but(hospital, allowed):
    return [again(who) for name, who in hospital.people().items() if name not in allowed]


def test_the_first_meeting_follows_the_start_of_the_campaign_by_two_months(hospital):
    Campaign.objects.filter(pk=hospital.campaign.pk).update(starts_on=dt.date(2026, 9, 1))
    campaign = Campaign.objects.get(pk=hospital.campaign.pk)

    proposal = queries.next_meeting(campaign, dt.date(2026, 9, 10))

    assert (proposal["number"], proposal["period_from"], proposal["period_to"]) == (
        1,
        dt.date(2026, 9, 1),
        dt.date(2026, 10, 31),
    )
    assert proposal["held_on"] >= proposal["period_to"]


def test_the_next_meeting_follows_the_last_with_what_stays_the_same(hospital):
    last = a_meeting(hospital, copies_to="院领导", red_days=20)

    proposal = queries.next_meeting(hospital.campaign, days(0))

    assert proposal["number"] == last.number + 1
    assert proposal["period_from"] == last.period_to + dt.timedelta(days=1)
    assert (proposal["place"], proposal["red_days"], proposal["copies_to"]) == (
        last.place,
        20,
        "院领导",
    )
    assert 55 <= (proposal["held_on"] - last.held_on).days <= 75


def test_after_a_long_pause_it_meets_now_and_speaks_of_all_that_time(hospital):
    last = a_meeting(hospital, period_from=days(-400), period_to=days(-340), held_on=days(-340))

    proposal = queries.next_meeting(hospital.campaign, days(0))

    assert proposal["period_from"] == last.period_to + dt.timedelta(days=1)
    assert proposal["period_to"] == days(0)
    assert days(0) <= proposal["held_on"] <= days(12)


def test_planning_drafts_the_report_from_the_figures_in_the_language_of_papers(hospital):
    an_item(hospital)
    an_item(hospital, closed=True)
    LedgerItemFactory(campaign=hospital.campaign, voided=True)
    with translation.override("en"):
        meeting = a_meeting(
            hospital,
            period_from=dt.date(2026, 9, 1),
            period_to=days(0),
            held_on=days(10),
        )

    assert "2026年9月1日" in meeting.intro
    assert "50.0%" in meeting.overall
    assert meeting.causes == ""
    assert len(meeting.agenda_points) == 4
    assert (meeting.feedback_due_on - meeting.held_on).days >= 14
    assert queries.statistics(meeting).work[0].value == "2"


def test_without_new_problems_no_rate_is_claimed(hospital):
    an_overdue_item(hospital)
    meeting = a_meeting(hospital, period_from=days(-90), period_to=days(-60))

    assert "—" not in meeting.overall
    assert "%" not in meeting.overall
    assert "1" in meeting.overall


def test_what_was_given_is_not_overwritten_by_the_draft(hospital):
    meeting = a_meeting(hospital, title="关于窗口服务典型问题的通报", agenda="宣读通报")

    assert (meeting.title, meeting.agenda_points) == ("关于窗口服务典型问题的通报", ["宣读通报"])


def test_only_the_office_plans_and_only_in_a_running_campaign(hospital):
    facts = {**queries.next_meeting(hospital.campaign, days(0)), "place": "会议室"}

    for who in everybody_but(hospital, OFFICE):
        with pytest.raises(PermissionDenied):
            actions.plan_meeting(hospital.campaign, by=who, **facts)
    draft = CampaignFactory(host=hospital.unit, state="draft")
    with pytest.raises(ActionRefusedError, match="running campaign"):
        actions.plan_meeting(draft, by=again(hospital.office), **facts)

    assert not ExposureMeeting.objects.exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"number": 1}, "already a meeting"),
        ({"period_to": days(-90)}, "end before it begins"),
        ({"held_on": days(-90)}, "before its period"),
        ({"number": 0}, "greater than or equal"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(hospital, meeting, facts, words):
    with pytest.raises(ActionRefusedError, match=words):
        a_meeting(hospital, **facts)

    assert list(ExposureMeeting.objects.all()) == [meeting]


def test_private_data_is_taken_out_of_everything_on_entry(hospital, meeting):
    by = again(hospital.office)
    told = "患者李小明来电13812345678"
    read = "患者李某某来电138****5678"

    meeting = actions.revise_meeting(meeting, by=by, causes=told, agenda=told, attendees=told)
    case = a_case(hospital, meeting, facts=told, nature=told, handling=told, place=told)
    good = actions.add_good_example(
        meeting, by=by, title="经验", facts=told, department=hospital.surgery
    )

    assert {meeting.causes, meeting.agenda, meeting.attendees} == {read}
    assert {case.facts, case.nature, case.handling, case.place, good.facts} == {read}


def test_only_the_office_writes(hospital, meeting):
    case = a_case(hospital, meeting)
    good = actions.add_good_example(
        meeting, by=again(hospital.office), title="经验", facts="做法", department=hospital.surgery
    )
    before = (trail.of(meeting).count(), trail.of(case).count(), meeting.cases.count())
    assert hospital.who_may("supervision.prepare_meeting", meeting) == OFFICE

    for who in everybody_but(hospital, OFFICE):
        for write in (
            lambda by: actions.revise_meeting(meeting, by=by, causes="改"),
            lambda by: actions.revise_case(case, by=by, facts="改"),
            lambda by: actions.remove_good_example(good, by=by),
            lambda by: actions.add_good_example(
                meeting, by=by, title="改", facts="改", department=hospital.surgery
            ),
            lambda by: actions.submit_report(meeting, by=by),
            lambda by: actions.cancel_meeting(meeting, by=by, reason="改"),
        ):
            with pytest.raises(PermissionDenied):
                write(who)

    assert (trail.of(meeting).count(), trail.of(case).count(), meeting.cases.count()) == before


def test_nothing_is_written_once_the_report_is_submitted(hospital):
    meeting = submitted(hospital)
    case = meeting.cases.get()
    by = again(hospital.office)
    events = trail.of(meeting).count()

    for write in (
        lambda: actions.revise_meeting(meeting, by=by, causes="改"),
        lambda: actions.revise_case(case, by=by, facts="改"),
        lambda: actions.remove_good_example(case, by=by),
        lambda: actions.add_good_example(
            meeting, by=by, title="改", facts="改", department=hospital.surgery
        ),
        lambda: actions.cancel_meeting(meeting, by=by, reason="防汛"),
        lambda: actions.submit_report(meeting, by=by),
    ):
        with pytest.raises(ActionRefusedError, match="report awaiting approval"):
            write()

    case.refresh_from_db()
    assert case.facts == TOLD["facts"]
    assert trail.of(meeting).count() == events


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"handling_concluded_on": days(1)}, "a day to come"),
        ({"handling": "", "handling_concluded_on": days(0)}, "State the result"),
        ({"handling": "  "}, "State the result"),
        ({"title": "长" * 61}, "60 characters"),
    ],
)
def test_a_case_is_concluded_only_with_its_result(hospital, meeting, facts, words):
    case = a_case(hospital, meeting)

    with pytest.raises(ActionRefusedError, match=words):
        actions.revise_case(case, by=again(hospital.office), **facts)

    case = ExposureCase.objects.get(pk=case.pk)
    assert (case.handling, case.title) == (TOLD["handling"], TOLD["title"])


def test_a_case_names_a_department_of_its_campaign(hospital, meeting):
    case = a_case(hospital, meeting)
    foreign = UnitFactory()

    with pytest.raises(ActionRefusedError, match="does not belong to this campaign"):
        actions.revise_case(case, by=again(hospital.office), department=foreign)
    with pytest.raises(ActionRefusedError, match="does not belong to this campaign"):
        actions.add_good_example(
            meeting, by=again(hospital.office), title="经验", facts="做法", department=foreign
        )
    with pytest.raises(ActionRefusedError, match="another campaign"):
        actions.add_good_example(
            meeting,
            by=again(hospital.office),
            title="经验",
            facts="做法",
            department=hospital.surgery,
            item=LedgerItemFactory(),
        )

    assert [one.department for one in meeting.cases.all()] == [hospital.outpatient]


def test_writing_the_same_again_leaves_no_trace(hospital, meeting):
    case = a_case(hospital, meeting)
    events = trail.of(case).count()

    actions.revise_case(case, by=again(hospital.office), facts=TOLD["facts"])

    assert trail.of(case).count() == events


def test_a_case_that_was_left_out_meanwhile_says_so(hospital, meeting):
    case = a_case(hospital, meeting)
    actions.leave_out(meeting.candidates.get(), by=again(hospital.office2), reason="已整改")

    with pytest.raises(ActionRefusedError, match="left out meanwhile"):
        actions.revise_case(case, by=again(hospital.office), facts="改")


def test_a_good_example_may_be_taken_back_and_a_problem_only_left_out(hospital, meeting):
    by = again(hospital.office)
    problem = a_case(hospital, meeting)
    good = actions.add_good_example(
        meeting, by=by, title="经验", facts="做法", department=hospital.surgery
    )

    with pytest.raises(ActionRefusedError, match="Leave the candidate out"):
        actions.remove_good_example(problem, by=by)
    actions.remove_good_example(good, by=by)

    assert list(meeting.cases.all()) == [problem]
    assert trail.of(meeting).last().detail["was"]["facts"] == "做法"


def test_submitting_needs_a_problem_that_is_concluded(hospital, meeting):
    by = again(hospital.office)
    actions.add_good_example(
        meeting, by=by, title="经验", facts="做法", department=hospital.surgery
    )
    a_case(hospital, meeting, concluded=False)

    with pytest.raises(ActionRefusedError, match="at least one problem"):
        actions.submit_report(meeting, by=by)

    assert ExposureMeeting.objects.get().state == MeetingState.PREPARING


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"nature": ""}, "lacks: nature"),
        ({"facts": ""}, "lacks: facts"),
        ({"due_on": None}, "lacks: to be put right by"),
        ({"due_on": days(-1)}, "due before the meeting"),
    ],
)
def test_submitting_names_what_a_case_lacks(hospital, meeting, facts, words):
    a_case(hospital, meeting, **facts)

    with pytest.raises(ActionRefusedError, match=words):
        actions.submit_report(meeting, by=again(hospital.office))

    assert ExposureMeeting.objects.get().state == MeetingState.PREPARING


def test_an_item_voided_since_is_neither_submitted_nor_approved(hospital):
    a_letterhead(hospital)
    meeting = submitted(hospital)
    void(meeting.cases.get().item, by=again(hospital.office2), reason="重复登记")

    with pytest.raises(ActionRefusedError, match="is voided"):
        issued(hospital, meeting)
    actions.withdraw_report(meeting, by=again(hospital.office))
    with pytest.raises(ActionRefusedError, match="is voided"):
        actions.submit_report(meeting, by=again(hospital.office))


def test_what_is_not_concluded_does_not_keep_the_rest_from_being_submitted(hospital, meeting):
    a_case(hospital, meeting)
    a_case(hospital, meeting, concluded=False, facts="", nature="")

    meeting = actions.submit_report(meeting, by=again(hospital.office))

    assert (meeting.state, meeting.submitted_by) == (
        MeetingState.AWAITING_APPROVAL,
        hospital.office,
    )
    assert len(queries.report_of(meeting).problems) == 1


def test_a_submitted_report_may_be_withdrawn_by_the_office_alone(hospital):
    meeting = submitted(hospital)
    for who in everybody_but(hospital, OFFICE):
        with pytest.raises(PermissionDenied):
            actions.withdraw_report(meeting, by=who)

    assert actions.withdraw_report(meeting, by=again(hospital.office2)).state == (
        MeetingState.PREPARING
    )
    with pytest.raises(ActionRefusedError, match="being prepared"):
        actions.withdraw_report(meeting, by=again(hospital.office2))


def test_a_meeting_is_cancelled_with_a_reason(hospital, meeting):
    by = again(hospital.office)
    with pytest.raises(ActionRefusedError, match="why the meeting is cancelled"):
        actions.cancel_meeting(meeting, by=by, reason=" ")

    cancelled = actions.cancel_meeting(meeting, by=by, reason="防汛")

    assert cancelled.state == MeetingState.CANCELLED
    assert trail.of(meeting).last().reason == "防汛"
    assert queries.next_meeting(hospital.campaign, days(0))["number"] == meeting.number + 1
