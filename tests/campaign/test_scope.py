"""The one place that says what each person is: compartments follow from posts and appointments."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from campaign.models import AppointmentRole, scope_of
from organisation.models import Post, PostKind
from tests.campaign.factories import AppointmentFactory, CampaignFactory
from tests.organisation.factories import PostFactory, UnitFactory
from tests.people import again

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


def of(person):
    return scope_of(again(person))


def test_the_secretary_leads_the_campaign_and_does_no_departments_work(hospital):
    scope = of(hospital.secretary)

    assert (scope.leading, scope.principal) == ({hospital.campaign.pk}, {hospital.campaign.pk})
    assert scope.heads == scope.acts_for == {hospital.unit.pk}


def test_a_head_acts_for_his_department_and_what_is_under_it(hospital):
    ward = UnitFactory(parent=hospital.outpatient)

    scope = of(hospital.head)

    assert scope.heads == scope.acts_for == {hospital.outpatient.pk, ward.pk}
    assert scope.runs == frozenset()


def test_a_liaison_acts_for_his_department_and_heads_nothing(hospital):
    scope = of(hospital.liaison)

    assert (scope.acts_for, scope.heads) == ({hospital.outpatient.pk}, frozenset())


def test_a_vice_president_is_in_charge_of_what_he_was_given(hospital):
    assert of(hospital.vp).charge == {hospital.outpatient.pk, hospital.laboratory.pk}
    assert of(hospital.vp).runs == frozenset()


def test_a_supervisor_sees_the_campaigns_below_and_runs_none(hospital):
    scope = of(hospital.supervisor)

    assert (scope.bureau, scope.runs) == ({hospital.campaign.pk}, frozenset())


def test_the_campaign_of_another_hospital_is_nobodys_business(hospital):
    other = CampaignFactory()

    assert not any(other.pk in of(person).seen for person in hospital.people().values())


def test_a_post_that_has_ended_opens_nothing(hospital):
    Post.objects.filter(person=hospital.office).update(until=TODAY() - DAY)

    assert of(hospital.office).seen == frozenset()


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [(0, None, True), (-9, 0, True), (1, None, False), (-9, -1, False)],
)
def test_an_appointment_counts_from_its_first_to_its_last_day(hospital, since, until, counts):
    AppointmentFactory(
        campaign=hospital.campaign,
        person=hospital.staff,
        role=AppointmentRole.LEADING_MEMBER,
        since=TODAY() + since * DAY,
        until=None if until is None else TODAY() + until * DAY,
    )

    assert (hospital.campaign.pk in of(hospital.staff).leading) is counts


def test_nobody_who_has_not_signed_in_is_anything():
    assert scope_of(AnonymousUser()).seen == frozenset()


def test_a_scope_costs_one_query_for_one_post_or_four(hospital, django_assert_num_queries):
    for _ in range(3):
        unit = UnitFactory(parent=hospital.unit)
        PostFactory(person=hospital.vp, unit=unit, kind=PostKind.HEAD, in_charge_of=[unit])

    vp = again(hospital.vp)

    with django_assert_num_queries(1):
        scope_of(vp)
