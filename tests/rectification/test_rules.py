"""Who may do what to a ledger item: the whole table, for everybody the product knows."""

import datetime as dt

import pytest
from django.utils import timezone

from campaign.models import AppointmentRole
from organisation.models import PostKind
from rectification import actions
from rectification.models import LedgerItem
from tests.campaign.factories import AppointmentFactory, CampaignFactory
from tests.organisation.factories import PostFactory, UnitFactory, holder
from tests.people import again
from tests.rectification.factories import EvidenceFactory, ProgressUpdateFactory, an_item

pytestmark = pytest.mark.django_db

OFFICE = {"office", "office2"}
DISCIPLINE = {"discipline", "discipline2", "discipline_secretary"}
LEADING = {"secretary", "president"}
OUTPATIENT = {"head", "deputy", "liaison"}
SURGERY = {"head2"}

RIGHTS = {
    "view_item": OFFICE | DISCIPLINE | LEADING | OUTPATIENT | SURGERY | {"vp", "vp2", "supervisor"},
    "open_evidence": OFFICE | DISCIPLINE | LEADING | OUTPATIENT | SURGERY | {"vp", "vp2"},
    "draft_plan": OFFICE,
    "approve_plan": {"vp"},
    "claim_item": OUTPATIENT,
    "decide_objection": OFFICE,
    "report_progress": OUTPATIENT | SURGERY,
    "add_evidence": OUTPATIENT | SURGERY,
    "apply_for_sign_off": OUTPATIENT | SURGERY,
    "withdraw_application": {"liaison"},
    "check_item": {"deputy", "head"},
    "verify_item": {"office", "office2"} | DISCIPLINE,
    "approve_sign_off": {"vp"},
    "end_notice": OFFICE | DISCIPLINE,
    "review_item": OFFICE | DISCIPLINE,
    "void_item": OFFICE,
    "object_to_notice": {"staff", "staff2", "head3"}
    | OFFICE
    | DISCIPLINE
    | LEADING
    | OUTPATIENT
    | SURGERY
    | {"vp", "vp2"},
    "export_ledger": OFFICE
    | DISCIPLINE
    | LEADING
    | OUTPATIENT
    | SURGERY
    | {"vp", "vp2", "supervisor"},
}


def of_both(hospital, **facts):
    """Outpatient leads, surgery is responsible too."""
    return an_item(hospital, responsible_departments=[hospital.surgery], **facts)


@pytest.mark.parametrize("right", sorted(RIGHTS))
def test_who_may_do_what_to_an_item_applied_for_by_the_liaison(hospital, right):
    item = of_both(hospital, applied=True)

    assert hospital.who_may(f"rectification.{right}", item) == RIGHTS[right]


def test_administrator_staff_and_another_hospital_may_nothing_but_object_to_a_notice(hospital):
    item = of_both(hospital, applied=True)

    rights = {
        name: {r for r in RIGHTS if again(who).has_perm(f"rectification.{r}", item)}
        for name, who in hospital.people().items()
        if name in {"administrator", "stranger", "staff"}
    }

    assert rights == {"administrator": set(), "stranger": set(), "staff": {"object_to_notice"}}


def test_the_bureau_may_read_and_nothing_else(hospital):
    item = of_both(hospital, applied=True)

    rights = {r for r in RIGHTS if hospital.supervisor.has_perm(f"rectification.{r}", item)}

    assert rights == {"view_item", "export_ledger"}


@pytest.mark.parametrize("state", ["drafting", "rectifying", "closed"])
@pytest.mark.parametrize("for_all", [False, True])
def test_the_rule_and_the_list_agree_on_who_sees_an_item(hospital, state, for_all):
    item = of_both(hospital, **{state: True}, for_all_departments=for_all)

    listed = {
        name
        for name, who in hospital.people().items()
        if LedgerItem.objects.visible_to(again(who)).filter(pk=item.pk).exists()
    }

    assert listed == hospital.who_may("rectification.view_item", item)


def test_the_bureau_does_not_see_what_is_still_being_drafted(hospital):
    item = an_item(hospital, drafting=True)

    assert "supervisor" not in hospital.who_may("rectification.view_item", item)


def test_a_head_of_the_bureau_does_not_work_on_what_every_department_of_a_hospital_must_do(
    hospital,
):
    head_of_bureau = holder(PostKind.SECRETARY, hospital.bureau)
    item = an_item(hospital, for_all_departments=True)

    assert not head_of_bureau.has_perm("rectification.report_progress", item)
    assert again(hospital.head3).has_perm("rectification.report_progress", item)


def test_the_person_in_charge_may_work_on_it_and_not_verify_it(hospital):
    item = an_item(hospital, checked=True, assignee=hospital.discipline)

    assert again(hospital.discipline).has_perm("rectification.report_progress", item)
    assert not again(hospital.discipline).has_perm("rectification.verify_item", item)


