"""What a department reads of a report in lists, messages and the search, and never again otherwise."""

import pytest
from django.urls import reverse

from desk.queries import search
from supervision import actions
from supervision.models import ExposureMeeting
from supervision.queries import waiting
from tests.api.asking import reader
from tests.people import again
from tests.supervision.factories import a_case, a_handling, a_meeting, days, issued

pytestmark = pytest.mark.django_db


def sent(hospital, meeting):
    """Issued, and sent to surgery."""
    office = again(hospital.office)
    actions.submit_report(meeting, by=office)
    made = issued(hospital, ExposureMeeting.objects.get())
    actions.distribute(made, by=office, units=[hospital.surgery])
    return made


def page(hospital, name, *number):
    return reverse(f"supervision:{name}", args=[hospital.campaign.pk, *number])


def test_a_name_in_the_title_reaches_nobody(client, hospital):
    meeting = a_meeting(hospital, title="关于门诊主任的通报")
    a_case(hospital, meeting)
    made = sent(hospital, meeting)
    reading = again(hospital.head2)
    client.force_login(reading)

    lines = [line for group in waiting.lines(reading, days(0), most=7) for line in group.lines]
    hits = {hit.title for found in search(reading, "关于门诊主任") for hit in found.hits}
    pages = [page(hospital, "list"), page(hospital, "meeting", made.number), reverse("desk:home")]

    assert [line.title for line in lines] == ["关于门某某某的通报"]
    assert hits == set()
    for address in pages:
        told = client.get(address).content.decode()
        assert "关于门某某某的通报" in told, address
        assert "门诊主任的通报" not in told, address


def test_a_name_approved_after_the_issue_stays_masked_in_what_was_issued(client, hospital):
    meeting = a_meeting(hospital)
    case = a_case(hospital, meeting, facts="门诊主任未按期增开窗口。")
    handling = a_handling(hospital, item=case.item, final_on=days(-1))
    made = sent(hospital, meeting)

    actions.approve_naming(handling, by=again(hospital.secretary), reason="已办结")

    client.force_login(again(hospital.head2))
    read = client.get(page(hospital, "meeting", made.number)).content.decode()
    api = reverse("api:exposure-report-detail", args=[hospital.campaign.pk, made.number])
    told = reader(hospital.head2).get(api).json()
    assert "门某某某未按期增开窗口" in read
    assert "门诊主任未按期" not in read
    assert [one["facts"] for one in told["problems"]] == ["门某某某未按期增开窗口。"]


def test_a_name_approved_before_the_issue_stands_in_it(client, hospital):
    meeting = a_meeting(hospital)
    case = a_case(hospital, meeting, facts="门诊主任未按期增开窗口。")
    handling = a_handling(hospital, item=case.item, final_on=days(-1))
    actions.approve_naming(handling, by=again(hospital.secretary), reason="已办结")
    made = sent(hospital, meeting)

    client.force_login(again(hospital.head2))

    read = client.get(page(hospital, "meeting", made.number)).content.decode()
    assert "门诊主任未按期增开窗口" in read


def test_what_is_kept_back_is_not_even_counted(client, hospital):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting)
    a_case(hospital, meeting, concluded=False)
    sent(hospital, meeting)
    client.force_login(again(hospital.head2))

    shown = client.get(page(hospital, "list")).context["page"].object_list
    api = reverse("api:exposure-report-list", args=[hospital.campaign.pk])
    told = reader(hospital.head2).get(api).json()["results"]

    assert [row.case_count for row in shown] == [1]
    assert [row["cases"] for row in told] == [1]
