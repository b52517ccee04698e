"""Reporting one problem: what is asked, what is kept, and what is never taken."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from issues.forms import personal_numbers
from issues.models import Issue, Source
from issues.states import State
from organisation.models import UnitKind
from tests.issues.factories import IssueFactory

pytestmark = pytest.mark.django_db


def address(hospital, query="?about=work"):
    return reverse("issues:register", args=[hospital.campaign.pk]) + query


def told(**changes):
    return {
        "text": "门诊三楼收费窗口中午只开一个",
        "source": Source.INTERNAL,
        "found_on": timezone.localdate().isoformat(),
        **changes,
    }


@pytest.fixture
def staff(client, hospital):
    client.force_login(hospital.staff)
    return client


def test_the_first_question_is_whom_it_concerns(staff, hospital):
    page = staff.get(address(hospital, "")).content.decode()

    assert "Whom does it concern?" in page
    assert "<textarea" not in page


def test_a_problem_is_reported_in_one_form(staff, hospital):
    response = staff.post(
        address(hospital),
        told(category=hospital.category.pk, department=hospital.surgery.pk, place="三楼"),
    )

    [issue] = Issue.objects.all()
    assert response.url == reverse("issues:registered", args=[hospital.campaign.pk, issue.number])
    assert (issue.reported_by, issue.reported_unit, issue.category, issue.place, issue.state) == (
        hospital.staff,
        None,
        hospital.category,
        "三楼",
        State.REPORTED,
    )
    assert list(issue.responsible_departments.all()) == [hospital.surgery]


def test_afterwards_the_number_and_who_has_it_are_shown(staff, hospital):
    page = staff.post(address(hospital), told(), follow=True).content.decode()

    assert "ZF-P001" in page
    assert "The campaign office of 市第一人民医院 has it now" in page


def test_a_swap_moves_the_browser_on(staff, hospital):
    response = staff.post(address(hospital), told(), headers={"HX-Request": "true"})

    assert response["HX-Redirect"].endswith("/registered/")


def test_the_draft_is_kept_in_the_browser(staff, hospital):
    page = staff.get(address(hospital)).content.decode()

    assert f'data-draft="issue-new-{hospital.campaign.pk}"' in page
    assert "Do not write names, phone numbers or medical records of patients." in page


def everything_kept():
    return (
        Issue.objects.count(),
        Event.objects.count(),
        [session.get_decoded() for session in Session.objects.all()],
    )


SECRET = "院长插手设备采购"


@pytest.mark.parametrize("query", ["?about=principal", "?about=principal&text=x", ""])
def test_a_report_about_a_principal_is_stored_nowhere(staff, hospital, caplog, query):
    before = everything_kept()
    caplog.set_level(logging.DEBUG)

    page = staff.post(address(hospital, query), told(text=SECRET, about="principal"))

    assert everything_kept() == before
    assert SECRET not in page.content.decode()
    assert SECRET not in caplog.text
    assert SECRET not in str(page.cookies)


def test_the_way_up_is_the_campaigns_channel(staff, hospital):
    type(hospital.campaign).objects.update(upward_channel="市纪委监委派驻组 0531-8888")

    page = staff.get(address(hospital, "?about=principal")).content.decode()

    assert "市纪委监委派驻组 0531-8888" in page
    assert f'data-draft-forget="issue-new-{hospital.campaign.pk}"' in page
    assert "<textarea" not in page


def test_without_a_channel_the_way_up_is_the_body_above(staff, hospital):
    page = staff.get(address(hospital, "?about=principal")).content.decode()

    assert "市卫生健康委" in page


def test_without_a_body_above_the_way_up_is_said_in_general(staff, hospital):
    type(hospital.unit).objects.filter(kind=UnitKind.HOSPITAL).update(parent=None)

    page = staff.get(address(hospital, "?about=principal")).content.decode()

    assert "The discipline office of the body above this unit" in page


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("患者电话13812345678投诉", ["138****5678"]),
        ("电话 138-1234-5678", ["138****5678"]),
        ("手机号１３８１２３４５６７８", ["138****5678"]),
        ("身份证 37010219620318271X 的患者", ["370****271X"]),
        ("13812345678、13812345678", ["138****5678"]),
        ("窗口电话 0531-82345678", []),
        ("流水号 20261121138123456789", []),
        ("2026年11月21日,门诊 12 号窗口", []),
    ],
)
def test_numbers_that_may_identify_a_patient_are_found_and_masked(text, numbers):
    assert personal_numbers(text) == numbers


def test_such_a_number_is_refused_with_a_sentence_that_says_which(staff, hospital):
    response = staff.post(address(hospital), told(text="患者电话13812345678投诉"))

    assert response.status_code == 422
    assert "it may identify a patient: 138****5678" in response.content.decode()
    assert Issue.objects.count() == 0


def test_what_is_still_to_come_was_not_found(staff, hospital):
    response = staff.post(address(hospital), told(found_on="2199-01-01"))

    assert "This day is still to come." in response.content.decode()


def choices(response, name):
    return [str(label) for _value, label in response.context["form"].fields[name].choices]


def test_each_reports_in_his_own_name_or_for_his_own_units(client, hospital):
    client.force_login(hospital.staff)
    asked = client.get(address(hospital))
    assert choices(asked, "reported_unit") == [
        "myself: only the office sees who reported it",
        "门诊部",
    ]
    assert asked.context["form"]["reported_unit"].value() is None

    client.force_login(hospital.head)
    assert client.get(address(hospital)).context["form"]["reported_unit"].value() == (
        hospital.outpatient.pk
    )


def test_a_unit_that_is_not_his_own_is_no_choice(staff, hospital):
    response = staff.post(address(hospital), told(reported_unit=hospital.surgery.pk))

    assert response.status_code == 422
    assert Issue.objects.count() == 0


def test_staff_say_less_about_where_it_comes_from_than_the_office(client, hospital):
    client.force_login(hospital.staff)
    few = choices(client.get(address(hospital)), "source")
    client.force_login(hospital.office)
    all_of_them = choices(client.get(address(hospital)), "source")

    assert few == ["internal review", "external review", "open inspection"]
    assert all_of_them == [str(label) for label in Source.labels]


def test_the_office_records_for_the_public_without_asking_who_it_was(client, hospital):
    client.force_login(hospital.office)

    client.post(address(hospital), told(source=Source.REPORT))

    [issue] = Issue.objects.all()
    assert (issue.source, issue.reported_by, issue.reported_unit) == (
        Source.REPORT,
        hospital.office,
        None,
    )


def test_a_campaign_that_does_not_run_takes_no_reports(staff, hospital):
    type(hospital.campaign).objects.update(state="finished")

    assert "only while the campaign is running" in staff.get(address(hospital)).content.decode()
    staff.post(address(hospital), told())
    assert Issue.objects.count() == 0


@pytest.fixture
def returned(hospital):
    return IssueFactory(
        campaign=hospital.campaign,
        returned=True,
        reported_by=hospital.staff,
        responsible_departments=[hospital.surgery],
    )


def again_address(issue):
    return reverse("issues:resubmit", args=[issue.campaign_id, issue.number])


def test_a_returned_problem_is_corrected_with_the_reason_in_sight(staff, hospital, returned):
    page = staff.get(again_address(returned))
    assert returned.review_note in page.content.decode()
    assert returned.text in page.content.decode()

    staff.post(again_address(returned), told(text="三楼收费窗口,11月20日中午"))

    returned.refresh_from_db()
    assert (returned.state, returned.text) == (State.REPORTED, "三楼收费窗口,11月20日中午")
    assert list(returned.responsible_departments.all()) == []


def test_a_correction_keeps_the_same_rules(staff, returned):
    response = staff.post(again_address(returned), told(text="电话13812345678"))

    returned.refresh_from_db()
    assert (response.status_code, returned.state) == (422, State.RETURNED)


def test_what_is_not_returned_is_not_corrected(staff, hospital):
    issue = IssueFactory(campaign=hospital.campaign, reported_by=hospital.staff)

    assert staff.post(again_address(issue), told()).url == issue.get_absolute_url()


def test_somebody_elses_problem_is_not_found(client, hospital, returned):
    client.force_login(hospital.staff2)

    assert client.get(again_address(returned)).status_code == 404
