"""One problem and its review: who reads what, and where the office goes next."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from issues import actions
from issues.models import Issue, RectificationClass
from issues.states import State
from tests.campaign.factories import CampaignFactory
from tests.htmx import assert_same_part
from tests.issues.factories import IssueFactory
from tests.organisation.factories import PersonFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, hospital):
    client.force_login(hospital.office)
    return client


def address(issue, name="review", *more):
    return reverse(f"issues:{name}", args=[issue.campaign_id, issue.number, *more])


def read(client, issue):
    return client.get(issue.get_absolute_url()).content.decode()


def test_the_page_says_everything_to_the_office(office, hospital):
    issue = actions.report(
        hospital.campaign, by=hospital.staff, text="窗口排队长", place="门诊三楼"
    )
    twin = IssueFactory(campaign=hospital.campaign, text="窗口排队")
    actions.merge(twin, by=hospital.office, into=issue)

    page = read(office, issue)

    for said in ("窗口排队长", "门诊三楼", hospital.staff.name, twin.code, "Reported", "Review"):
        assert said in page


def test_a_department_reads_what_was_decided_and_not_who_reported(client, hospital):
    issue = actions.report(
        hospital.campaign, by=hospital.staff2, text="普外的护士说门诊排队", source="report"
    )
    actions.send_back(issue, by=hospital.office, reason="请普外写明")
    actions.resubmit(issue, by=hospital.staff2, text="普外护士反映门诊排队")
    actions.confirm(
        issue,
        by=hospital.office,
        text="门诊排队时间长",
        lead_department=hospital.outpatient,
        responsible_leader=hospital.vp,
    )
    client.force_login(hospital.head)

    page = read(client, issue)

    assert "门诊排队时间长" in page
    for hidden in (hospital.staff2.name, "普外", "Submit again"):
        assert hidden not in page.partition('id="main"')[2]


def test_as_written_stands_beside_as_understood_for_those_who_may_know(client, hospital):
    issue = IssueFactory(
        campaign=hospital.campaign,
        confirmed=True,
        lead_department=hospital.outpatient,
        written={"text": "門診排隊", "deadline": "6月底前並長期堅持", "+联系电话": "8123"},
    )
    client.force_login(hospital.office)
    assert "6月底前並長期堅持" in read(client, issue)
    client.force_login(hospital.head)
    assert "6月底前並長期堅持" not in read(client, issue)


def test_what_was_handed_over_is_found_by_the_discipline_office_only(client, hospital):
    issue = IssueFactory(campaign=hospital.campaign, handed_over=True, reported_by=hospital.head)
    answers = {}

    for who in ("office", "secretary", "head", "discipline", "supervisor"):
        client.force_login(getattr(hospital, who))
        answers[who] = client.get(issue.get_absolute_url()).status_code

    assert answers == {
        "office": 404,
        "secretary": 404,
        "head": 404,
        "discipline": 200,
        "supervisor": 403,
    }


def test_linked_problems_that_he_may_not_see_are_not_shown(client, hospital):
    kept = IssueFactory(
        campaign=hospital.campaign, confirmed=True, lead_department=hospital.outpatient
    )
    IssueFactory(
        campaign=hospital.campaign, state=State.MERGED, merged_into=kept, text="普外护士反映"
    )
    client.force_login(hospital.head)

    assert "普外护士反映" not in read(client, kept)


@pytest.mark.parametrize("trait", ["returned", "rejected", "merged"])
def test_the_page_says_who_has_it_now(office, hospital, trait):
    issue = IssueFactory(campaign=hospital.campaign, **{trait: True})

    sentence = {
        "returned": "whoever reported it has it now",
        "rejected": issue.review_note,
        "merged": "It goes on under another number",
    }[trait]
    assert sentence in read(office, issue)


def test_the_page_costs_the_same_with_one_linked_problem_and_with_three(office, hospital):
    def cost(issue):
        with CaptureQueriesContext(connection) as queries:
            read(office, issue)
        return len(queries)

    one, three = IssueFactory.create_batch(2, campaign=hospital.campaign)
    for kept, number in ((one, 1), (three, 3)):
        of = {"campaign": hospital.campaign}
        for twin in IssueFactory.create_batch(number, **of):
            actions.merge(twin, by=hospital.office, into=kept)
        IssueFactory.create_batch(number, **of, recurrence_of=kept)
    cost(one)

    assert cost(one) == cost(three)


def test_the_panel_that_comes_back_is_that_of_the_page(office, hospital):
    issue = IssueFactory(campaign=hospital.campaign)

    assert_same_part(office, address(issue), "review-panel")


def test_the_form_begins_with_what_is_known_already(office, hospital):
    issue = IssueFactory(
        campaign=hospital.campaign,
        deadline_text="长期坚持",
        target="不超过三十分钟",
        responsible_departments=[hospital.outpatient],
        assignee=hospital.head,
    )

    form = office.get(address(issue)).context["confirm"]

    assert (
        form["lead_department"].value(),
        form["rectification_class"].value(),
        form["target"].value(),
        form["assignee"].value(),
    ) == (
        hospital.outpatient.pk,
        RectificationClass.LONG_TERM,
        "不超过三十分钟",
        hospital.head.employee_number,
    )


@pytest.mark.parametrize(
    ("written", "offered"),
    [("立行立改", "immediate"), ("2026年6月底前", ""), ("2026年6月底前并长期坚持", ""), ("", "")],
)
def test_a_class_is_offered_only_where_the_deadline_names_it(office, hospital, written, offered):
    issue = IssueFactory(campaign=hospital.campaign, deadline_text=written)

    assert office.get(address(issue)).context["confirm"]["rectification_class"].value() == offered


def test_at_once_comes_to_a_day_by_the_setting_of_the_campaign(office, hospital):
    type(hospital.campaign).objects.update(immediate_days=7, day_basis="natural")
    issue = IssueFactory(campaign=hospital.campaign, deadline_text="立行立改")

    field = office.get(address(issue)).context["confirm"]["due_on"]

    assert field.value() == timezone.localdate() + dt.timedelta(days=7)
    assert "within 7 days" in field.help_text


def test_the_leaders_stand_in_the_order_of_rank(office, hospital):
    issue = IssueFactory(campaign=hospital.campaign)

    field = office.get(address(issue)).context["confirm"].fields["responsible_leader"]

    assert [label for value, label in field.choices if value] == [
        "书记",
        "院长",
        "纪委书记",
        "副院长甲",
        "副院长乙",
    ]


def plan(hospital, issue, **changes):
    return {
        "text": issue.text,
        "source": "internal",
        "lead_department": hospital.outpatient.pk,
        "responsible_departments": [hospital.laboratory.pk],
        "responsible_leader": hospital.vp.pk,
        "rectification_class": "phased",
        "assignee": hospital.head.employee_number,
        "due_on": "2199-06-30",
        "deadline_text": "2199年6月底前",
        "target": "不超过三十分钟",
        "measures": "增开窗口",
        **changes,
    }


def test_confirming_leads_to_the_next_that_awaits_review(office, hospital):
    issue, following = IssueFactory.create_batch(2, campaign=hospital.campaign)

    response = office.post(address(issue, "take_step", "confirm"), plan(hospital, issue))

    issue.refresh_from_db()
    assert response.url == address(following)
    assert (issue.state, issue.assignee, issue.due_on) == (
        State.CONFIRMED,
        hospital.head,
        dt.date(2199, 6, 30),
    )
    assert list(issue.responsible_departments.all()) == [hospital.laboratory]


def test_after_the_last_the_office_is_back_at_the_list(office, hospital):
    issue = IssueFactory(campaign=hospital.campaign)

    response = office.post(address(issue, "take_step", "reject"), {"reason": "不属实"}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("issues:list", args=[hospital.campaign.pk])
    assert "is not upheld; the reason is kept with it" in response.content.decode()


def test_after_the_last_number_the_first_that_was_skipped_comes_again(office, hospital):
    first, last = IssueFactory.create_batch(2, campaign=hospital.campaign)

    url = reverse("issues:review_next", args=[hospital.campaign.pk])

    assert office.get(url).url == address(first)
    assert office.get(f"{url}?after={first.number}").url == address(last)
    assert office.get(f"{url}?after={last.number}").url == address(first)


STEPS = {
    "send_back": ({"reason": "请写明地点"}, State.RETURNED),
    "hand_over": ({"reason": "涉嫌收受红包"}, State.HANDED_OVER),
    "reject": ({"reason": "不属实"}, State.REJECTED),
}


@pytest.mark.parametrize("step", STEPS)
def test_the_office_decides_with_a_reason(office, hospital, step):
    issue = IssueFactory(campaign=hospital.campaign)
    given, state = STEPS[step]

    assert office.post(address(issue, "take_step", step), {"reason": " "}).status_code == 422
    office.post(address(issue, "take_step", step), given)

    issue.refresh_from_db()
    assert (issue.state, issue.review_note) == (state, given["reason"])


@pytest.mark.parametrize("step", STEPS)
def test_the_page_asks_for_the_reason_by_the_name_that_is_read(office, hospital, step):
    issue = IssueFactory(campaign=hospital.campaign)

    page = office.get(address(issue)).content.decode()

    form = page.split(f'action="{address(issue, "take_step", step)}"')[1].split("</form>")[0]
    assert re.findall(r'<textarea name="([^"]+)"', form) == ["reason"]


def test_merging_finds_the_other_by_number(office, hospital):
    kept, twin = IssueFactory.create_batch(2, campaign=hospital.campaign)

    office.post(address(twin, "take_step", "merge"), {"into": f"p{kept.number}"})

    assert Issue.objects.get(pk=twin.pk).merged_into == kept


@pytest.mark.parametrize("into", ["", "P999", "abc", "99999999999", "ZZ-P1"])
def test_a_number_that_is_none_is_said(office, hospital, into):
    issue = IssueFactory(campaign=hospital.campaign)

    response = office.post(
        address(issue, "take_step", "merge"), {"into": into}, headers={"HX-Request": "true"}
    )

    assert response.status_code == 422
    assert Issue.objects.get(pk=issue.pk).state == State.REPORTED


def test_a_recurrence_names_the_earlier_problem_of_another_campaign(office, hospital):
    before = IssueFactory(
        campaign=CampaignFactory(host=hospital.unit, code="HF", state="finished"), confirmed=True
    )
    issue = IssueFactory(campaign=hospital.campaign)

    office.post(
        address(issue, "take_step", "confirm"), plan(hospital, issue, recurrence_of=before.code)
    )

    assert Issue.objects.get(pk=issue.pk).recurrence_of == before
    assert issue.code in read(office, before)
    assert before.code in read(office, issue)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lead_department": "", "responsible_departments": []}, "Name the lead department."),
        ({"text": ""}, "This field is required."),
        ({"text": "电话13812345678"}, "138****5678"),
        ({"due_on": "2020-01-01"}, "before the day the problem was found"),
        ({"assignee": "查无此人"}, "Nobody of this name or number works here."),
        ({"responsible_leader": "0"}, "Select a valid choice"),
        ({"recurrence_of": "P999"}, "There is no problem with this number."),
    ],
)
def test_what_hinders_confirming_is_said_in_the_form(office, hospital, changes, sentence):
    issue = IssueFactory(campaign=hospital.campaign)

    response = office.post(address(issue, "take_step", "confirm"), plan(hospital, issue, **changes))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Issue.objects.get(pk=issue.pk).state == State.REPORTED


def test_of_two_with_one_name_the_number_is_asked(office, hospital):
    for unit in (hospital.surgery, hospital.outpatient):
        PostFactory(person=PersonFactory(name="李明"), unit=unit)
    issue = IssueFactory(campaign=hospital.campaign)

    response = office.post(
        address(issue, "take_step", "confirm"), plan(hospital, issue, assignee="李明")
    )

    assert "give the employee number" in response.content.decode()


def test_who_works_elsewhere_is_not_put_in_charge(office, hospital):
    issue = IssueFactory(campaign=hospital.campaign)

    response = office.post(
        address(issue, "take_step", "confirm"),
        plan(hospital, issue, assignee=hospital.stranger.employee_number),
    )

    assert response.status_code == 422


def test_what_is_reviewed_already_shows_its_page(office, hospital):
    issue = IssueFactory(campaign=hospital.campaign, rejected=True)

    assert office.get(address(issue)).url == issue.get_absolute_url()
    refused = office.post(address(issue, "take_step", "reject"), {"reason": "再次"})
    assert "is not possible here" in refused.content.decode()


def test_there_is_no_other_step(office, hospital):
    issue = IssueFactory(campaign=hospital.campaign)

    assert office.post(address(issue, "take_step", "resubmit"), {}).status_code == 404


@pytest.mark.parametrize("who", ["head", "staff", "discipline", "vp", "secretary", "supervisor"])
def test_nobody_else_reviews(client, hospital, who):
    issue = IssueFactory(campaign=hospital.campaign, reported_by=getattr(hospital, who))
    client.force_login(getattr(hospital, who))

    assert client.get(address(issue)).status_code == 403
    assert client.post(address(issue, "take_step", "confirm"), {}).status_code == 403
    assert Issue.objects.get(pk=issue.pk).state == State.REPORTED


def test_the_reporter_reads_that_it_is_confirmed_without_a_link_he_could_not_open(client, hospital):
    issue = IssueFactory(campaign=hospital.campaign, complete=True, reported_by=hospital.staff)
    item = actions.confirm(issue, by=hospital.office).ledger_item

    client.force_login(hospital.staff)
    assert "it is being put right" in read(client, issue)
    assert item.get_absolute_url() not in read(client, issue)
    client.force_login(hospital.office)
    assert item.get_absolute_url() in read(client, issue)


def test_the_history_names_no_problem_that_the_reader_may_not_see(client, hospital):
    kept = IssueFactory(campaign=hospital.campaign, text="某科主任出言不逊")
    doubled = IssueFactory(campaign=hospital.campaign, reported_by=hospital.staff)
    actions.merge(doubled, by=hospital.office, into=kept)
    client.force_login(hospital.staff)

    page = read(client, doubled)

    assert kept.code in page
    assert "某科主任出言不逊" not in page
