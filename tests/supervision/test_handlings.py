"""How people were dealt with, and when a name may stand."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit import trail
from core.errors import ActionRefusedError
from supervision import actions
from supervision.models import Handling, HandlingForm
from tests.organisation.factories import UnitFactory
from tests.people import again
from tests.rectification.factories import LedgerItemFactory, an_item
from tests.supervision.factories import a_handling, days

pytestmark = pytest.mark.django_db
RECORDERS = {"office", "office2", "discipline", "discipline2", "discipline_secretary"}
PRINCIPALS = {"secretary", "president"}


def everybody_but(hospital, allowed):
    return [again(who) for name, who in hospital.people().items() if name not in allowed]


def test_who_may_record_read_and_name(hospital):
    handling = a_handling(hospital)

    assert hospital.who_may("supervision.record_handling", hospital.campaign) == RECORDERS
    assert hospital.who_may("supervision.record_handling", handling) == RECORDERS
    assert hospital.who_may("supervision.view_handlings", handling) == RECORDERS | PRINCIPALS
    assert hospital.who_may("supervision.approve_naming", handling) == PRINCIPALS


def test_only_the_offices_record_correct_and_conclude(hospital):
    handling = a_handling(hospital)

    for who in everybody_but(hospital, RECORDERS):
        for write in (
            lambda by: a_handling(hospital, by=by),
            lambda by: actions.revise_handling(handling, by=by, form=HandlingForm.ADMONITION),
            lambda by: actions.conclude_handling(handling, by=by, final_on=days(0)),
        ):
            with pytest.raises(PermissionDenied):
                write(who)

    assert list(Handling.objects.values_list("form", "final_on")) == [(handling.form, None)]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"decided_on": days(1)}, "lies in the future"),
        ({"final_on": days(1)}, "lies in the future"),
        ({"final_on": days(-30)}, "final before it was decided"),
        ({"form": "invented"}, "not a valid choice"),
    ],
)
def test_what_cannot_be_is_not_recorded(hospital, facts, words):
    with pytest.raises(ActionRefusedError, match=words):
        a_handling(hospital, **facts)

    assert not Handling.objects.exists()


def test_item_and_department_are_of_the_campaign(hospital):
    with pytest.raises(ActionRefusedError, match="another campaign"):
        a_handling(hospital, item=LedgerItemFactory())
    with pytest.raises(ActionRefusedError, match="does not belong to this campaign"):
        a_handling(hospital, unit=UnitFactory())

    assert not Handling.objects.exists()


def test_a_slip_is_corrected_until_the_handling_is_final(hospital):
    handling = a_handling(hospital)
    by = again(hospital.discipline)

    actions.revise_handling(handling, by=by, person=hospital.deputy, form=HandlingForm.ADMONITION)
    corrected = trail.of(handling).last()
    assert (corrected.action, corrected.after) == (
        "supervision.revise_handling",
        {"person_id": hospital.deputy.pk, "form": "admonition"},
    )
    with pytest.raises(ActionRefusedError, match="future"):
        actions.revise_handling(handling, by=by, decided_on=days(1))
    actions.conclude_handling(handling, by=by, final_on=days(0))
    with pytest.raises(ActionRefusedError, match="It is final"):
        actions.revise_handling(handling, by=by, person=hospital.head)
    with pytest.raises(ActionRefusedError, match="It is final"):
        actions.conclude_handling(handling, by=by, final_on=days(-1))

    handling.refresh_from_db()
    assert (handling.person, handling.final_on) == (hospital.deputy, days(0))


def test_nobody_is_named_before_it_is_final_and_a_principal_agrees(hospital):
    handling = a_handling(hospital)
    principal = again(hospital.secretary)
    with pytest.raises(ActionRefusedError, match="before his handling is final"):
        actions.approve_naming(handling, by=principal, reason="影响恶劣")
    actions.conclude_handling(handling, by=again(hospital.office), final_on=days(0))
    for who in everybody_but(hospital, PRINCIPALS):
        with pytest.raises(PermissionDenied):
            actions.approve_naming(handling, by=who, reason="影响恶劣")
    with pytest.raises(ActionRefusedError, match="Say why"):
        actions.approve_naming(handling, by=principal, reason=" ")
    handling.refresh_from_db()
    assert not handling.may_be_named

    assert actions.approve_naming(handling, by=principal, reason="影响恶劣").may_be_named
    with pytest.raises(ActionRefusedError, match="so already"):
        actions.approve_naming(handling, by=again(hospital.president), reason="同意")
    event = trail.of(handling).last()
    assert (event.action, event.reason) == ("supervision.approve_naming", "影响恶劣")


def test_the_approval_of_naming_is_withdrawn_with_a_reason(hospital):
    handling = a_handling(hospital, final_on=days(0))
    principal = again(hospital.secretary)
    with pytest.raises(ActionRefusedError, match="so already"):
        actions.withdraw_naming(handling, by=principal, reason="申诉中")
    actions.approve_naming(handling, by=principal, reason="影响恶劣")

    withdrawn = actions.withdraw_naming(handling, by=again(hospital.president), reason="申诉中")

    assert not withdrawn.may_be_named
    assert trail.of(handling).last().action == "supervision.withdraw_naming"


def test_the_database_names_nobody_before_it_is_final(hospital):
    handling = a_handling(hospital)

    with pytest.raises(IntegrityError), transaction.atomic():
        Handling.objects.filter(pk=handling.pk).update(naming_approved_by=hospital.secretary)


def test_handlings_are_read_by_the_offices_and_the_principals_and_not_by_the_person(hospital):
    handling = a_handling(hospital, person=hospital.head, item=an_item(hospital))

    readers = {
        name
        for name, who in hospital.people().items()
        if Handling.objects.visible_to(again(who)).filter(pk=handling.pk).exists()
    }

    assert readers == RECORDERS | PRINCIPALS
