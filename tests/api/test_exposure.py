"""Exposure reports for programs: what others read of them, and the steps of the pages."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from messaging.models import Webhook, WebhookDelivery, WebhookEvent
from supervision import queries
from supervision.models import Distribution
from supervision.states import MEETING_STEPS
from tests.api.asking import actor, every_page, reader
from tests.people import again
from tests.supervision.factories import a_case, a_letterhead, a_meeting, days, issued, submitted

pytestmark = pytest.mark.django_db


def reports(hospital, *number, name="list"):
    return reverse(f"api:exposure-report-{name}", args=[hospital.campaign.pk, *number])


def to(meeting, verb):
    name = f"api:exposure-report-{verb}"
    return reverse(name, args=[meeting.campaign_id, meeting.number])


@pytest.fixture(autouse=True)
def letterhead(hospital):
    return a_letterhead(hospital)


def test_everybody_is_told_exactly_the_reports_of_his_page(client, hospital):
    meeting = issued(hospital)
    a_meeting(hospital)
    Distribution.objects.create(meeting=meeting, unit=hospital.surgery, sent_by=hospital.office)

    for name, person in hospital.people().items():
        client.force_login(again(person))
        page = client.get(reverse("supervision:list", args=[hospital.campaign.pk]))
        answer = reader(person).get(reports(hospital))

        assert answer.status_code == page.status_code, name
        if answer.status_code == 200:
            told = {row["number"] for row in every_page(reader(person), reports(hospital))}
            assert told == {row.number for row in page.context["page"]}, name


def test_a_report_is_told_as_others_read_it(hospital):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting, facts="门诊主任未按期增开窗口。")

    told = reader(hospital.office).get(reports(hospital, meeting.number, name="detail")).json()

    report = queries.report_of(meeting)
    assert [case["facts"] for case in told["problems"]] == [report.problems[0].facts]
    assert "门诊主任" not in str(told["problems"])
    assert told["fingerprint"] == report.fingerprint
    assert told["steps"] == ["submit_report", "cancel_meeting"]


def test_a_department_is_not_told_where_else_a_report_went(hospital):
    meeting = issued(hospital)
    for unit in (hospital.surgery, hospital.laboratory):
        Distribution.objects.create(meeting=meeting, unit=unit, sent_by=hospital.office)

    told = reader(hospital.head2).get(reports(hospital, meeting.number, name="detail")).json()

    assert [one["unit"]["name"] for one in told["sent_to"]] == ["普外科"]
    assert (told["sent"], told["acknowledged"]) == (None, None)


def test_a_report_goes_its_whole_way_from_outside(hospital):
    webhook = Webhook.objects.create(
        unit=hospital.unit, url="http://oa.test/", events=[WebhookEvent.EXPOSED]
    )
    meeting = a_meeting(hospital)
    a_case(hospital, meeting)
    office, secretary = actor(hospital.office), actor(hospital.secretary)

    assert office.post(to(meeting, "submit-report")).json()["state"] == "awaiting_approval"
    assert secretary.post(to(meeting, "return-report"), {"reason": "缺数据"}).status_code == 200
    assert office.post(to(meeting, "submit-report")).status_code == 200
    assert office.post(to(meeting, "withdraw-report")).json()["state"] == "preparing"
    read = office.post(to(meeting, "submit-report")).json()["fingerprint"]
    facts = {"number": 7, "issued_on": days(0).isoformat(), "fingerprint": read}
    done = secretary.post(to(meeting, "approve-report"), facts).json()
    units = {"units": [hospital.surgery.pk]}
    sent = office.post(to(meeting, "distribute"), units).json()
    taken = actor(hospital.head2).post(to(meeting, "acknowledge"), {"unit": hospital.surgery.pk})
    held = office.post(to(meeting, "hold-meeting"), {"held_on": days(0).isoformat()})

    assert done["document_number"] == f"市一医〔{days(0).year}〕7号"
    assert {paper["kind"] for paper in done["papers"]} >= {"report"}
    assert (sent["sent"], sent["acknowledged"]) == (1, 0)
    assert taken.json()["sent_to"][0]["acknowledged_at"] is not None
    assert held.json()["state"] == "held"
    told = WebhookDelivery.objects.get(webhook=webhook)
    assert (told.event, told.payload["number"]) == ("exposure.published", done["document_number"])
    assert "抽血" not in str(told.payload)
    for paper in meeting.papers.all():
        default_storage.delete(paper.path)


def test_a_report_that_has_changed_since_it_was_read_is_a_conflict(hospital):
    meeting = submitted(hospital)
    facts = {"number": 7, "issued_on": days(0).isoformat(), "fingerprint": "0" * 64}

    answer = actor(hospital.secretary).post(to(meeting, "approve-report"), facts)

    assert answer.status_code == 409
    assert answer.json()["detail"] == ("The report has changed since you opened it. Read it again.")
    meeting.refresh_from_db()
    assert meeting.state == "awaiting_approval"


@pytest.mark.parametrize("step", [step.name for step in MEETING_STEPS])
def test_a_department_takes_no_step_of_a_report(hospital, step):
    meeting = issued(hospital)
    Distribution.objects.create(meeting=meeting, unit=hospital.surgery, sent_by=hospital.office)
    body = {
        "approve_report": {"number": 1, "issued_on": days(0).isoformat(), "fingerprint": "x"},
        "hold_meeting": {"held_on": days(0).isoformat()},
    }.get(step, {"reason": "x"} if step in {"return_report", "cancel_meeting"} else {})

    answer = actor(hospital.head2).post(to(meeting, step.replace("_", "-")), body)

    assert answer.status_code == 403
    meeting.refresh_from_db()
    assert meeting.state == "approved"


def test_nobody_acknowledges_for_another_department(hospital):
    meeting = issued(hospital)
    for unit in (hospital.surgery, hospital.laboratory):
        Distribution.objects.create(meeting=meeting, unit=unit, sent_by=hospital.office)

    answer = actor(hospital.head2).post(
        to(meeting, "acknowledge"), {"unit": hospital.laboratory.pk}
    )

    assert answer.status_code == 403
    assert not meeting.distributions.filter(acknowledged_at__isnull=False).exists()
