"""Approving a report: number, date and papers come together, once, for what was read."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from audit import trail
from campaign.actions import set_letterhead
from campaign.models import DocumentNumber
from core.errors import ActionRefusedError
from rectification.actions import void
from rectification.models import LedgerItem
from rectification.states import State
from supervision import actions, queries
from supervision.models import (
    Distribution,
    ExposureMeeting,
    IssuedPaper,
    PaperKind,
    SelfCriticism,
)
from supervision.states import CriticismState, MeetingState
from tests.organisation.factories import PersonFactory
from tests.people import again
from tests.rectification.factories import an_item
from tests.supervision.factories import (
    a_case,
    a_letterhead,
    a_meeting,
    days,
    held,
    issued,
    papers,
    submitted,
)

pytestmark = pytest.mark.django_db


def approve(hospital, meeting, **facts):
    given = {
        "by": again(hospital.secretary),
        "number": 1,
        "issued_on": days(0),
        "fingerprint": queries.report_of(meeting).fingerprint,
        "papers": papers(),
        **facts,
    }
    return actions.approve_report(meeting, **given)


def files_of(meeting):
    try:
        return set(default_storage.listdir(f"exposure/{meeting.pk}")[1])
    except FileNotFoundError:
        return set()


def untouched(meeting):
    row = ExposureMeeting.objects.get(pk=meeting.pk)
    return (
        row.state == MeetingState.AWAITING_APPROVAL
        and (row.document_number, row.issued_on, row.approved_by) == (None, None, None)
        and not DocumentNumber.objects.exists()
        and not IssuedPaper.objects.exists()
        and not SelfCriticism.objects.exists()
        and not files_of(meeting)
    )


@pytest.fixture
def meeting(hospital):
    a_letterhead(hospital)
    return submitted(hospital)


def test_approval_brings_number_date_papers_and_self_criticisms(hospital, meeting):
    approved = approve(hospital, meeting, number=12, issued_on=days(-1), opinion=" 同意。 ")

    assert str(approved.document_number) == f"市一医〔{days(-1).year}〕12号"
    assert (approved.issued_on, approved.approved_by, approved.opinion) == (
        days(-1),
        hospital.secretary,
        "同意。",
    )
    paper = IssuedPaper.objects.get(meeting=meeting)
    with default_storage.open(paper.path) as kept:
        content = kept.read()
    assert (paper.sha256, paper.size) == (hashlib.sha256(content).hexdigest(), len(content))
    criticism = SelfCriticism.objects.get()
    assert (criticism.state, criticism.due_on) == (CriticismState.AWAITED, meeting.held_on)
    assert [event.action for event in trail.of(meeting)][-1] == "supervision.approve_report"


def test_only_the_principals_approve(hospital, meeting):
    assert hospital.who_may("supervision.approve_report", meeting) == {"secretary", "president"}

    for name, who in hospital.people().items():
        if name not in {"secretary", "president"}:
            with pytest.raises(PermissionDenied):
                approve(hospital, meeting, by=again(who))
            with pytest.raises(PermissionDenied):
                actions.return_report(meeting, by=again(who), reason="重写")

    assert untouched(meeting)


def test_who_submitted_it_does_not_approve_it(hospital, meeting):
    ExposureMeeting.objects.filter(pk=meeting.pk).update(submitted_by=hospital.secretary)
    meeting = ExposureMeeting.objects.get(pk=meeting.pk)

    with pytest.raises(PermissionDenied):
        approve(hospital, meeting)

    assert untouched(meeting)
    assert approve(hospital, meeting, by=again(hospital.president)).is_issued
    with pytest.raises(IntegrityError), transaction.atomic():
        ExposureMeeting.objects.update(approved_by=hospital.secretary)


@pytest.mark.parametrize("reach", ["preparing", "approved", "held", "cancelled"])
def test_only_what_awaits_approval_is_approved_or_returned(hospital, reach):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    a_case(hospital, meeting)
    office = again(hospital.office)
    if reach == "cancelled":
        actions.cancel_meeting(meeting, by=office, reason="防汛")
    elif reach != "preparing":
        actions.submit_report(meeting, by=office)
        issued(hospital, meeting)
    if reach == "held":
        held(hospital, meeting)
    events = trail.of(meeting).count()

    with pytest.raises(ActionRefusedError, match="not possible here"):
        approve(hospital, meeting, number=2)
    with pytest.raises(ActionRefusedError, match="not possible here"):
        actions.return_report(meeting, by=again(hospital.secretary), reason="重写")

    assert ExposureMeeting.objects.get(pk=meeting.pk).state == reach
    assert trail.of(meeting).count() == events
    assert not DocumentNumber.objects.filter(number=2).exists()


def test_a_report_is_returned_with_what_it_lacks_and_mended(hospital, meeting):
    with pytest.raises(ActionRefusedError, match="what the report lacks"):
        actions.return_report(meeting, by=again(hospital.secretary), reason=" ")

    returned = actions.return_report(meeting, by=again(hospital.secretary), reason="事实部分再核实")
    assert (returned.state, returned.return_reason) == (MeetingState.PREPARING, "事实部分再核实")

    office = again(hospital.office)
    actions.revise_case(returned.cases.get(), by=office, facts="经核实，平均等候四十分钟。")
    again_submitted = actions.submit_report(returned, by=office)
    assert again_submitted.return_reason == ""


def changed_case(hospital, meeting):
    meeting.cases.update(facts="改了一个字")


def changed_letterhead(hospital, meeting):
    set_letterhead(hospital.unit, by=again(hospital.office), mark="市一院文件")


def changed_text(hospital, meeting):
    ExposureMeeting.objects.filter(pk=meeting.pk).update(overall="改")


def changed_department(hospital, meeting):
    hospital.outpatient.name = "门急诊部"
    hospital.outpatient.save()


def changed_name(hospital, meeting):
    PersonFactory(name="排队")


@pytest.mark.parametrize(
    "change",
    [changed_case, changed_letterhead, changed_text, changed_department, changed_name],
)
def test_what_changed_after_it_was_read_is_not_approved(hospital, meeting, change):
    read = queries.report_of(meeting).fingerprint
    change(hospital, meeting)

    with pytest.raises(ActionRefusedError, match="has changed since you opened it"):
        approve(hospital, meeting, fingerprint=read)

    assert untouched(meeting)


def test_a_report_is_not_dated_in_the_future(hospital, meeting):
    with pytest.raises(ActionRefusedError, match="lies in the future"):
        approve(hospital, meeting, issued_on=days(1))

    assert untouched(meeting)


def test_a_number_is_given_once_in_a_year_and_the_next_free_one_is_named(hospital, meeting):
    approve(hospital, meeting, number=3)
    second = submitted(hospital)

    with pytest.raises(ActionRefusedError, match="The next free number is 4"):
        approve(hospital, second, number=3)
    with pytest.raises(ActionRefusedError):
        approve(hospital, second, number=0)

    assert ExposureMeeting.objects.get(pk=second.pk).document_number is None
    assert not files_of(second)
    assert approve(hospital, second, number=4).document_number.number == 4


def test_without_a_letterhead_the_number_has_no_word(hospital):
    meeting = approve(hospital, submitted(hospital))

    assert str(meeting.document_number) == f"〔{days(0).year}〕1号"


def test_the_register_of_numbers_names_nobody(hospital, meeting):
    actions.withdraw_report(meeting, by=again(hospital.office))
    actions.revise_meeting(meeting, by=again(hospital.office), title="关于门诊主任问题的通报")
    meeting = actions.submit_report(meeting, by=again(hospital.office))

    assert "门诊主任" not in approve(hospital, meeting).document_number.subject


def test_nothing_is_issued_without_its_paper(hospital, meeting):
    with pytest.raises(ValueError, match="without its paper"):
        approve(hospital, meeting, papers=[])

    assert untouched(meeting)


def test_a_store_that_fails_leaves_nothing(hospital, meeting, monkeypatch):
    whole = default_storage.save

    def full(name, content, **kwargs):
        if PaperKind.AGENDA in name:
            raise OSError("disk full")
        return whole(name, content, **kwargs)

    monkeypatch.setattr(default_storage, "save", full)
    drawn = [*papers(), actions.Paper(PaperKind.AGENDA, "agenda.pdf", b"%PDF-1.7 agenda")]

    with pytest.raises(OSError, match="disk full"):
        approve(hospital, meeting, papers=drawn)

    assert untouched(meeting)


def test_a_paper_that_cannot_be_entered_leaves_no_file(hospital, meeting):
    drawn = [*papers(), actions.Paper(PaperKind.REPORT, "again.pdf", b"%PDF-1.7 again")]

    with pytest.raises(IntegrityError), transaction.atomic():
        approve(hospital, meeting, papers=drawn)

    assert untouched(meeting)


def test_distribution_reaches_each_department_once(hospital, meeting):
    approve(hospital, meeting)
    by = again(hospital.office)

    sent = actions.distribute(
        meeting, by=by, units=[hospital.outpatient, hospital.surgery, hospital.surgery]
    )
    more = actions.distribute(meeting, by=by, units=[hospital.surgery, hospital.laboratory])

    assert [one.unit for one in (*sent, *more)] == [
        hospital.outpatient,
        hospital.surgery,
        hospital.laboratory,
    ]
    told = trail.of(meeting).filter(action="supervision.distribute").order_by("pk")
    assert [event.detail["units"] for event in told] == [["门诊部", "普外科"], ["检验科"]]
    actions.distribute(meeting, by=by, units=[hospital.surgery])
    assert told.count() == 2


def test_a_report_is_sent_by_the_office_when_issued_and_inside_the_campaign(hospital, meeting):
    units = [hospital.outpatient]
    by = again(hospital.office)
    with pytest.raises(ActionRefusedError, match="Only an issued report"):
        actions.distribute(meeting, by=by, units=units)
    approve(hospital, meeting)
    for name, who in hospital.people().items():
        if name not in {"office", "office2"}:
            with pytest.raises(PermissionDenied):
                actions.distribute(meeting, by=again(who), units=units)
    with pytest.raises(ActionRefusedError, match="at least one department"):
        actions.distribute(meeting, by=by, units=[])
    with pytest.raises(ActionRefusedError, match="does not belong to this campaign"):
        actions.distribute(meeting, by=by, units=[hospital.outpatient, hospital.bureau])

    assert not Distribution.objects.exists()


def test_a_department_acknowledges_once(hospital, meeting):
    approve(hospital, meeting)
    (sent,) = actions.distribute(meeting, by=again(hospital.office), units=[hospital.outpatient])
    may = {"head", "deputy", "liaison"}
    assert hospital.who_may("supervision.acknowledge_report", sent) == may
    for name, who in hospital.people().items():
        if name not in may:
            with pytest.raises(PermissionDenied):
                actions.acknowledge(sent, by=again(who))

    actions.acknowledge(sent, by=again(hospital.liaison))
    with pytest.raises(ActionRefusedError, match="has acknowledged the report already"):
        actions.acknowledge(sent, by=again(hospital.head))

    sent.refresh_from_db()
    assert sent.acknowledged_by == hospital.liaison
    assert trail.of(sent).count() == 1


def test_holding_marks_what_the_report_told_and_nothing_else(hospital):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    told = a_case(hospital, meeting)
    closed = a_case(hospital, meeting, an_item(hospital, closed=True))
    kept = a_case(hospital, meeting, concluded=False)
    good = actions.add_good_example(
        meeting,
        by=again(hospital.office),
        title="经验",
        facts="做法",
        department=hospital.surgery,
        item=an_item(hospital),
    )
    actions.submit_report(meeting, by=again(hospital.office))
    issued(hospital, meeting)
    before = {case: case.item.due_on for case in (told, closed, kept, good)}

    held(hospital, meeting)

    def now(case):
        item = LedgerItem.objects.get(pk=case.item_id)
        return item.exposed_on, item.due_on

    assert now(told) == (days(0), days(14))
    assert now(closed) == (days(0), before[closed])
    assert now(kept) == (None, before[kept])
    assert now(good) == (None, before[good])
    assert set(meeting.cases.filter(exposed_on=days(0))) == {told, closed, good}


def test_an_item_voided_after_the_issue_keeps_its_state(hospital, meeting):
    approve(hospital, meeting)
    item = meeting.cases.get().item
    void(item, by=again(hospital.office2), reason="重复登记")

    held(hospital, meeting)

    item.refresh_from_db()
    assert (item.state, item.exposed_on) == (State.VOIDED, None)


def test_a_meeting_is_held_by_the_office_on_a_day_after_its_report(hospital, meeting):
    approve(hospital, meeting, issued_on=days(-2))
    for name, who in hospital.people().items():
        if name not in {"office", "office2"}:
            with pytest.raises(PermissionDenied):
                actions.hold_meeting(meeting, by=again(who), held_on=days(0))
    with pytest.raises(ActionRefusedError, match="lies in the future"):
        actions.hold_meeting(meeting, by=again(hospital.office), held_on=days(1))
    with pytest.raises(ActionRefusedError, match="issued after this day"):
        actions.hold_meeting(meeting, by=again(hospital.office), held_on=days(-3))
    assert not LedgerItem.objects.filter(exposed_on__isnull=False).exists()

    held_one = actions.hold_meeting(meeting, by=again(hospital.office), held_on=days(-2))

    assert (held_one.state, held_one.held_on) == (MeetingState.HELD, days(-2))
    with pytest.raises(ActionRefusedError, match="not possible here"):
        actions.hold_meeting(meeting, by=again(hospital.office), held_on=days(0))


def test_only_an_issued_report_is_held(hospital, meeting):
    with pytest.raises(ActionRefusedError, match="not possible here"):
        actions.hold_meeting(meeting, by=again(hospital.office), held_on=days(0))

    assert untouched(meeting)
