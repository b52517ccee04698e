"""Sign-off, from the application to the end of the notice, and every way back."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit import trail
from campaign.models import Campaign
from core.errors import ActionRefusedError
from issues.models import RectificationClass, Source
from rectification import actions, queries
from rectification.models import (
    NO_LET_GO,
    Attempt,
    EvidenceOpening,
    LedgerItem,
    NoticeObjection,
    Outcome,
    Stage,
)
from rectification.states import State
from tests.people import again, small_hospital
from tests.rectification.factories import AttemptFactory, EvidenceFactory, an_item

pytestmark = pytest.mark.django_db

ALL_HOLD = {key: True for key, _label in NO_LET_GO}
GOOD = {"no_let_go": ALL_HOLD, "opinion": "现场查看,属实"}


def as_stored(item):
    row = LedgerItem.objects.get(pk=item.pk)
    attempts = row.attempts.order_by("number")
    return trail.snapshot(row), [trail.snapshot(attempt) for attempt in attempts]


def opened_by(person, item):
    for evidence in item.evidence.all():
        EvidenceOpening.objects.create(evidence=evidence, person=person)


def with_evidence(item, **facts):
    EvidenceFactory(item=item, **facts)
    return item


def test_from_application_to_signed_off(hospital):
    item = with_evidence(an_item(hospital))

    actions.apply_for_sign_off(item, by=hospital.liaison, statement="候诊降至二十二分钟")
    actions.check(item, by=hospital.head, opinion="属实")
    opened_by(hospital.office, item)
    actions.verify(item, by=hospital.office, **GOOD)
    item = actions.approve(item, by=hospital.vp, opinion="同意")

    attempt = item.attempts.get()
    assert (item.state, item.closed_on) == (State.CLOSED, timezone.localdate())
    assert (
        attempt.outcome,
        attempt.applied_by,
        attempt.checked_by,
        attempt.verified_by,
        attempt.approved_by,
    ) == (Outcome.PASSED, hospital.liaison, hospital.head, hospital.office, hospital.vp)
    assert [event.action for event in trail.of(item)] == [
        "rectification.apply_for_sign_off",
        "rectification.check",
        "rectification.verify",
        "rectification.approve",
    ]


def test_an_application_needs_a_statement_and_evidence_of_effect(hospital):
    item = with_evidence(an_item(hospital), kind="process")
    before = as_stored(item)

    with pytest.raises(ActionRefusedError, match="State what was done"):
        actions.apply_for_sign_off(item, by=hospital.liaison, statement=" ")
    with pytest.raises(ActionRefusedError, match="evidence of the effect"):
        actions.apply_for_sign_off(item, by=hospital.liaison, statement="已整改")

    assert as_stored(item) == before


def test_withdrawn_evidence_does_not_count(hospital):
    item = with_evidence(an_item(hospital))
    item.evidence.update(withdrawn_at=timezone.now(), withdrawn_by=hospital.liaison)

    with pytest.raises(ActionRefusedError, match="evidence of the effect"):
        actions.apply_for_sign_off(item, by=hospital.liaison, statement="已整改")


def test_the_reasons_of_a_return_are_the_checklist_of_the_next_attempt(hospital):
    item = with_evidence(an_item(hospital, applied=True))
    actions.return_at_check(
        item, by=hospital.head, reasons=["no_effect_shown", "other"], note="补充对比"
    )

    assert queries.reasons_to_answer(item) == ["no_effect_shown", "补充对比"]
    with pytest.raises(ActionRefusedError, match="Answer each reason"):
        actions.apply_for_sign_off(
            item, by=hospital.liaison, statement="再报", answers=["已补", ""]
        )
    attempt = actions.apply_for_sign_off(
        item, by=hospital.liaison, statement="再报", answers=["已补", "已附"]
    )

    assert attempt.number == 2
    assert (attempt.checked_by, attempt.verified_by, attempt.approved_by) == (None, None, None)
    assert [answer["answer"] for answer in attempt.answers] == ["已补", "已附"]
    assert item.attempts.get(number=1).outcome == Outcome.RETURNED


def test_only_the_applicant_takes_an_application_back_and_only_before_it_is_checked(hospital):
    item = an_item(hospital, applied=True)
    with pytest.raises(PermissionDenied):
        actions.withdraw_application(item, by=hospital.head)

    item = actions.withdraw_application(item, by=hospital.liaison)

    assert item.state == State.RECTIFYING
    assert item.attempts.get().outcome == Outcome.WITHDRAWN
    assert queries.reasons_to_answer(item) == []
    with pytest.raises(ActionRefusedError, match="not possible here"):
        actions.withdraw_application(an_item(hospital, checked=True), by=hospital.liaison)


def test_the_head_who_applied_does_not_check(hospital):
    item = an_item(hospital, applied=True, attempt__applied_by=hospital.head)

    with pytest.raises(PermissionDenied):
        actions.check(item, by=hospital.head, opinion="属实")
    item = actions.check(item, by=hospital.deputy, opinion="属实")

    assert item.state == State.CHECKED


def test_a_verifier_opens_every_piece_of_evidence_first(hospital):
    item = with_evidence(with_evidence(an_item(hospital, checked=True)))
    before = as_stored(item)

    with pytest.raises(ActionRefusedError, match="2 not opened yet"):
        actions.verify(item, by=hospital.office, **GOOD)
    opened_by(hospital.office2, item)
    with pytest.raises(ActionRefusedError, match="2 not opened yet"):
        actions.verify(item, by=hospital.office, **GOOD)

    assert as_stored(item) == before


def test_all_four_no_let_go_rules_must_hold(hospital):
    item = an_item(hospital, checked=True)
    for key, _label in NO_LET_GO:
        with pytest.raises(ActionRefusedError, match="All four"):
            actions.verify(
                item, by=hospital.office, no_let_go={**ALL_HOLD, key: False}, opinion="属实"
            )


@pytest.mark.parametrize("facts", [{"source": Source.REPORT}, {"recurs": True}])
def test_what_came_from_outside_or_came_back_is_verified_on_site(hospital, facts):
    if facts.pop("recurs", False):
        facts["recurrence_of"] = an_item(hospital, closed=True)
    item = an_item(hospital, checked=True, **facts)

    with pytest.raises(ActionRefusedError, match="on site"):
        actions.verify(item, by=hospital.office, **GOOD)
    item = actions.verify(item, by=hospital.office, **GOOD, was_visited=True)

    assert item.state == State.VERIFIED


def test_what_came_from_outside_goes_on_notice_and_is_signed_off_when_it_ends(hospital):
    item = an_item(hospital, verified=True, source=Source.REPORT)

    item = actions.approve(item, by=hospital.vp)

    attempt = item.attempts.get()
    assert (item.state, item.closed_on) == (State.ON_NOTICE, None)
    assert attempt.notice_until > timezone.localdate() + dt.timedelta(days=4)
    with pytest.raises(ActionRefusedError, match="runs until the end of"):
        actions.end_notice(item, by=hospital.office)
    Attempt.objects.update(notice_until=timezone.localdate() - dt.timedelta(days=1))
    item = actions.end_notice(item, by=hospital.office)
    assert (item.state, item.closed_on) == (State.CLOSED, timezone.localdate())
    assert item.attempts.get().outcome == Outcome.PASSED


@pytest.mark.parametrize(
    ("rule", "facts", "state"),
    [
        (Campaign.NoticeRule.NEVER, {"source": Source.REPORT}, State.CLOSED),
        (Campaign.NoticeRule.EXTERNAL, {"is_grave": True}, State.ON_NOTICE),
        (Campaign.NoticeRule.ALWAYS, {}, State.ON_NOTICE),
    ],
)
def test_whether_there_is_a_notice_is_the_campaigns_rule(hospital, rule, facts, state):
    hospital.campaign.notice_rule = rule
    hospital.campaign.save()
    item = an_item(hospital, verified=True, **facts)

    assert actions.approve(item, by=hospital.vp).state == state


def test_a_long_term_item_ends_as_continuing_with_a_review(hospital):
    item = an_item(hospital, verified=True, rectification_class=RectificationClass.LONG_TERM)

    with pytest.raises(ActionRefusedError, match="in the future"):
        actions.approve(item, by=hospital.vp, review_on=timezone.localdate())
    item = actions.approve(item, by=hospital.vp)

    assert item.state == State.CONTINUING
    assert item.review_on > timezone.localdate() + dt.timedelta(days=150)


def test_a_review_sets_the_next_one_and_leaves_its_finding_in_the_trail(hospital):
    item = an_item(hospital, continuing=True)
    next_on = timezone.localdate() + dt.timedelta(days=90)

    item = actions.review_continuing(
        item, by=hospital.discipline, finding="保持良好", review_on=next_on
    )

    assert (item.state, item.review_on) == (State.CONTINUING, next_on)
    assert trail.of(item).last().reason == "保持良好"


@pytest.mark.parametrize(
    ("state", "back", "who", "stage"),
    [
        ("applied", actions.return_at_check, "head", Stage.CHECK),
        ("checked", actions.return_at_verification, "office", Stage.VERIFICATION),
        ("verified", actions.return_at_approval, "vp", Stage.APPROVAL),
    ],
)
def test_each_stage_returns_with_reasons(hospital, state, back, who, stage):
    item = an_item(hospital, **{state: True})
    by = getattr(hospital, who)

    with pytest.raises(ActionRefusedError, match="at least one reason"):
        back(item, by=by, reasons=[])
    with pytest.raises(ActionRefusedError, match="Explain"):
        back(item, by=by, reasons=["other"])
    item = back(item, by=by, reasons=["target_not_reached"], note="仍需四十分钟")

    attempt = item.attempts.get()
    assert (item.state, attempt.outcome, attempt.returned_at_stage, attempt.returned_by) == (
        State.RECTIFYING,
        Outcome.RETURNED,
        stage,
        by,
    )
    assert "仍需四十分钟" in trail.of(item).last().reason


def test_staff_object_to_a_notice_and_an_upheld_objection_sends_the_item_back(hospital):
    item = an_item(hospital, on_notice=True)
    objection = actions.object_to_notice(item, by=hospital.staff2, text="周一上午仍排长队")

    with pytest.raises(ActionRefusedError):
        actions.decide_notice_objection(objection, by=hospital.office, upheld=True, answer="")
    item = actions.decide_notice_objection(
        objection, by=hospital.office, upheld=True, answer="经查属实"
    )

    objection.refresh_from_db()
    assert (item.state, objection.decision) == (
        State.RECTIFYING,
        NoticeObjection.Decision.UPHELD,
    )
    assert item.attempts.get().returned_at_stage == Stage.NOTICE
    assert queries.reasons_to_answer(item) == ["周一上午仍排长队\n经查属实"]


def test_a_dismissed_objection_lets_the_notice_end_and_an_open_one_does_not(hospital):
    item = an_item(hospital, on_notice=True)
    objection = actions.object_to_notice(item, by=hospital.staff2, text="仍排长队")
    Attempt.objects.update(notice_until=timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(ActionRefusedError, match="still to be decided"):
        actions.end_notice(item, by=hospital.office)
    actions.decide_notice_objection(
        objection, by=hospital.office, upheld=False, answer="当日系统故障"
    )
    with pytest.raises(ActionRefusedError, match="decided already"):
        actions.decide_notice_objection(objection, by=hospital.office, upheld=True, answer="属实")

    item = actions.end_notice(item, by=hospital.office)

    assert item.state == State.CLOSED


def test_nobody_outside_the_institution_objects_and_nobody_after_the_notice(hospital):
    item = an_item(hospital, on_notice=True)
    for outsider in (hospital.supervisor, hospital.stranger, hospital.administrator):
        with pytest.raises(PermissionDenied):
            actions.object_to_notice(item, by=outsider, text="不实")
    with pytest.raises(ActionRefusedError, match="has ended"):
        actions.object_to_notice(an_item(hospital, closed=True), by=hospital.staff, text="不实")


STEPS = {
    "apply": ("rectifying", lambda i, by: actions.apply_for_sign_off(i, by=by, statement="已改")),
    "check": ("applied", lambda i, by: actions.check(i, by=by, opinion="属实")),
    "verify": ("checked", lambda i, by: actions.verify(i, by=by, **GOOD)),
    "approve": ("verified", lambda i, by: actions.approve(i, by=by)),
    "end_notice": ("on_notice", lambda i, by: actions.end_notice(i, by=by)),
}
MAY = {
    "apply": {"head", "deputy", "liaison"},
    "check": {"head", "deputy"},
    "verify": {"office", "office2", "discipline", "discipline2", "discipline_secretary"},
    "approve": {"vp"},
    "end_notice": {"office", "office2", "discipline", "discipline2", "discipline_secretary"},
}


@pytest.mark.parametrize("step", STEPS)
def test_the_door_of_each_step(hospital, step):
    state, act = STEPS[step]
    item = an_item(hospital, **{state: True})
    if state == "rectifying":
        with_evidence(item)
    Attempt.objects.update(notice_until=timezone.localdate() - dt.timedelta(days=1))
    before = as_stored(item)
    passed_by = set()
    for name, who in hospital.people().items():
        try:
            with transaction.atomic():
                act(item, again(who))
                passed_by.add(name)
                transaction.set_rollback(True)
        except PermissionDenied:
            continue

    # Who verified does not end the notice: he is not kept from it, only from approving.
    assert passed_by == MAY[step]
    assert as_stored(item) == before


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", State.values)
def test_each_step_is_refused_from_every_other_state(hospital, step, state):
    right_state, act = STEPS[step]
    if state == right_state:
        return
    item = an_item(hospital, **{state: True})
    before = as_stored(item)
    who = hospital.people()[min(MAY[step])]

    with pytest.raises((ActionRefusedError, PermissionDenied)):
        act(item, again(who))

    assert as_stored(item) == before


@pytest.mark.parametrize(
    "broken",
    [
        {"checked_by": "applied_by"},
        {"verified_by": "checked_by"},
        {"verified_by": "applied_by"},
        {"approved_by": "verified_by"},
    ],
)
def test_the_database_refuses_two_stages_by_one_person(hospital, broken):
    item = an_item(hospital, on_notice=True)
    attempt = item.attempts.get()
    [(stage, other)] = broken.items()

    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(**{stage: getattr(attempt, other)})


def test_the_database_refuses_a_second_attempt_on_its_way(hospital):
    item = an_item(hospital, applied=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptFactory(item=item, number=2)


@pytest.mark.django_db(transaction=True)
def test_two_verifying_at_once_verify_once():
    hospital = small_hospital()
    item = an_item(hospital, checked=True)
    start = Barrier(2)

    def verify(who):
        try:
            start.wait()
            actions.verify(LedgerItem.objects.get(pk=item.pk), by=who, **GOOD)
        except ActionRefusedError:
            return "refused"
        else:
            return "verified"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(verify, [hospital.office, hospital.discipline]))

    assert outcomes == ["refused", "verified"]
    assert trail.of(item).filter(action="rectification.verify").count() == 1
