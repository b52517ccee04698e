"""What must always be true of a problem, and who sees which."""

import datetime as dt

import pytest
from django.db import IntegrityError

from issues.models import Issue
from organisation.models import PostKind
from tests.campaign.factories import AppointmentFactory, CampaignFactory
from tests.issues.factories import IssueFactory
from tests.organisation.factories import holder
from tests.people import again

pytestmark = pytest.mark.django_db


def test_a_merged_problem_names_the_other():
    with pytest.raises(IntegrityError, match="issue_merged_names_the_other"):
        IssueFactory(state="merged", merged_into=None)


def test_a_number_is_given_once_in_a_campaign():
    issue = IssueFactory()

    with pytest.raises(IntegrityError, match="issue_number_once_per_campaign"):
        IssueFactory(campaign=issue.campaign, number=issue.number)


def test_a_deadline_does_not_lie_before_the_day_of_finding():
    with pytest.raises(IntegrityError, match="issue_due_after_found"):
        IssueFactory(found_on=dt.date(2026, 5, 2), due_on=dt.date(2026, 5, 1))


def test_a_deadline_may_stand_where_the_day_of_finding_is_not_known():
    assert IssueFactory(found_on=None, due_on=dt.date(2011, 11, 30)).pk


def everything_in(hospital):
    """One problem of each kind that could leak, by what it is."""
    of = {"campaign": hospital.campaign}
    elsewhere = CampaignFactory(host=hospital.stranger.posts.get().unit.parent)
    return {
        "waiting": IssueFactory(**of),
        "by_staff": IssueFactory(**of, reported_by=hospital.staff),
        "for_outpatient": IssueFactory(
            **of, reported_by=hospital.liaison, reported_unit=hospital.outpatient
        ),
        "waiting_about_outpatient": IssueFactory(
            **of, responsible_departments=[hospital.outpatient]
        ),
        "led_by_outpatient": IssueFactory(
            **of,
            confirmed=True,
            lead_department=hospital.outpatient,
            responsible_leader=hospital.vp,
        ),
        "surgery_responsible": IssueFactory(
            **of,
            confirmed=True,
            lead_department=hospital.laboratory,
            responsible_departments=[hospital.surgery],
            responsible_leader=hospital.vp,
        ),
        "everybodys": IssueFactory(
            **of,
            confirmed=True,
            lead_department=hospital.campaign_office,
            for_all_departments=True,
            responsible_leader=hospital.president,
        ),
        "handed_over": IssueFactory(
            **of,
            handed_over=True,
            reported_by=hospital.head2,
            reported_unit=hospital.surgery,
            lead_department=hospital.surgery,
        ),
        "rejected": IssueFactory(**of, rejected=True, lead_department=hospital.surgery),
        "elsewhere": IssueFactory(campaign=elsewhere),
    }


OURS = {
    "waiting",
    "by_staff",
    "for_outpatient",
    "waiting_about_outpatient",
    "led_by_outpatient",
    "surgery_responsible",
    "everybodys",
    "rejected",
}
SEEN = {
    "office": OURS,
    "secretary": OURS,
    "president": OURS,
    "discipline": OURS | {"handed_over"},
    "discipline_secretary": OURS | {"handed_over"},
    "vp": {"led_by_outpatient", "surgery_responsible", "everybodys"},
    "vp2": {"surgery_responsible", "everybodys"},
    "head": {"for_outpatient", "led_by_outpatient", "everybodys"},
    "liaison": {"for_outpatient", "led_by_outpatient", "everybodys"},
    "staff": {"by_staff"},
    "head2": {"surgery_responsible", "everybodys"},
    "staff2": set(),
    "head3": {"surgery_responsible", "everybodys"},
    "supervisor": set(),
    "administrator": set(),
    "stranger": set(),
}


@pytest.mark.parametrize("who", SEEN)
def test_who_sees_which_problems(hospital, who):
    there = everything_in(hospital)
    person = again(getattr(hospital, who))

    seen = set(Issue.objects.visible_to(person).values_list("pk", flat=True))

    assert {name for name, issue in there.items() if issue.pk in seen} == SEEN[who]


def test_the_head_of_the_bureau_sees_no_problem_of_a_hospital_below(hospital):
    everything_in(hospital)
    chief = holder(PostKind.SECRETARY, hospital.bureau)

    assert set(Issue.objects.visible_to(chief)) == set()


def test_the_handed_over_problem_is_hidden_even_from_whoever_reported_it(hospital):
    IssueFactory(campaign=hospital.campaign, handed_over=True, reported_by=hospital.staff)

    assert set(Issue.objects.visible_to(hospital.staff)) == set()


def test_an_appointed_member_of_the_office_sees_what_the_office_sees(hospital):
    there = everything_in(hospital)
    AppointmentFactory(campaign=hospital.campaign, person=hospital.staff2)

    seen = set(Issue.objects.visible_to(again(hospital.staff2)))

    assert seen == {there[name] for name in OURS}


@pytest.mark.parametrize("wanted", ["排队", "排隊", "　排队　", "P7", "zf-p007", "7"])
def test_text_is_found_in_either_script_and_the_number_in_any_form(hospital, wanted):
    queue = IssueFactory(campaign=hospital.campaign, number=7, text="门诊排队时间长")
    IssueFactory(campaign=hospital.campaign, number=8, text="收费窗口少")

    assert set(Issue.objects.search(wanted)) == {queue}


def test_what_was_written_in_traditional_script_is_found_by_simplified(hospital):
    written = IssueFactory(campaign=hospital.campaign, text="門診排隊時間長")

    assert set(Issue.objects.search("门诊排队")) == {written}


def test_what_is_returned_goes_to_the_reporter_and_to_those_who_act_for_his_department(hospital):
    own = IssueFactory(campaign=hospital.campaign, returned=True, reported_by=hospital.staff)
    units = IssueFactory(
        campaign=hospital.campaign, returned=True, reported_unit=hospital.outpatient
    )

    assert set(Issue.objects.returned_to(hospital.staff)) == {own}
    assert set(Issue.objects.returned_to(hospital.head)) == {units}
