"""Campaigns and their parts: running for a month by default, with two more to go."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from campaign.models import (
    Appointment,
    AppointmentRole,
    Campaign,
    Category,
    Milestone,
    Phase,
    PhaseMethod,
)
from campaign.states import State
from tests.organisation.factories import LONG_AGO, HospitalFactory, PersonFactory


def days_from_now(days):
    return factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=days))


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"作风建设集中整顿{n}")
    code = factory.Sequence(lambda n: f"ZF{n}")
    host = factory.SubFactory(HospitalFactory)
    starts_on = days_from_now(-30)
    ends_on = days_from_now(60)
    state = State.RUNNING

    @factory.post_generation
    def units(self, create, extracted, **kwargs):
        if create and extracted:
            self.units.set(extracted)


class PhaseFactory(DjangoModelFactory):
    class Meta:
        model = Phase

    campaign = factory.SubFactory(CampaignFactory)
    name = factory.Sequence(lambda n: f"阶段{n}")
    method = PhaseMethod.RECTIFY
    starts_on = days_from_now(-30)
    ends_on = days_from_now(30)
    position = factory.Sequence(lambda n: n)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    phase = factory.SubFactory(PhaseFactory)
    name = factory.Sequence(lambda n: f"节点{n}")
    due_on = days_from_now(10)


class CategoryFactory(DjangoModelFactory):
    """A family; give ``parent`` for a kind within it."""

    class Meta:
        model = Category

    campaign = factory.SubFactory(CampaignFactory)
    name = factory.Sequence(lambda n: f"问题类别{n}")
    position = factory.Sequence(lambda n: n)


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = Appointment

    campaign = factory.SubFactory(CampaignFactory)
    person = factory.SubFactory(PersonFactory)
    role = AppointmentRole.OFFICE_MEMBER
    since = LONG_AGO
