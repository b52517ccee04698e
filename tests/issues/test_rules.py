"""Who may do what with problems: the whole table, for everybody the product knows."""

import pytest

from organisation.models import PostKind
from tests.issues.factories import IssueFactory
from tests.organisation.factories import holder
from tests.people import again

pytestmark = pytest.mark.django_db

OFFICE = {"office", "office2"}
DISCIPLINE = {"discipline", "discipline2", "discipline_secretary"}
LEADING = {"secretary", "president"}
HEADS = {"head", "deputy", "liaison", "head2", "head3"}
INSIDE = OFFICE | DISCIPLINE | LEADING | HEADS | {"vp", "vp2", "staff", "staff2"}

IN_A_CAMPAIGN = {
    "issues.view_issue": INSIDE,
    "issues.report_issue": INSIDE,
    "issues.import_issues": OFFICE | DISCIPLINE | LEADING | HEADS,
    "issues.review_issue": OFFICE,
}


@pytest.mark.parametrize("permission", IN_A_CAMPAIGN)
def test_who_may_in_a_campaign(hospital, permission):
    assert hospital.who_may(permission, hospital.campaign) == IN_A_CAMPAIGN[permission]


@pytest.mark.parametrize("permission", IN_A_CAMPAIGN)
def test_who_may_somewhere(hospital, permission):
    """The stranger's hospital has no campaign, the bureau only supervises."""
    assert hospital.who_may(permission) == IN_A_CAMPAIGN[permission]


WITH_ONE = {
    "issues.view_issue": INSIDE,
    "issues.review_issue": OFFICE,
    "issues.resubmit_issue": {"staff", "head", "deputy", "liaison"},
    "issues.view_reporter": OFFICE | DISCIPLINE | LEADING | {"staff"},
}


@pytest.mark.parametrize("permission", WITH_ONE)
def test_who_may_with_a_problem(hospital, permission):
    issue = IssueFactory(
        campaign=hospital.campaign, reported_by=hospital.staff, reported_unit=hospital.outpatient
    )

    assert hospital.who_may(permission, issue) == WITH_ONE[permission]


def test_only_the_discipline_office_reads_who_reported_what_was_handed_over(hospital):
    issue = IssueFactory(campaign=hospital.campaign, handed_over=True, reported_by=hospital.staff)

    assert hospital.who_may("issues.view_reporter", issue) == DISCIPLINE


@pytest.mark.parametrize("kind", [PostKind.SECRETARY, PostKind.HEAD, PostKind.DISCIPLINE_OFFICE])
def test_a_post_in_the_bureau_opens_no_problem_below(hospital, kind):
    person = again(holder(kind, hospital.bureau))

    may = {name for name in IN_A_CAMPAIGN if person.has_perm(name, hospital.campaign)}

    assert may == set()
