"""The self-criticism of an exposed department, and the measures that stand behind its pledges."""

import pytest
from django.core.exceptions import PermissionDenied

from audit import trail
from core.errors import ActionRefusedError
from organisation.models import PostKind
from rectification.models import LedgerItem, Measure
from supervision import actions
from supervision.models import SelfCriticism
from supervision.states import CriticismState
from tests.organisation.factories import PostFactory
from tests.people import again
from tests.rectification.factories import an_item
from tests.supervision.factories import a_case, a_letterhead, a_meeting, days, issued, submitted

pytestmark = pytest.mark.django_db
WHOLE = {
    "cause": "对窗口排班疏于管理。",
    "responsibility": "科主任负主要责任。",
    "pledge": "一个月内增开窗口。",
}
WRITERS = {"head", "deputy", "liaison"}
SUBMITTERS = {"head", "deputy"}
JUDGES = {"office", "office2"}


@pytest.fixture
def criticism(hospital):
    a_letterhead(hospital)
    return SelfCriticism.objects.get(case__meeting=issued(hospital))


def written(hospital, criticism, *pledges, **facts):
    return actions.draft_criticism(
        criticism, by=again(hospital.liaison), **{**WHOLE, **facts}, pledges=pledges
    )


def handed_in(hospital, criticism, *pledges):
    written(hospital, criticism, *pledges)
    return actions.submit_criticism(criticism, by=again(hospital.head))


def everybody_but(hospital, allowed):
    return [again(who) for name, who in hospital.people().items() if name not in allowed]


def test_the_department_writes_its_principal_submits_and_the_office_judges(hospital, criticism):
    assert hospital.who_may("supervision.draft_criticism", criticism) == WRITERS
    assert hospital.who_may("supervision.write_criticism", criticism) == SUBMITTERS
    assert hospital.who_may("supervision.judge_criticism", criticism) == JUDGES

    for who in everybody_but(hospital, WRITERS):
        with pytest.raises(PermissionDenied):
            actions.draft_criticism(criticism, by=who, **WHOLE)
    written(hospital, criticism)
    for who in everybody_but(hospital, SUBMITTERS):
        with pytest.raises(PermissionDenied):
            actions.submit_criticism(criticism, by=who)
    actions.submit_criticism(criticism, by=again(hospital.head))
    for who in everybody_but(hospital, JUDGES):
        with pytest.raises(PermissionDenied):
            actions.accept_criticism(criticism, by=who)
        with pytest.raises(PermissionDenied):
            actions.return_criticism(criticism, by=who, reason="重写")

    criticism.refresh_from_db()
    assert (criticism.state, criticism.submitted_by) == (CriticismState.SUBMITTED, hospital.head)


def test_nobody_judges_the_self_criticism_of_his_own_department(hospital):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    item = an_item(hospital, lead_department=hospital.campaign_office)
    a_case(hospital, meeting, item)
    actions.submit_report(meeting, by=again(hospital.office))
    criticism = SelfCriticism.objects.get(case__meeting=issued(hospital, meeting))
    PostFactory(person=hospital.office, unit=hospital.campaign_office, kind=PostKind.HEAD)

    assert hospital.who_may("supervision.judge_criticism", criticism) == {"office2"}


def test_what_is_written_is_kept_and_patients_are_taken_out(hospital, criticism):
    written(
        hospital,
        criticism,
        ("向患者李小明致歉", None, None),
        cause="患者李小明来电13812345678",
    )

    criticism.refresh_from_db()
    assert criticism.cause == "患者李某某来电138****5678"
    assert [pledge.text for pledge in criticism.pledges.all()] == ["向患者李某某致歉"]
    assert trail.of(criticism).last().action == "supervision.draft_criticism"


@pytest.mark.parametrize("part", sorted(WHOLE))
def test_all_three_parts_are_needed_to_submit(hospital, criticism, part):
    written(hospital, criticism, **{part: "  "})

    with pytest.raises(ActionRefusedError, match="cause, the responsibility and the pledge"):
        actions.submit_criticism(criticism, by=again(hospital.head))

    criticism.refresh_from_db()
    assert (criticism.state, criticism.submitted_by) == (CriticismState.AWAITED, None)


@pytest.mark.parametrize("text", ["", "长" * 501])
def test_a_pledge_says_something_and_not_too_much_and_the_draft_stays(hospital, criticism, text):
    written(hospital, criticism, ("增开窗口", None, None))

    with pytest.raises(ActionRefusedError):
        written(hospital, criticism, (text, None, None), cause="改")

    criticism.refresh_from_db()
    assert criticism.cause == WHOLE["cause"]
    assert [pledge.text for pledge in criticism.pledges.all()] == ["增开窗口"]


