"""What the list of problems has to remind people of, at once and one by one."""

import datetime as dt

import pytest
from django.utils import timezone

from campaign.models import ReminderRules
from issues import actions, notifications
from issues.models import Issue
from issues.states import State
from organisation.models import PostKind
from tests.issues.factories import IssueFactory
from tests.organisation.factories import PostFactory
from tests.people import again

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def a_tangled_list(hospital):
    """Problems in every state, reported by people and in the name of departments."""
    PostFactory(person=hospital.staff2, unit=hospital.outpatient, kind=PostKind.LIAISON)
    for state in State.values:
        traits = {} if state == State.REPORTED else {state: True}
        for facts in (
            {"reported_by": hospital.staff},
            {"reported_by": hospital.head2, "reported_unit": hospital.outpatient},
            {"reported_by": hospital.staff2, "reported_unit": hospital.surgery},
            {"reported_by": hospital.office},
        ):
            IssueFactory(campaign=hospital.campaign, **traits, **facts)


def waits_for(person, office):
    rows = Issue.objects.visible_to(person)
    to_review = rows.awaiting_review().count() if person in office else 0
    return to_review + rows.returned_to(person).count()


def test_everybody_is_reminded_of_exactly_what_waits_for_him(hospital):
    a_tangled_list(hospital)
    office = {hospital.office, hospital.office2}

    found = notifications.people(TODAY)

    assert found == {
        who.pk: {hospital.campaign.pk: count}
        for who in hospital.people().values()
        if (count := waits_for(again(who), office))
    }
    assert len(found) >= 7
    for name, who in hospital.people().items():
        groups = list(notifications.lines(again(who), TODAY, most=7))
        assert sum(group.total for group in groups) == sum(found.get(who.pk, {}).values()), name


def test_clues_are_named_to_nobody(hospital):
    IssueFactory(campaign=hospital.campaign, handed_over=True, text="护士长收受供应商礼品")

    for who in hospital.people().values():
        groups = list(notifications.lines(again(who), TODAY, most=7))
        assert [line for group in groups for line in group.lines] == []


def test_a_return_is_told_to_the_reporter_once_for_each_time(hospital):
    issue = IssueFactory(campaign=hospital.campaign, reported_by=hospital.staff)
    before = timezone.now()
    actions.send_back(issue, by=hospital.office, reason="请写明时间")

    first = list(notifications.returned_notices(before, timezone.now()))
    [group] = notifications.returned_groups(again(hospital.staff), first[0].key, most=7)
    Issue.objects.update(state_since=timezone.now() + dt.timedelta(seconds=5))
    second = list(notifications.returned_notices(before, timezone.now() + dt.timedelta(seconds=9)))

    assert [notice.person for notice in first + second] == [hospital.staff.pk] * 2
    assert first[0].key != second[0].key
    assert [line.url for line in group.lines] == [issue.get_absolute_url()]


def test_what_was_submitted_again_meanwhile_says_nothing(hospital):
    issue = IssueFactory(campaign=hospital.campaign, reported_by=hospital.staff)
    key = f"returned_issue:{issue.pk}:1"

    [group] = notifications.returned_groups(again(hospital.staff), key, most=7)

    assert group.total == 0


@pytest.mark.parametrize("rule", ["digest", "returned"])
def test_each_is_switched_off_by_its_campaign(hospital, rule):
    IssueFactory(campaign=hospital.campaign, returned=True, reported_by=hospital.staff)
    since = timezone.now() - dt.timedelta(hours=1)

    def told():
        if rule == "digest":
            return notifications.people(TODAY)
        return list(notifications.returned_notices(since, timezone.now()))

    assert told()
    ReminderRules.objects.create(campaign=hospital.campaign, **{rule: False})
    assert not told()
