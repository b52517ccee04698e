"""The ribbon: to scale, in lanes, and what is due next."""

import datetime as dt

import pytest

from campaign import queries
from tests.campaign.factories import CampaignFactory, MilestoneFactory, PhaseFactory

pytestmark = pytest.mark.django_db


def day(month, number):
    return dt.date(2026, month, number)


def campaign_of_a_hundred_days():
    """Days 1 to 100: 1 March to 8 June."""
    return CampaignFactory(starts_on=day(3, 1), ends_on=day(6, 8))


def test_segments_are_in_proportion_to_their_days():
    campaign = campaign_of_a_hundred_days()
    PhaseFactory(campaign=campaign, name="学习", starts_on=day(3, 1), ends_on=day(3, 10))
    PhaseFactory(campaign=campaign, name="整改", starts_on=day(3, 11), ends_on=day(6, 8))

    ribbon = queries.ribbon(campaign, day(3, 11))

    assert [(s.name, s.at, s.width, s.lane, s.when) for s in ribbon.segments] == [
        ("学习", 0, 10, 0, "past"),
        ("整改", 10, 90, 0, "current"),
    ]
    assert (ribbon.today_at, ribbon.day, ribbon.days, ribbon.lanes) == (10, 11, 100, 1)


def test_overlapping_phases_lie_in_lanes_and_a_free_lane_is_used_again():
    campaign = campaign_of_a_hundred_days()
    for name, first, last in [
        ("甲", day(3, 1), day(3, 31)),
        ("乙", day(3, 15), day(4, 30)),
        ("丙", day(4, 1), day(5, 1)),
    ]:
        PhaseFactory(campaign=campaign, name=name, starts_on=first, ends_on=last)

    ribbon = queries.ribbon(campaign, day(3, 20))

    assert [(s.name, s.lane) for s in ribbon.segments] == [("甲", 0), ("乙", 1), ("丙", 0)]
    assert [s.name for s in ribbon.current] == ["甲", "乙"]


def test_a_phase_outside_the_campaigns_dates_stretches_the_ribbon_instead_of_leaving_it():
    campaign = campaign_of_a_hundred_days()
    PhaseFactory(campaign=campaign, starts_on=day(6, 1), ends_on=day(8, 31))

    [segment] = queries.ribbon(campaign, day(9, 30)).segments

    assert segment.at + segment.width == 100
    assert queries.ribbon(campaign, day(9, 30)).today_at is None


def test_the_next_milestone_is_the_earliest_that_is_not_done_even_when_late():
    campaign = campaign_of_a_hundred_days()
    phase = PhaseFactory(campaign=campaign, starts_on=day(3, 1), ends_on=day(3, 31))
    done = {"done_on": day(3, 2), "done_by": campaign_person()}
    MilestoneFactory(phase=phase, due_on=day(3, 5), **done)
    late = MilestoneFactory(phase=phase, due_on=day(3, 10))
    MilestoneFactory(phase=phase, due_on=day(3, 20))

    ribbon = queries.ribbon(campaign, day(3, 12))

    assert (ribbon.next_milestone, ribbon.is_next_late) == (late, True)
    assert [(s.done, s.total) for s in ribbon.segments] == [(1, 3)]


def campaign_person():
    from tests.organisation.factories import PersonFactory

    return PersonFactory()


def test_a_campaign_without_phases_still_says_which_day_it_is():
    ribbon = queries.ribbon(campaign_of_a_hundred_days(), day(3, 1))

    assert (ribbon.segments, ribbon.day, ribbon.days, ribbon.next_milestone) == ((), 1, 100, None)


@pytest.mark.parametrize("phases", [1, 4])
def test_the_ribbon_costs_one_query_however_many_phases(phases, django_assert_num_queries):
    campaign = campaign_of_a_hundred_days()
    for _ in range(phases):
        MilestoneFactory(phase=PhaseFactory(campaign=campaign))

    with django_assert_num_queries(1):
        queries.ribbon(campaign, day(4, 1))
