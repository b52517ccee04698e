"""Each verb: what it does, the trace it leaves, and when it is refused."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from audit import trail
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from issues import actions, signals, states
from issues.models import Issue
from issues.states import State
from tests.campaign.factories import CampaignFactory
from tests.issues.factories import IssueFactory
from tests.people import small_hospital

pytestmark = pytest.mark.django_db


def facts(issue):
    return [
        (event.actor_id, event.action.partition(".")[2], event.reason) for event in trail.of(issue)
    ]


def states_of(*issues):
    return [Issue.objects.get(pk=issue.pk).state for issue in issues]


def test_a_report_takes_the_next_number_and_waits_for_the_office(hospital):
    first = actions.report(hospital.campaign, by=hospital.staff, text="窗口排队长")
    second = actions.report(
        hospital.campaign,
        by=hospital.head,
        text="叫号听不清",
        reported_unit=hospital.outpatient,
        responsible_departments=[hospital.laboratory],
    )

    assert (first.code, second.code) == ("ZF-P001", "ZF-P002")
    assert first.state == second.state == State.REPORTED
    assert list(second.responsible_departments.all()) == [hospital.laboratory]
    assert facts(first) == [(hospital.staff.pk, "report", "")]


def test_the_text_for_searching_is_not_in_the_trail(hospital):
    issue = actions.report(hospital.campaign, by=hospital.staff, text="排隊")

    [event] = trail.of(issue)

    assert issue.search_text == "排队"
    assert "search_text" not in event.after


def test_nothing_is_reported_from_outside_the_unit(hospital):
    for person in (hospital.supervisor, hospital.administrator, hospital.stranger):
        with pytest.raises(PermissionDenied):
            actions.report(hospital.campaign, by=person, text="窗口排队长")

    assert Issue.objects.count() == 0


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.FINISHED])
def test_nothing_is_reported_while_the_campaign_does_not_run(hospital, state):
    type(hospital.campaign).objects.update(state=state)

    with pytest.raises(ActionRefusedError, match="only while the campaign is running"):
        actions.report(hospital.campaign, by=hospital.office, text="窗口排队长")

    hospital.campaign.refresh_from_db()
    assert (Issue.objects.count(), hospital.campaign.issue_counter) == (0, 0)


def test_nobody_reports_in_the_name_of_a_unit_that_is_not_his(hospital):
    with pytest.raises(ActionRefusedError, match="your own"):
        actions.report(
            hospital.campaign, by=hospital.staff, text="排队", reported_unit=hospital.surgery
        )

    assert Issue.objects.count() == 0


def test_a_report_that_breaks_a_rule_is_refused_in_words(hospital):
    with pytest.raises(ActionRefusedError, match="before the day the problem was found"):
        actions.report(
            hospital.campaign,
            by=hospital.office,
            text="排队",
            found_on=dt.date(2026, 5, 2),
            due_on=dt.date(2026, 5, 1),
        )


@pytest.fixture
def heard():
    """What others are told of confirmed problems."""
    told = []

    def listen(issue, by, **kwargs):
        told.append((issue.pk, issue.lead_department_id, by.pk))

    signals.issue_confirmed.connect(listen)
    yield told
    signals.issue_confirmed.disconnect(listen)


def test_confirming_keeps_what_was_understood_and_tells_the_ledger(hospital, heard):
    issue = IssueFactory(campaign=hospital.campaign)

    actions.confirm(
        issue,
        by=hospital.office,
        text="收费窗口排队长",
        lead_department=hospital.outpatient,
        responsible_departments=[hospital.laboratory],
        responsible_leader=hospital.vp,
    )

    issue.refresh_from_db()
    assert (issue.state, issue.text, issue.search_text) == (
        State.CONFIRMED,
        "收费窗口排队长",
        "收费窗口排队长",
    )
    assert list(issue.responsible_departments.all()) == [hospital.laboratory]
    assert heard == [(issue.pk, hospital.outpatient.pk, hospital.office.pk)]
    [event] = trail.of(issue)
    assert (event.action, event.after["state"], event.detail) == (
        "issues.confirm",
        "confirmed",
        {"departments": ["检验科"]},
    )


def test_the_only_responsible_department_leads(hospital, heard):
    issue = IssueFactory(campaign=hospital.campaign, responsible_departments=[hospital.outpatient])

    assert actions.confirm(issue, by=hospital.office).lead_department == hospital.outpatient


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Name the lead department."),
        ({"for_all_departments": True}, "Name the lead department."),
        ({"written": {"departments": "保卫处"}}, "“保卫处” is not a department that we know"),
    ],
)
def test_nothing_is_confirmed_that_nobody_has_to_put_right(hospital, heard, given, sentence):
    issue = IssueFactory(campaign=hospital.campaign, **given)

    with pytest.raises(ActionRefusedError, match=sentence):
        actions.confirm(issue, by=hospital.office)

    assert (states_of(issue), heard, facts(issue)) == ([State.REPORTED], [], [])


def test_merging_keeps_both_and_says_into_which(hospital):
    kept, doubled = IssueFactory.create_batch(2, campaign=hospital.campaign)

    actions.merge(doubled, by=hospital.office, into=kept)

    doubled.refresh_from_db()
    assert (doubled.state, doubled.merged_into) == (State.MERGED, kept)
    assert states_of(kept) == [State.REPORTED]
    [event] = trail.of(doubled)
    assert event.detail == {"into": kept.code}


def test_a_problem_is_merged_only_into_another_live_one_of_its_campaign(hospital):
    issue = IssueFactory(campaign=hospital.campaign)
    wrong = [
        issue,
        IssueFactory(campaign=CampaignFactory(host=hospital.unit)),
        IssueFactory(campaign=hospital.campaign, rejected=True),
        IssueFactory(campaign=hospital.campaign, merged=True),
    ]

    for other in wrong:
        with pytest.raises(ActionRefusedError):
            actions.merge(issue, by=hospital.office, into=other)

    assert states_of(issue) == [State.REPORTED]


DECISIONS = {
    "send_back": State.RETURNED,
    "hand_over": State.HANDED_OVER,
    "reject": State.REJECTED,
}


@pytest.mark.parametrize("verb", DECISIONS)
def test_a_decision_keeps_its_reason(hospital, verb):
    issue = IssueFactory(campaign=hospital.campaign)

    getattr(actions, verb)(issue, by=hospital.office, reason=" 请写明地点 ")

    issue.refresh_from_db()
    assert (issue.state, issue.review_note) == (DECISIONS[verb], "请写明地点")
    assert facts(issue) == [(hospital.office.pk, verb, "请写明地点")]


@pytest.mark.parametrize("verb", DECISIONS)
def test_a_decision_without_a_reason_is_refused(hospital, verb):
    issue = IssueFactory(campaign=hospital.campaign)

    with pytest.raises(ActionRefusedError, match="Give a reason"):
        getattr(actions, verb)(issue, by=hospital.office, reason="  ")

    assert states_of(issue) == [State.REPORTED]


@pytest.mark.parametrize("verb", [*DECISIONS, "confirm", "merge"])
def test_only_the_office_reviews(hospital, verb):
    issue = IssueFactory(campaign=hospital.campaign)
    given = {"confirm": {}, "merge": {"into": IssueFactory(campaign=hospital.campaign)}}
    rest = given.get(verb, {"reason": "不属实"})

    for person in (hospital.head, hospital.staff, hospital.vp, hospital.discipline):
        with pytest.raises(PermissionDenied):
            getattr(actions, verb)(issue, by=person, **rest)

    assert (states_of(issue), facts(issue)) == ([State.REPORTED], [])


@pytest.mark.parametrize("trait", ["confirmed", "returned", "handed_over", "rejected", "merged"])
def test_a_problem_is_reviewed_only_while_it_awaits_review(hospital, trait):
    issue = IssueFactory(campaign=hospital.campaign, **{trait: True})

    with pytest.raises(ActionRefusedError, match="not possible here"):
        actions.reject(issue, by=hospital.office, reason="不属实")


def test_a_returned_problem_comes_back_corrected(hospital):
    issue = IssueFactory(campaign=hospital.campaign, returned=True, reported_by=hospital.staff)

    actions.resubmit(
        issue,
        by=hospital.staff,
        text="门诊三楼收費窗口",
        responsible_departments=[hospital.outpatient],
    )

    issue.refresh_from_db()
    assert (issue.state, issue.text, issue.search_text) == (
        State.REPORTED,
        "门诊三楼收費窗口",
        "门诊三楼收费窗口",
    )
    assert list(issue.responsible_departments.all()) == [hospital.outpatient]


def test_somebody_else_does_not_correct_it(hospital):
    issue = IssueFactory(campaign=hospital.campaign, returned=True, reported_by=hospital.staff)

    for person in (hospital.head, hospital.staff2, hospital.office):
        with pytest.raises(PermissionDenied):
            actions.resubmit(issue, by=person, text="改写")


def test_many_are_reviewed_each_by_itself(hospital, heard):
    ready = IssueFactory(campaign=hospital.campaign, complete=True)
    nobody = IssueFactory(campaign=hospital.campaign)
    done = IssueFactory(campaign=hospital.campaign, rejected=True)

    outcomes = actions.review_each([ready, nobody, done], states.CONFIRM, by=hospital.office)

    assert [(one.issue.pk, one.is_done) for one in outcomes] == [
        (ready.pk, True),
        (nobody.pk, False),
        (done.pk, False),
    ]
    assert outcomes[1].sentence == "Name the lead department."
    assert states_of(ready, nobody, done) == [State.CONFIRMED, State.REPORTED, State.REJECTED]
    assert [told[0] for told in heard] == [ready.pk]


def test_many_take_one_reason(hospital):
    issues = IssueFactory.create_batch(2, campaign=hospital.campaign)

    actions.review_each(issues, states.REJECT, by=hospital.office, reason="不属实")

    assert [facts(issue) for issue in issues] == [[(hospital.office.pk, "reject", "不属实")]] * 2


def test_many_are_merged_into_one(hospital):
    kept, *doubled = IssueFactory.create_batch(3, campaign=hospital.campaign)

    outcomes = actions.review_each([kept, *doubled], states.MERGE, by=hospital.office, into=kept)

    assert [one.is_done for one in outcomes] == [False, True, True]


def test_many_need_their_reason_and_their_target_beforehand(hospital):
    issues = IssueFactory.create_batch(2, campaign=hospital.campaign)

    for step in (states.RETURN, states.MERGE):
        with pytest.raises(ActionRefusedError):
            actions.review_each(issues, step, by=hospital.office)

    assert states_of(*issues) == [State.REPORTED] * 2


def test_of_many_each_says_where_one_may_not(hospital):
    own = IssueFactory(campaign=hospital.campaign)
    elsewhere = IssueFactory(campaign=CampaignFactory())

    outcomes = actions.review_each(
        [own, elsewhere], states.REJECT, by=hospital.office, reason="不属实"
    )

    assert [one.is_done for one in outcomes] == [True, False]
    assert outcomes[1].sentence == "You may not do this with this problem."


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_decide_once():
    hospital = small_hospital()
    issue = IssueFactory(campaign=hospital.campaign)
    start = threading.Barrier(2)
    outcomes = []

    def decide(person):
        start.wait()
        try:
            actions.reject(issue, by=person, reason="不属实")
            outcomes.append("done")
        except ActionRefusedError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=[who]) for who in (hospital.office, hospital.office2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "refused"]
    assert trail.of(issue).count() == 1


def test_what_was_merged_into_a_clue_is_handed_over_with_it(hospital):
    clue, same, same_again = IssueFactory.create_batch(3, campaign=hospital.campaign)
    actions.merge(same_again, by=hospital.office, into=same)
    actions.merge(same, by=hospital.office, into=clue)

    actions.hand_over(clue, by=hospital.office, reason="涉嫌收受红包")

    assert states_of(clue, same, same_again) == [State.HANDED_OVER] * 3
    assert set(Issue.objects.visible_to(hospital.office)) == set()
    assert facts(same_again)[-1] == (hospital.office.pk, "go_along", "涉嫌收受红包")