@pytest.mark.parametrize("right", ["verify_item", "end_notice", "review_item", "void_item"])
def test_nobody_in_the_office_judges_the_work_of_his_own_department(hospital, right):
    PostFactory(person=hospital.office, unit=hospital.outpatient, kind=PostKind.STAFF)
    item = an_item(hospital, checked=True)

    may = hospital.who_may(f"rectification.{right}", item)

    assert "office" not in may
    assert "office2" in may


def test_a_post_in_a_section_of_the_department_counts_and_one_in_the_hospital_does_not(hospital):
    section = UnitFactory(name="门诊一组", parent=hospital.outpatient)
    PostFactory(person=hospital.office, unit=section, kind=PostKind.STAFF)
    item = an_item(hospital, checked=True)

    may = hospital.who_may("rectification.verify_item", item)

    assert "office" not in may
    assert "office2" in may


def test_a_post_in_a_responsible_department_counts_as_much_as_in_the_lead_department(hospital):
    PostFactory(person=hospital.discipline, unit=hospital.surgery, kind=PostKind.STAFF)
    item = of_both(hospital, checked=True)

    assert "discipline" not in hospital.who_may("rectification.verify_item", item)


def test_a_leader_does_not_approve_the_work_of_a_department_he_heads(hospital):
    PostFactory(person=hospital.vp, unit=hospital.outpatient, kind=PostKind.HEAD)
    item = an_item(hospital, verified=True)

    assert hospital.who_may("rectification.approve_sign_off", item) == set()


def test_who_has_left_the_institution_sees_and_does_nothing_whatever_he_answered_for(hospital):
    item = an_item(hospital, applied=True, assignee=hospital.staff)
    for person in (hospital.vp, hospital.staff, hospital.liaison):
        person.posts.update(until=timezone.localdate() - dt.timedelta(days=1))

    left = {"vp", "staff", "liaison"}

    assert not left & {
        name for right in RIGHTS for name in hospital.who_may(f"rectification.{right}", item)
    }
    assert not any(
        LedgerItem.objects.visible_to(again(hospital.people()[name])).exists() for name in left
    )


def test_who_applied_neither_checks_nor_verifies_nor_approves(hospital):
    for people, right in [
        ({"attempt__applied_by": hospital.head}, "check_item"),
        ({"attempt__applied_by": hospital.office}, "verify_item"),
        ({"attempt__applied_by": hospital.vp}, "approve_sign_off"),
    ]:
        item = an_item(hospital, applied=True, **people)

        name = {"check_item": "head", "verify_item": "office", "approve_sign_off": "vp"}[right]
        assert name not in hospital.who_may(f"rectification.{right}", item)


def test_who_checked_does_not_verify_and_who_verified_does_not_approve(hospital):
    checked = an_item(hospital, checked=True, attempt__checked_by=hospital.office)
    verified = an_item(hospital, verified=True, attempt__verified_by=hospital.vp)

    assert "office" not in hospital.who_may("rectification.verify_item", checked)
    assert hospital.who_may("rectification.approve_sign_off", verified) == set()


@pytest.mark.parametrize("worked", [ProgressUpdateFactory, EvidenceFactory])
def test_who_worked_on_an_item_neither_verifies_nor_approves_it(hospital, worked):
    item = an_item(hospital, checked=True, responsible_leader=hospital.discipline_secretary)
    word = "by" if worked is ProgressUpdateFactory else "uploaded_by"
    for who in (hospital.office, hospital.discipline_secretary):
        worked(item=item, **{word: who})

    assert "office" not in hospital.who_may("rectification.verify_item", item)
    assert hospital.who_may("rectification.approve_sign_off", item) == set()


def test_an_office_member_appointed_to_one_campaign_has_no_say_in_another(hospital):
    other = CampaignFactory(host=hospital.unit, code="QT")
    AppointmentFactory(campaign=other, person=hospital.staff2, role=AppointmentRole.OFFICE_MEMBER)
    item = an_item(hospital, checked=True)

    assert "staff2" not in hospital.who_may("rectification.verify_item", item)
    assert again(hospital.staff2).has_perm(
        "rectification.verify_item", an_item(hospital, campaign=other, checked=True, category=None)
    )


@pytest.mark.parametrize("right", sorted(RIGHTS))
def test_who_may_do_it_to_one_item_gets_through_the_gate_of_its_page(hospital, right):
    item = of_both(hospital, applied=True)

    for name in hospital.who_may(f"rectification.{right}", item):
        assert again(hospital.people()[name]).has_perm(f"rectification.{right}")


def test_who_carried_out_a_measure_neither_verifies_nor_ends_the_notice(hospital):
    PostFactory(person=hospital.office, unit=hospital.laboratory, kind=PostKind.LIAISON)
    item = an_item(hospital, for_all_departments=True)
    actions.complete_measure(
        item.measures.first(), by=again(hospital.office), done_on=timezone.localdate()
    )

    for right in ("verify_item", "end_notice", "review_item"):
        assert "office" not in hospital.who_may(f"rectification.{right}", item)
        assert "office2" in hospital.who_may(f"rectification.{right}", item)
