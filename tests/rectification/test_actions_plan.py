"""From a confirmed problem to a department that has taken it on: effect, trace and refusal."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import trail
from core.errors import ActionRefusedError
from issues.models import RectificationClass, Source
from rectification import actions
from rectification.models import LedgerItem
from rectification.states import State
from tests.issues.factories import IssueFactory
from tests.rectification.factories import LedgerItemFactory, an_item

pytestmark = pytest.mark.django_db


def as_stored(item):
    return trail.snapshot(LedgerItem.objects.get(pk=item.pk))


def last_event(item):
    return trail.of(item).last()


def an_issue(hospital, **facts):
    return IssueFactory(
        campaign=hospital.campaign,
        complete=True,
        lead_department=hospital.outpatient,
        responsible_leader=hospital.vp,
        **facts,
    )


def plan(hospital, **changed):
    return {
        "responsible_departments": [hospital.surgery],
        "due_on": timezone.localdate() + dt.timedelta(days=20),
        "measures": [("增开窗口", timezone.localdate() + dt.timedelta(days=10))],
        "target": "候诊不超过三十分钟",
        "rectification_class": RectificationClass.PHASED,
        "lead_department": hospital.outpatient,
        "responsible_leader": hospital.vp,
        **changed,
    }


def test_a_confirmed_problem_enters_the_ledger_with_what_the_review_understood(hospital):
    issue = an_issue(
        hospital,
        text="挂号窗口\n排队过长",
        source=Source.REPORT,
        responsible_departments=[hospital.surgery],
        deadline_text="6月底前并长期坚持",
    )

    item = actions.register(issue, by=hospital.office)

    stored = LedgerItem.objects.get(pk=item.pk)
    assert (stored.text, stored.source, stored.state) == (
        "挂号窗口\n排队过长",
        Source.REPORT,
        State.DRAFTING,
    )
    assert stored.code == f"{timezone.localdate().year}-ZF-001"
    assert (stored.due_on, stored.deadline_text) == (issue.due_on, "6月底前并长期坚持")
    assert stored.original_due_on is None
    assert list(stored.responsible_departments.all()) == [hospital.surgery]
    assert list(stored.measures.order_by("position").values_list("text", flat=True)) == [
        "增开弹性窗口",
        "公布候诊时间",
    ]
    assert last_event(item).action == "rectification.register"


def test_a_number_is_never_given_again_even_after_an_item_was_voided(hospital):
    first = actions.register(an_issue(hospital), by=hospital.office)
    actions.void(first, by=hospital.office, reason="重复登记")

    second = actions.register(an_issue(hospital), by=hospital.office)

    assert (first.number, second.number) == (1, 2)


def test_a_recurrence_names_the_earlier_item(hospital):
    old = an_item(hospital, closed=True)

    item = actions.register(an_issue(hospital, recurrence_of=old.issue), by=hospital.office)

    assert item.recurrence_of == old


def test_the_office_writes_the_plan_and_the_deadline_is_logged(hospital):
    item = an_item(hospital, drafting=True, due_on=None)
    facts = plan(hospital)

    actions.revise_plan(item, by=hospital.office, **facts)
    actions.revise_plan(item, by=hospital.office, **facts)

    stored = LedgerItem.objects.get(pk=item.pk)
    assert (stored.target, stored.due_on) == (facts["target"], facts["due_on"])
    assert [m.text for m in stored.measures.all()] == ["增开窗口"]
    assert [entry.due_on for entry in stored.deadlines.all()] == [facts["due_on"]]
    assert "候诊不超过三十分钟" in stored.search_text


def test_the_original_deadline_is_the_one_first_approved_and_stays(hospital):
    today = timezone.localdate()
    item = an_item(hospital, drafting=True)
    actions.revise_plan(item, by=hospital.office, **plan(hospital))
    actions.submit_plan(item, by=hospital.office)
    item = actions.approve_plan(item, by=hospital.vp)
    first = item.due_on
    actions.object_to(item, by=hospital.head, reason="不是本科室职责")
    actions.reassign(
        item, by=hospital.office, lead_department=hospital.laboratory, reason="异议成立"
    )
    later = plan(hospital, lead_department=hospital.laboratory, due_on=today + dt.timedelta(40))
    actions.revise_plan(item, by=hospital.office, **later)
    actions.submit_plan(item, by=hospital.office)

    item = actions.approve_plan(item, by=hospital.vp)

    assert (item.original_due_on, item.due_on) == (first, today + dt.timedelta(40))


@pytest.mark.parametrize("state", [s for s in State if s != State.DRAFTING])
def test_a_plan_is_changed_only_while_it_is_drafted(hospital, state):
    item = an_item(hospital, **{state: True})
    before = as_stored(item)

    with pytest.raises(ActionRefusedError, match="can no longer be changed"):
        actions.revise_plan(item, by=hospital.office, **plan(hospital))

    assert as_stored(item) == before


def test_a_plan_needs_a_measure(hospital):
    item = an_item(hospital, drafting=True)
    item.measures.all().delete()

    with pytest.raises(ActionRefusedError, match="at least one measure"):
        actions.submit_plan(item, by=hospital.office)

    assert as_stored(item)["state"] == State.DRAFTING


def test_no_measure_ends_after_the_deadline(hospital):
    item = an_item(hospital, drafting=True)
    item.measures.update(due_on=item.due_on + dt.timedelta(days=1))

    with pytest.raises(ActionRefusedError, match="Measure 1 would end after"):
        actions.submit_plan(item, by=hospital.office)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"target": ""}, "First state class, target"),
        ({"rectification_class": ""}, "First state class, target"),
        ({"responsible_leader": None}, "First state class, target"),
        ({"due_on": None}, "Only a long-term item may be without a deadline"),
    ],
)
def test_an_incomplete_plan_is_refused_with_a_sentence(hospital, missing, sentence):
    item = an_item(hospital, drafting=True, **missing)

    with pytest.raises(ActionRefusedError, match=sentence):
        actions.submit_plan(item, by=hospital.office)

    assert as_stored(item)["state"] == State.DRAFTING


def test_a_long_term_plan_may_be_without_a_deadline(hospital):
    item = an_item(
        hospital, drafting=True, due_on=None, rectification_class=RectificationClass.LONG_TERM
    )

    item = actions.submit_plan(item, by=hospital.office)

    assert item.state == State.AWAITING_PLAN_APPROVAL


def test_the_leader_returns_a_plan_with_the_reason_in_the_trail(hospital):
    item = an_item(hospital, awaiting_plan_approval=True)

    item = actions.return_plan(item, by=hospital.vp, reason="措施不具体")

    assert item.state == State.DRAFTING
    event = last_event(item)
    assert (event.action, event.reason, event.actor_id) == (
        "rectification.return_plan",
        "措施不具体",
        hospital.vp.pk,
    )


def test_the_lead_department_claims_and_names_the_person_in_charge(hospital):
    item = an_item(hospital, awaiting_claim=True)

    item = actions.claim(item, by=hospital.head, assignee=hospital.staff)

    assert (item.state, item.assignee) == (State.RECTIFYING, hospital.staff)


def test_an_objection_names_the_department_whose_duty_it_is(hospital):
    item = an_item(hospital, awaiting_claim=True)

    item = actions.object_to(
        item, by=hospital.head, reason="属检验流程", suggested_department=hospital.laboratory
    )

    assert (item.state, item.suggested_department) == (State.OBJECTED, hospital.laboratory)


def test_an_upheld_assignment_puts_the_department_to_work(hospital):
    item = an_item(hospital, objected=True)

    item = actions.uphold_assignment(item, by=hospital.office, reason="职责清单已明确")

    assert item.state == State.RECTIFYING


def test_reassigning_needs_another_department(hospital):
    item = an_item(hospital, objected=True)

    with pytest.raises(ActionRefusedError, match="Choose another lead department"):
        actions.reassign(
            item, by=hospital.office, lead_department=hospital.outpatient, reason="重新分工"
        )


@pytest.mark.parametrize(
    ("state", "act", "who"),
    [
        ("awaiting_plan_approval", actions.return_plan, "vp"),
        ("awaiting_claim", actions.object_to, "head"),
        ("objected", actions.uphold_assignment, "office"),
        ("rectifying", actions.void, "office"),
    ],
)
def test_what_needs_a_reason_is_refused_without_one(hospital, state, act, who):
    item = an_item(hospital, **{state: True})
    before = as_stored(item)

    with pytest.raises(ActionRefusedError):
        act(item, by=getattr(hospital, who), reason="  ")

    assert as_stored(item) == before


@pytest.mark.parametrize(
    ("state", "act", "rights_holders"),
    [
        ("drafting", lambda i, by: actions.submit_plan(i, by=by), {"office", "office2"}),
        ("awaiting_plan_approval", lambda i, by: actions.approve_plan(i, by=by), {"vp"}),
        ("awaiting_claim", lambda i, by: actions.claim(i, by=by), {"head", "deputy", "liaison"}),
        (
            "objected",
            lambda i, by: actions.uphold_assignment(i, by=by, reason="维持"),
            {"office", "office2"},
        ),
        ("rectifying", lambda i, by: actions.void(i, by=by, reason="重复"), {"office", "office2"}),
    ],
)
def test_the_door_lets_in_only_those_with_the_right_and_changes_nothing_for_others(
    hospital, state, act, rights_holders
):
    item = an_item(hospital, **{state: True})
    before = as_stored(item)
    for name, who in hospital.people().items():
        if name not in rights_holders:
            with pytest.raises(PermissionDenied):
                act(item, who)
    assert as_stored(item) == before
    assert not trail.of(item).exists()

    act(item, hospital.people()[min(rights_holders)])

    assert as_stored(item)["state"] != before["state"]


def test_an_item_under_review_cannot_be_voided(hospital):
    item = an_item(hospital, checked=True)

    with pytest.raises(ActionRefusedError, match="not possible here"):
        actions.void(item, by=hospital.office, reason="重复")


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "unheard_of"},
        {"rectification_class": "some_day"},
        {"target": ""},
        {"due_on": None},
        {"state": State.CLOSED},
        {"closed_on": dt.date(2026, 1, 1)},
        {"state": State.CONTINUING, "closed_on": dt.date(2026, 1, 1)},
    ],
)
def test_the_database_itself_refuses_what_must_never_be(hospital, broken):
    item = an_item(hospital)

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerItem.objects.filter(pk=item.pk).update(**broken)


def test_the_database_refuses_a_number_given_twice(hospital):
    item = an_item(hospital)

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerItemFactory(campaign=hospital.campaign, number=item.number)
