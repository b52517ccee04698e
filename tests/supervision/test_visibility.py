"""Who sees which meeting, case and self-criticism, in every state."""

import pytest
from django.contrib.auth.models import AnonymousUser

from supervision import actions
from supervision.models import (
    ExposureCase,
    ExposureMeeting,
    Handling,
    IssuedPaper,
    PaperKind,
    SelfCriticism,
)
from tests.people import again
from tests.supervision.factories import (
    a_case,
    a_letterhead,
    a_meeting,
    held,
    issued,
    submitted,
)

pytestmark = pytest.mark.django_db
RUN_IT = {
    "office",
    "office2",
    "discipline",
    "discipline2",
    "discipline_secretary",
    "secretary",
    "president",
}
DEPARTMENT = {"head", "deputy", "liaison"}
ABOVE = {"vp", "vp2", "supervisor"}  # the leaders of the unit; the bureau


def readers(hospital, model, **facts):
    return {
        name
        for name, who in hospital.people().items()
        if model.objects.visible_to(again(who)).filter(**facts).exists()
    }


@pytest.mark.parametrize("reach", ["preparing", "awaiting_approval", "cancelled"])
def test_what_is_not_issued_is_seen_by_those_who_run_the_campaign(hospital, reach):
    if reach == "awaiting_approval":
        meeting = submitted(hospital)
    else:
        meeting = a_meeting(hospital)
        a_case(hospital, meeting)
    if reach == "cancelled":
        actions.cancel_meeting(meeting, by=again(hospital.office), reason="防汛")

    assert ExposureMeeting.objects.get().state == reach
    assert readers(hospital, ExposureMeeting) == RUN_IT
    assert readers(hospital, ExposureCase) == RUN_IT


@pytest.mark.parametrize("reach", [issued, held])
def test_an_issued_report_is_seen_by_the_exposed_the_addressed_and_the_bureau(hospital, reach):
    a_letterhead(hospital)
    meeting = reach(hospital)
    assert readers(hospital, ExposureMeeting) == RUN_IT | DEPARTMENT | ABOVE
    assert readers(hospital, ExposureCase) == RUN_IT

    actions.distribute(meeting, by=again(hospital.office), units=[hospital.surgery])

    addressed = {"head2", "staff2"}
    assert readers(hospital, ExposureMeeting) == RUN_IT | DEPARTMENT | addressed | ABOVE


def test_a_department_whose_case_was_not_concluded_is_not_exposed(hospital):
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    a_case(hospital, meeting)
    a_case(hospital, meeting, concluded=False, department=hospital.surgery)
    actions.submit_report(meeting, by=again(hospital.office))
    issued(hospital, meeting)

    assert not ExposureMeeting.objects.visible_to(again(hospital.head2)).exists()
    assert not SelfCriticism.objects.visible_to(again(hospital.head2)).exists()


def test_a_self_criticism_is_seen_by_its_department_and_those_who_run_the_campaign(hospital):
    a_letterhead(hospital)
    meeting = issued(hospital)
    actions.distribute(meeting, by=again(hospital.office), units=[hospital.surgery])

    assert readers(hospital, SelfCriticism) == RUN_IT | DEPARTMENT


def test_the_figures_about_people_go_no_further_than_the_bureau(hospital):
    a_letterhead(hospital)
    meeting = issued(hospital)
    statistics = IssuedPaper.objects.create(
        meeting=meeting, kind=PaperKind.STATISTICS, file_name="a.pdf", path="a", size=1, sha256="a"
    )

    assert readers(hospital, IssuedPaper, pk=statistics.pk) == RUN_IT | {"supervisor"}
    assert readers(hospital, IssuedPaper, kind=PaperKind.REPORT) == RUN_IT | DEPARTMENT | ABOVE


def test_who_has_not_signed_in_sees_nothing(hospital):
    a_letterhead(hospital)
    held(hospital)

    for model in (ExposureMeeting, ExposureCase, SelfCriticism, IssuedPaper, Handling):
        assert not model.objects.visible_to(AnonymousUser()).exists()
