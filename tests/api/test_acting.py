"""Named actions: the page's rules, the page's sentences, and each done once."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import trail
from issues.models import Issue
from issues.states import State as IssueState
from organisation.actions import answers
from organisation.models import IdempotentRequest
from organisation.tasks import forget_answers
from rectification.forms import FORMS
from rectification.models import LedgerItem, ProgressUpdate
from rectification.states import STEPS, State
from tests.api.asking import actor
from tests.issues.factories import IssueFactory
from tests.rectification.factories import AttemptFactory, EvidenceFactory, an_item

pytestmark = pytest.mark.django_db


def to(item, step):
    name = f"api:ledger-item-{step.replace('_', '-')}"
    return reverse(name, args=[item.campaign_id, item.number])


def about(issue, step):
    return reverse(f"api:issue-{step.replace('_', '-')}", args=[issue.campaign_id, issue.number])


def day(ahead):
    return (timezone.localdate() + dt.timedelta(days=ahead)).isoformat()


ALL_FOUR = ["facts_clear", "responsibility_clear", "dealt_with", "put_right"]
BACK = {"reasons": ["no_effect_shown"], "note": "请补充数据"}
MOVES = {
    # step: who, from which state, body, to which state
    "submit_plan": ("office", "drafting", {}, State.AWAITING_PLAN_APPROVAL),
    "approve_plan": ("vp", "awaiting_plan_approval", {"opinion": "同意"}, State.AWAITING_CLAIM),
    "return_plan": ("vp", "awaiting_plan_approval", {"reason": "目标不清"}, State.DRAFTING),
    "claim": ("head", "awaiting_claim", {}, State.RECTIFYING),
    "object_to": ("head", "awaiting_claim", {"reason": "不属本科室"}, State.OBJECTED),
    "uphold_assignment": ("office", "objected", {"reason": "职责在此"}, State.RECTIFYING),
    "apply_for_sign_off": ("liaison", "rectifying", {"statement": "已改"}, State.APPLIED),
    "withdraw_application": ("liaison", "applied", {}, State.RECTIFYING),
    "check": ("head", "applied", {"opinion": "属实"}, State.CHECKED),
    "return_at_check": ("head", "applied", BACK, State.RECTIFYING),
    "verify": (
        "office",
        "checked",
        {"no_let_go": ALL_FOUR, "opinion": "现场查看"},
        State.VERIFIED,
    ),
    "return_at_verification": ("office", "checked", BACK, State.RECTIFYING),
    "approve": ("vp", "verified", {"opinion": "同意销号"}, State.CLOSED),
    "return_at_approval": ("vp", "verified", BACK, State.RECTIFYING),
    "review_continuing": (
        "office",
        "continuing",
        {"finding": "保持良好", "review_on": "2099-01-01"},
        State.CONTINUING,
    ),
    "void": ("office", "rectifying", {"reason": "重复登记"}, State.VOIDED),
}
NEED_MORE = {"reassign", "end_notice"}
"""Steps whose body names a row, or which need days to have passed: tested by themselves."""


def test_every_step_of_the_page_is_a_named_action():
    assert set(MOVES) | NEED_MORE == set(FORMS)


@pytest.mark.parametrize("step", MOVES)
def test_a_step_is_taken_and_answered_with_the_item_as_it_is_then(hospital, step):
    who, state, body, target = MOVES[step]
    item = an_item(hospital, **{state: True})
    if step == "apply_for_sign_off":
        EvidenceFactory(item=item)

    answer = actor(hospital.people()[who]).post(to(item, step), body)

    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == target
    item.refresh_from_db()
    assert item.state == target
    assert trail.of(item).filter(action=f"rectification.{step}").count() == 1


@pytest.mark.parametrize("step", MOVES)
def test_who_may_not_is_refused_and_nothing_is_changed(hospital, step):
    _who, state, body, _target = MOVES[step]
    item = an_item(hospital, **{state: True})

    answer = actor(hospital.president).post(to(item, step), body)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    item.refresh_from_db()
    assert item.state == state


@pytest.mark.parametrize("step", MOVES)
def test_a_step_out_of_turn_is_a_conflict_in_the_words_of_the_page(hospital, step):
    who, _state, body, _target = MOVES[step]
    item = an_item(hospital, closed=True)

    answer = actor(hospital.people()[who]).post(to(item, step), body)

    [label] = [s.label for s in STEPS if s.name == step]
    assert answer.status_code == (403 if step == "withdraw_application" else 409)
    if answer.status_code == 409:
        assert answer.json() == {
            "code": "refused",
            "detail": f"“{label}” is not possible here: the state is now “signed off”.",
        }
    item.refresh_from_db()
    assert item.state == State.CLOSED


def test_an_item_is_reassigned_to_a_department_by_its_id(hospital):
    item = an_item(hospital, objected=True)

    answer = actor(hospital.office).post(
        to(item, "reassign"), {"reason": "异议成立", "lead_department": hospital.surgery.pk}
    )

    assert answer.json()["state"] == "drafting"
    assert answer.json()["lead_department"]["name"] == "普外科"


def test_a_notice_ends_when_its_days_are_over(hospital):
    item = an_item(hospital, on_notice=True)
    program = actor(hospital.office)

    early = program.post(to(item, "end_notice"))
    item.attempts.update(notice_until=timezone.localdate() - dt.timedelta(days=1))
    done = program.post(to(item, "end_notice"))

    assert early.status_code == 409
    assert done.json()["state"] == "closed"


def test_progress_and_measures_are_reported(hospital):
    item = an_item(hospital)
    measure = item.measures.order_by("position").first()
    program = actor(hospital.liaison)

    noted = program.post(to(item, "report_progress"), {"text": "已增开两个窗口"})
    done = program.post(to(item, "complete_measure"), {"measure": measure.pk, "done_on": day(0)})

    assert noted.json()["progress"] == "已增开两个窗口"
    assert done.json()["measures"][0]["done_on"] == day(0)
    other = an_item(hospital).measures.first()
    strange = program.post(to(item, "complete_measure"), {"measure": other.pk, "done_on": day(0)})
    assert strange.status_code == 404


def test_the_reasons_of_a_return_are_answered_one_by_one(hospital):
    item = an_item(hospital)
    EvidenceFactory(item=item)
    AttemptFactory(item=item, returned=True, applied_by=hospital.liaison)
    program = actor(hospital.liaison)

    silent = program.post(to(item, "apply_for_sign_off"), {"statement": "已改"})
    done = program.post(
        to(item, "apply_for_sign_off"), {"statement": "已改", "answers": ["补充了候诊数据"]}
    )

    assert (silent.status_code, set(silent.json()["fields"])) == (400, {"answers.0"})
    assert done.json()["attempts"] == 2


@pytest.mark.parametrize(
    ("step", "who", "state", "body", "field"),
    [
        ("check", "head", "applied", {}, "opinion"),
        ("check", "head", "applied", {"opinion": " "}, "opinion"),
        ("check", "head", "applied", {"opinion": "x", "opinon": "y"}, "opinon"),
        ("claim", "head", "awaiting_claim", {"assignee": 10**30}, "assignee"),
        ("claim", "head", "awaiting_claim", {"assignee": "门诊护士"}, "assignee"),
        ("return_at_check", "head", "applied", {"reasons": ["nonsense"]}, "reasons.0"),
        ("return_at_check", "head", "applied", {"reasons": []}, "reasons"),
        ("verify", "office", "checked", {"no_let_go": [], "opinion": "x"}, "no_let_go"),
        ("review_continuing", "office", "continuing", {"finding": "x"}, "review_on"),
    ],
)
def test_a_faulty_body_is_answered_by_field(hospital, step, who, state, body, field):
    item = an_item(hospital, **{state: True})

    answer = actor(hospital.people()[who]).post(to(item, step), body)

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    item.refresh_from_db()
    assert item.state == state


@pytest.mark.parametrize("sent", ["[]", '"text"', "{", "null", "7"])
def test_a_body_that_is_no_object_is_refused(hospital, sent):
    item = an_item(hospital, applied=True)
    program = actor(hospital.head)

    answer = Client().post(
        to(item, "check"), sent, content_type="application/json", headers=program.headers
    )

    assert answer.status_code == 400
    assert answer.json()["code"] in {"invalid", "parse_error"}


# problems


def test_a_problem_is_reported_and_reviewed_from_outside(hospital):
    answer = actor(hospital.liaison).post(
        reverse("api:issue-report", args=[hospital.campaign.pk]),
        {"text": "取药窗口排队", "source": "internal", "found_on": day(0)},
    )

    issue = Issue.objects.get()
    assert answer.json()["code"] == issue.code
    assert (issue.reported_by, issue.state) == (hospital.liaison, IssueState.REPORTED)

    told = actor(hospital.office).post(
        about(issue, "confirm"), {"lead_department": hospital.outpatient.pk}
    )
    assert told.json()["state"] == "confirmed"
    assert LedgerItem.objects.get().lead_department == hospital.outpatient


def test_what_is_left_out_of_a_confirmation_stays_as_it_is_known(hospital):
    issue = IssueFactory(
        campaign=hospital.campaign,
        target="候诊不超过三十分钟",
        responsible_departments=[hospital.surgery],
    )

    actor(hospital.office).post(about(issue, "confirm"), {"is_grave": True})

    item = LedgerItem.objects.get()
    assert (item.target, item.lead_department, item.is_grave) == (
        "候诊不超过三十分钟",
        hospital.surgery,
        True,
    )


def test_a_problem_with_a_patients_number_is_refused_as_on_the_page(hospital):
    answer = actor(hospital.staff).post(
        reverse("api:issue-report", args=[hospital.campaign.pk]),
        {"text": "患者13800138000投诉", "source": "internal", "found_on": day(0)},
    )

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"text"})
    assert not Issue.objects.exists()


def test_a_problem_is_returned_corrected_merged_rejected_and_handed_over(hospital):
    facts = {"campaign": hospital.campaign, "reported_by": hospital.staff}
    first, second, third, fourth = (IssueFactory(**facts) for _ in range(4))
    office = actor(hospital.office)

    assert office.post(about(first, "send_back"), {"reason": "时间?"}).json()["state"] == "returned"
    corrected = actor(hospital.staff).post(about(first, "resubmit"), {"place": "一楼"})
    assert (corrected.json()["state"], corrected.json()["place"]) == ("reported", "一楼")
    merged = office.post(about(second, "merge"), {"into": str(first.number)})
    assert merged.json()["state"] == "merged"
    assert office.post(about(third, "reject"), {"reason": "不属实"}).json()["state"] == "rejected"
    handed = office.post(about(fourth, "hand_over"), {"reason": "涉嫌违纪"})
    assert (handed.status_code, handed.content) == (204, b"")
    gone = office.get(reverse("api:issue-detail", args=[hospital.campaign.pk, fourth.number]))
    assert gone.status_code == 404


# the same request twice


def note(item):
    return to(item, "report_progress"), {"text": "已增开两个窗口"}


def test_a_request_sent_again_under_its_key_is_done_once_and_answered_alike(hospital):
    item = an_item(hospital)
    program = actor(hospital.liaison)
    path, body = note(item)

    first = program.post(path, body, **{"Idempotency-Key": "a-1"})
    again = program.post(path, body, **{"Idempotency-Key": "a-1"})

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert ProgressUpdate.objects.count() == 1


def test_an_answer_without_words_is_repeated_too(hospital):
    issue = IssueFactory(campaign=hospital.campaign)
    program = actor(hospital.office)
    key = {"Idempotency-Key": "k"}

    answers_ = [program.post(about(issue, "hand_over"), {"reason": "线索"}, **key) for _ in "12"]

    assert [answer.status_code for answer in answers_] == [204, 204]


def test_a_key_is_for_one_request(hospital):
    item, other = an_item(hospital), an_item(hospital)
    program = actor(hospital.liaison)
    path, body = note(item)
    key = {"Idempotency-Key": "a-1"}
    program.post(path, body, **key)

    elsewhere = program.post(note(other)[0], body, **key)
    changed = program.post(path, {"text": "别的"}, **key)

    assert [elsewhere.status_code, changed.status_code] == [422, 422]
    assert changed.json()["code"] == "key_used"
    assert ProgressUpdate.objects.count() == 1


def test_another_persons_key_is_another_key(hospital):
    item = an_item(hospital)
    path, body = note(item)
    for person in (hospital.liaison, hospital.head):
        assert actor(person).post(path, body, **{"Idempotency-Key": "a-1"}).status_code == 200
    assert ProgressUpdate.objects.count() == 2


def test_a_refusal_is_not_kept_and_may_be_tried_again(hospital):
    item = an_item(hospital, applied=True)
    program = actor(hospital.liaison)
    path, body = note(item)

    refused = program.post(path, body, **{"Idempotency-Key": "a-1"})
    LedgerItem.objects.filter(pk=item.pk).update(state=State.RECTIFYING)
    done = program.post(path, body, **{"Idempotency-Key": "a-1"})

    assert (refused.status_code, done.status_code) == (409, 200)
    assert "Idempotency-Replayed" not in done


@pytest.mark.parametrize("key", ["", "x" * 256, "钥匙", "a\tb"])
def test_a_key_that_is_none_is_named(hospital, key):
    item = an_item(hospital)
    path, body = note(item)

    answer = actor(hospital.liaison).post(path, body, **{"Idempotency-Key": key})

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"Idempotency-Key"})
    assert not ProgressUpdate.objects.exists()


def test_answers_are_forgotten_after_a_day(hospital):
    item = an_item(hospital)
    program = actor(hospital.liaison)
    path, body = note(item)
    program.post(path, body, **{"Idempotency-Key": "old"})
    IdempotentRequest.objects.update(at=timezone.now() - IdempotentRequest.KEPT)
    program.post(path, body, **{"Idempotency-Key": "new"})

    assert forget_answers() == 1
    assert forget_answers() == 0
    assert list(IdempotentRequest.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_key_are_done_once(hospital):
    item = an_item(hospital)
    program = actor(hospital.liaison)
    path, body = note(item)
    start, told = threading.Barrier(2), []

    def send():
        start.wait()
        told.append(program.post(path, body, **{"Idempotency-Key": "race"}))
        connection.close()

    for _round in range(3):
        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert {answer.status_code for answer in told} == {200}
    assert len({answer.content for answer in told}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in told) == 5
    assert ProgressUpdate.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_for_the_first_is_told_so(hospital, monkeypatch):
    monkeypatch.setattr(answers, "PATIENCE", dt.timedelta(milliseconds=200))
    item = an_item(hospital)
    program = actor(hospital.liaison)
    path, body = note(item)
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with answers.once(hospital.liaison, "k", "elsewhere") as place:
            begun.set()
            go_on.wait(20)
            place.status = 200
        connection.close()

    worker = threading.Thread(target=slow)
    worker.start()
    begun.wait(20)
    answer = program.post(path, body, **{"Idempotency-Key": "k"})
    go_on.set()
    worker.join()

    assert (answer.status_code, answer.json()["code"]) == (409, "in_progress")
    assert not ProgressUpdate.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_crash_leaves_neither_the_action_nor_its_answer(hospital):
    class CrashError(Exception):
        pass

    def crash():
        with answers.once(hospital.liaison, "k", "f") as place:
            ProgressUpdate.objects.create(item=an_item(hospital), text="x", by=hospital.liaison)
            place.status = 200
            raise CrashError

    with pytest.raises(CrashError):
        crash()

    assert not ProgressUpdate.objects.exists()
    assert not IdempotentRequest.objects.exists()