def test_a_dated_pledge_becomes_a_measure_and_a_loose_one_is_flagged(hospital, criticism):
    item = criticism.case.item
    there = set(item.measures.all())
    named = item.measures.first()

    handed_in(
        hospital,
        criticism,
        ("增开两个窗口", days(20), None),
        ("加强教育", None, None),
        ("公布等候时间", days(9), named),
    )

    pledges = criticism.pledges.order_by("position")
    (new,) = set(item.measures.all()) - there
    assert (new.text, new.due_on) == ("增开两个窗口", days(20))
    assert [pledge.measure for pledge in pledges] == [new, None, named]
    assert [pledge.is_loose for pledge in pledges] == [False, True, named.due_on is None]


def test_a_measure_of_another_item_stands_behind_nothing(hospital, criticism):
    other = an_item(hospital).measures.first()

    with pytest.raises(ActionRefusedError, match="another item"):
        written(hospital, criticism, ("增开窗口", None, other))
    written(hospital, criticism, ("增开窗口", None, None))
    with pytest.raises(ActionRefusedError, match="another item"):
        actions.link_pledge(criticism.pledges.get(), by=again(hospital.office), measure=other)

    assert criticism.pledges.get().measure is None


@pytest.mark.parametrize("state", ["closed", "voided"])
def test_an_item_that_takes_no_measure_leaves_the_pledge_loose(hospital, state):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    case = a_case(hospital, meeting, an_item(hospital, closed=state == "closed"))
    actions.submit_report(meeting, by=again(hospital.office))
    criticism = SelfCriticism.objects.get(case__meeting=issued(hospital, meeting))
    if state == "voided":
        LedgerItem.objects.filter(pk=case.item_id).update(state="voided")
    measures = Measure.objects.count()

    handed_in(hospital, criticism, ("增开窗口", days(20), None))

    assert criticism.pledges.get().is_loose
    assert Measure.objects.count() == measures


def test_an_item_that_went_to_another_department_does_not_stop_the_self_criticism(
    hospital, criticism
):
    LedgerItem.objects.filter(pk=criticism.case.item_id).update(lead_department=hospital.surgery)

    submitted_one = handed_in(hospital, criticism, ("增开窗口", days(20), None))

    assert submitted_one.state == CriticismState.SUBMITTED
    assert criticism.pledges.get().is_loose


def test_a_returned_self_criticism_is_mended_without_doubling_its_measures(hospital, criticism):
    handed_in(hospital, criticism, ("增开窗口", days(20), None))
    measure = criticism.pledges.get().measure
    with pytest.raises(ActionRefusedError, match="lacks"):
        actions.return_criticism(criticism, by=again(hospital.office), reason="")
    returned = actions.return_criticism(criticism, by=again(hospital.office), reason="原因剖析不深")
    assert (returned.state, returned.return_reason) == (CriticismState.AWAITED, "原因剖析不深")
    measures = Measure.objects.count()

    mended = handed_in(hospital, criticism, ("公开道歉", None, None), ("增开窗口", days(20), None))

    assert mended.return_reason == ""
    assert list(criticism.pledges.order_by("position").values_list("text", "measure")) == [
        ("公开道歉", None),
        ("增开窗口", measure.pk),
    ]
    assert Measure.objects.count() == measures


def test_the_office_links_a_loose_pledge_to_a_dated_measure(hospital, criticism):
    handed_in(hospital, criticism, ("加强教育", None, None))
    pledge = criticism.pledges.get()
    dated = criticism.case.item.measures.first()
    undated = Measure.objects.create(item=criticism.case.item, text="教育")
    for who in everybody_but(hospital, JUDGES):
        with pytest.raises(PermissionDenied):
            actions.link_pledge(pledge, by=who, measure=dated)
    with pytest.raises(ActionRefusedError, match="no day yet"):
        actions.link_pledge(pledge, by=again(hospital.office), measure=undated)

    linked = actions.link_pledge(pledge, by=again(hospital.office), measure=dated)

    assert (linked.measure, linked.is_loose) == (dated, False)
    assert trail.of(criticism).last().after == {"measure_id": dated.pk}


def test_only_what_is_awaited_is_written_and_only_what_is_submitted_is_judged(hospital, criticism):
    by = again(hospital.office)
    for judge in (
        lambda: actions.accept_criticism(criticism, by=by),
        lambda: actions.return_criticism(criticism, by=by, reason="重写"),
    ):
        with pytest.raises(ActionRefusedError, match="awaited"):
            judge()
    handed_in(hospital, criticism)
    with pytest.raises(ActionRefusedError, match="submitted"):
        written(hospital, criticism, cause="改")
    with pytest.raises(ActionRefusedError, match="submitted"):
        actions.submit_criticism(criticism, by=again(hospital.head))

    assert actions.accept_criticism(criticism, by=by).state == CriticismState.ACCEPTED
    with pytest.raises(ActionRefusedError, match="accepted"):
        actions.return_criticism(criticism, by=by, reason="重写")

    criticism.refresh_from_db()
    assert criticism.cause == WHOLE["cause"]


def test_before_the_report_is_issued_nobody_has_to_criticise_himself(hospital):
    submitted(hospital)

    assert not SelfCriticism.objects.exists()
