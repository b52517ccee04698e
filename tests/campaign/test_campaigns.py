"""Drafting, changing, starting, finishing and copying a campaign."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit import trail
from campaign import actions
from campaign.models import Appointment, Campaign, Category, Milestone, Phase
from campaign.states import State
from core.errors import ActionRefusedError
from tests.campaign.factories import (
    AppointmentFactory,
    CampaignFactory,
    CategoryFactory,
    MilestoneFactory,
    PhaseFactory,
)

WEEK = dt.timedelta(days=7)
FACTS = {
    "name": "作风整顿",
    "code": "ZD",
    "starts_on": dt.date(2026, 3, 1),
    "ends_on": dt.date(2026, 12, 31),
}


def events(subject):
    return [event.action for event in trail.of(subject)]


def test_the_office_drafts_a_campaign_with_ready_categories_and_phases(hospital):
    made = actions.create(
        by=hospital.office,
        host=hospital.unit,
        units=[hospital.surgery],
        category_set="six-problems",
        phase_plan="four-methods",
        **FACTS,
    )

    assert (made.state, set(made.units.all())) == (State.DRAFT, {hospital.surgery})
    assert made.categories.filter(parent=None).count() == 6
    assert made.phases.count() == 6
    assert events(made) == ["campaign.create"]


@pytest.mark.parametrize("who", ["secretary", "discipline", "head", "supervisor", "administrator"])
def test_only_the_campaign_office_of_the_host_drafts(hospital, who):
    with pytest.raises(PermissionDenied):
        actions.create(by=getattr(hospital, who), host=hospital.unit, **FACTS)

    assert set(Campaign.objects.all()) == {hospital.campaign}


def test_a_code_serves_one_campaign_of_a_unit(hospital):
    with pytest.raises(ActionRefusedError, match="has this code"):
        actions.create(by=hospital.office, host=hospital.unit, **{**FACTS, "code": "ZF"})


def test_an_edit_is_one_event_with_what_changed(hospital):
    actions.edit(
        hospital.campaign, by=hospital.office, units=[hospital.surgery], aim="转作风", warn_days=5
    )

    [event] = trail.of(hospital.campaign)
    assert event.after == {"aim": "转作风", "warn_days": 5}
    assert event.detail == {"units added": ["普外科"], "units removed": []}


def test_an_edit_that_changes_nothing_leaves_no_event(hospital):
    actions.edit(hospital.campaign, by=hospital.office, name=hospital.campaign.name, units=[])

    assert events(hospital.campaign) == []


def test_the_code_stays_once_a_number_carries_it(hospital):
    Campaign.objects.filter(pk=hospital.campaign.pk).update(issue_counter=1)

    with pytest.raises(ActionRefusedError, match="it stays"):
        actions.edit(hospital.campaign, by=hospital.office, code="NEW")

    hospital.campaign.refresh_from_db()
    assert hospital.campaign.code == "ZF"


def test_the_code_changes_while_no_number_carries_it(hospital):
    assert actions.edit(hospital.campaign, by=hospital.office, code="NEW").code == "NEW"


def test_a_campaign_may_not_end_before_it_starts(hospital):
    with pytest.raises(ActionRefusedError, match="end before it starts"):
        actions.edit(hospital.campaign, by=hospital.office, ends_on=dt.date(2020, 1, 1))

    assert events(hospital.campaign) == []


@pytest.mark.parametrize("who", ["secretary", "discipline", "head", "supervisor", "administrator"])
def test_nobody_but_the_office_changes_a_campaign(hospital, who):
    with pytest.raises(PermissionDenied):
        actions.edit(hospital.campaign, by=getattr(hospital, who), aim="x")

    assert events(hospital.campaign) == []


def test_a_finished_campaign_is_kept_as_it_is(hospital):
    finished = actions.finish(hospital.campaign, by=hospital.office, reason="总结会已开")
    phase = PhaseFactory(campaign=finished)

    for attempt in (
        lambda: actions.edit(finished, by=hospital.office, warn_days=1),
        lambda: actions.add_category(finished, by=hospital.office, name="x"),
        lambda: actions.mark_done(MilestoneFactory(phase=phase), by=hospital.office),
        lambda: actions.appoint(
            finished,
            by=hospital.office,
            person=hospital.head,
            role="office_member",
            since=timezone.localdate(),
        ),
    ):
        with pytest.raises(ActionRefusedError, match="is finished"):
            attempt()


def test_finishing_needs_a_sentence(hospital):
    with pytest.raises(ActionRefusedError, match="how the campaign ended"):
        actions.finish(hospital.campaign, by=hospital.office, reason=" ")

    hospital.campaign.refresh_from_db()
    assert hospital.campaign.state == State.RUNNING


def test_a_campaign_starts_with_categories_and_phases(hospital):
    draft = CampaignFactory(host=hospital.unit, state=State.DRAFT)
    with pytest.raises(ActionRefusedError, match="category"):
        actions.start(draft, by=hospital.office)
    CategoryFactory(campaign=draft)
    with pytest.raises(ActionRefusedError, match="phase"):
        actions.start(draft, by=hospital.office)
    PhaseFactory(campaign=draft)

    assert actions.start(draft, by=hospital.office).state == State.RUNNING
    assert events(draft) == ["campaign.start"]


def test_a_running_campaign_does_not_start_again(hospital):
    with pytest.raises(ActionRefusedError, match="not possible here"):
        actions.start(hospital.campaign, by=hospital.office)


def test_a_copy_moves_all_dates_with_the_first_day_and_nothing_is_done(hospital):
    source = hospital.campaign
    phase = PhaseFactory(campaign=source, name="整改")
    MilestoneFactory(phase=phase, name="台账", done_on=source.starts_on, done_by=hospital.office)
    CategoryFactory(campaign=source, parent=hospital.category, name="态度生硬")
    AppointmentFactory(campaign=source, person=hospital.head)
    actions.edit(source, by=hospital.office, warn_days=4, units=[hospital.surgery])
    source.refresh_from_db()
    start = source.starts_on + dt.timedelta(days=365)

    made = actions.copy(source, by=hospital.office, name="第二轮", code="ZF2", starts_on=start)

    assert (made.state, made.days, made.warn_days) == (State.DRAFT, source.days, 4)
    assert set(made.units.all()) == {hospital.surgery}
    [twin] = Phase.objects.filter(campaign=made)
    assert twin.starts_on - phase.starts_on == dt.timedelta(days=365)
    [milestone] = Milestone.objects.filter(phase=twin)
    assert (milestone.name, milestone.done_on) == ("台账", None)
    assert [(str(c), str(c.parent)) for c in made.categories.in_order()] == [
        ("麻痹懈怠、服务不够", "None"),
        ("态度生硬", "麻痹懈怠、服务不够"),
    ]
    assert not made.appointments.exists()
    assert events(made) == ["campaign.create", "campaign.copy"]


def test_a_copy_takes_those_who_sit_there_now_if_asked(hospital):
    AppointmentFactory(campaign=hospital.campaign, person=hospital.head)
    AppointmentFactory(
        campaign=hospital.campaign, person=hospital.staff, until=timezone.localdate()
    )

    made = actions.copy(
        hospital.campaign,
        by=hospital.office,
        name="第二轮",
        code="ZF2",
        starts_on=dt.date(2027, 1, 1),
        with_appointments=True,
    )

    assert [a.person for a in Appointment.objects.filter(campaign=made)] == [hospital.head]


def test_a_copy_that_is_refused_leaves_nothing_behind(hospital):
    with pytest.raises(ActionRefusedError, match="has this code"):
        actions.copy(
            hospital.campaign,
            by=hospital.office,
            name="第二轮",
            code="ZF",
            starts_on=dt.date(2027, 1, 1),
        )

    assert set(Category.objects.all()) == {hospital.category}


@pytest.mark.parametrize("day", [dt.date(9999, 12, 1), dt.date(1, 1, 1)])
def test_a_copy_beyond_the_calendar_is_refused_in_words(hospital, day):
    PhaseFactory(campaign=hospital.campaign, starts_on=hospital.campaign.starts_on - WEEK)

    with pytest.raises(ActionRefusedError, match="no such day"):
        actions.copy(
            hospital.campaign, by=hospital.office, name="第二轮", code="ZF2", starts_on=day
        )
