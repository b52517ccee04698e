"""Phases, milestones, categories and appointments."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit import trail
from campaign import actions, presets
from campaign.models import AppointmentRole, Category, Milestone, Phase, scope_of
from core.errors import ActionRefusedError
from tests.campaign.factories import (
    AppointmentFactory,
    CampaignFactory,
    CategoryFactory,
    MilestoneFactory,
    PhaseFactory,
)
from tests.people import again


def events(subject):
    return [event.action for event in trail.of(subject)]


def phase_row(**facts):
    day = dt.date(2026, 5, 1)
    return {
        "phase": None,
        "delete": False,
        "name": "学习教育",
        "method": "study",
        "starts_on": day,
        "ends_on": day,
        "position": 1,
        **facts,
    }


def test_a_page_of_phases_adds_changes_and_removes_each_with_its_event(hospital):
    campaign = hospital.campaign
    kept, gone = PhaseFactory(campaign=campaign), PhaseFactory(campaign=campaign)

    actions.arrange_phases(
        campaign,
        by=hospital.office,
        rows=[
            phase_row(),
            phase_row(phase=kept, name="整改落实"),
            phase_row(phase=gone, delete=True),
        ],
    )

    names = Phase.objects.filter(campaign=campaign).order_by("pk").values_list("name", flat=True)
    assert list(names) == ["整改落实", "学习教育"]
    assert events(kept) == ["campaign.change_phase"]
    assert events(campaign) == ["campaign.remove_phase"]


def test_a_page_of_phases_with_one_fault_changes_nothing(hospital):
    late = dt.date(2026, 6, 1)

    with pytest.raises(ActionRefusedError, match="end before it starts"):
        actions.arrange_phases(
            hospital.campaign, by=hospital.office, rows=[phase_row(), phase_row(starts_on=late)]
        )

    assert not Phase.objects.exists()


def test_a_phase_whose_work_is_done_stays(hospital):
    phase = PhaseFactory(campaign=hospital.campaign)
    MilestoneFactory(phase=phase, done_on=dt.date(2026, 5, 1), done_by=hospital.office)

    with pytest.raises(ActionRefusedError, match="the phase stays"):
        actions.remove_phase(phase, by=hospital.office)


def test_a_milestone_is_ticked_and_unticked_with_who_and_when(hospital):
    milestone = MilestoneFactory(phase=PhaseFactory(campaign=hospital.campaign))

    actions.mark_done(milestone, by=hospital.office)
    milestone.refresh_from_db()
    assert (milestone.done_on, milestone.done_by) == (timezone.localdate(), hospital.office)
    with pytest.raises(ActionRefusedError, match="done already"):
        actions.mark_done(milestone, by=hospital.office)

    actions.mark_undone(milestone, by=hospital.office)
    milestone.refresh_from_db()
    assert (milestone.done_on, milestone.done_by) == (None, None)
    with pytest.raises(ActionRefusedError, match="not done yet"):
        actions.mark_undone(milestone, by=hospital.office)
    assert events(milestone) == ["campaign.mark_done", "campaign.mark_undone"]


def test_a_milestone_is_not_done_in_the_future(hospital):
    milestone = MilestoneFactory(phase=PhaseFactory(campaign=hospital.campaign))

    with pytest.raises(ActionRefusedError, match="after today"):
        actions.mark_done(
            milestone, by=hospital.office, on=timezone.localdate() + dt.timedelta(days=1)
        )


def test_milestones_come_and_go_in_one_page_but_what_is_done_stays(hospital):
    phase = PhaseFactory(campaign=hospital.campaign)
    day = dt.date(2026, 5, 1)
    kept, gone = MilestoneFactory(phase=phase), MilestoneFactory(phase=phase)
    row = {"milestone": None, "delete": False, "name": "动员会", "due_on": day}

    actions.arrange_milestones(
        phase,
        by=hospital.office,
        rows=[
            row,
            {**row, "milestone": kept, "name": "部署会"},
            {**row, "milestone": gone, "delete": True},
        ],
    )

    assert set(Milestone.objects.values_list("name", flat=True)) == {"动员会", "部署会"}
    actions.mark_done(kept, by=hospital.office)
    with pytest.raises(ActionRefusedError, match="it stays"):
        actions.remove_milestone(kept, by=hospital.office)


def test_a_category_is_a_family_or_a_kind_and_nothing_deeper(hospital):
    kind = CategoryFactory(campaign=hospital.campaign, parent=hospital.category)

    with pytest.raises(ActionRefusedError, match="two levels"):
        actions.add_category(hospital.campaign, by=hospital.office, name="更细", parent=kind)
    with pytest.raises(ActionRefusedError, match="another campaign"):
        actions.add_category(
            CampaignFactory(host=hospital.unit),
            by=again(hospital.office),
            name="x",
            parent=hospital.category,
        )
    with pytest.raises(ActionRefusedError, match="kinds of its own"):
        actions.change_category(
            hospital.category,
            by=hospital.office,
            parent=CategoryFactory(campaign=hospital.campaign),
        )


def test_two_categories_of_one_name_are_refused(hospital):
    with pytest.raises(ActionRefusedError, match="already a category"):
        actions.add_category(hospital.campaign, by=hospital.office, name=hospital.category.name)


def test_a_ready_set_goes_behind_what_is_there_and_twice_is_once(hospital):
    five = presets.category_sets()["five-faults"]
    actions.add_category_set(hospital.campaign, by=hospital.office, preset=five)
    actions.add_category_set(hospital.campaign, by=hospital.office, preset=five)

    names = [c.name for c in Category.objects.filter(parent=None).order_by("position", "pk")]
    assert sorted(names) == sorted([hospital.category.name, "怕", "慢", "假", "庸", "散"])


def test_removing_a_family_takes_its_kinds_along(hospital):
    kind = CategoryFactory(campaign=hospital.campaign, parent=hospital.category)
    row = {"name": "x", "parent": None, "position": 1, "delete": True}

    actions.arrange_categories(
        hospital.campaign,
        by=hospital.office,
        rows=[{**row, "category": hospital.category}, {**row, "category": kind}],
    )

    assert not Category.objects.exists()
    assert events(hospital.campaign) == ["campaign.remove_category"]


def test_an_appointment_opens_a_compartment_and_its_end_closes_it(hospital):
    assert hospital.campaign.pk not in scope_of(hospital.head2).office
    today = timezone.localdate()
    yesterday = today - dt.timedelta(days=1)

    made = actions.appoint(
        hospital.campaign,
        by=hospital.office,
        person=hospital.head2,
        role=AppointmentRole.OFFICE_MEMBER,
        since=yesterday,
    )
    assert hospital.campaign.pk in scope_of(again(hospital.head2)).office

    actions.end_appointment(made, by=hospital.office, until=yesterday)
    assert hospital.campaign.pk not in scope_of(again(hospital.head2)).office
    assert events(made) == ["campaign.appoint", "campaign.end_appointment"]


def test_nobody_is_appointed_to_the_same_seat_twice(hospital):
    AppointmentFactory(campaign=hospital.campaign, person=hospital.head2)

    with pytest.raises(ActionRefusedError, match="is already"):
        actions.appoint(
            hospital.campaign,
            by=hospital.office,
            person=hospital.head2,
            role=AppointmentRole.OFFICE_MEMBER,
            since=timezone.localdate(),
        )


def test_an_appointment_ends_once_and_not_before_it_began(hospital):
    made = AppointmentFactory(campaign=hospital.campaign, since=dt.date(2026, 3, 1))
    with pytest.raises(ActionRefusedError, match="end before it begins"):
        actions.end_appointment(made, by=hospital.office, until=dt.date(2026, 2, 1))
    actions.end_appointment(made, by=hospital.office, until=dt.date(2026, 4, 1))
    with pytest.raises(ActionRefusedError, match="ended already"):
        actions.end_appointment(made, by=hospital.office, until=dt.date(2026, 5, 1))


@pytest.mark.parametrize("who", ["secretary", "discipline", "head", "supervisor", "administrator"])
def test_nobody_but_the_office_touches_the_parts(hospital, who):
    person = getattr(hospital, who)
    phase = PhaseFactory(campaign=hospital.campaign)

    for attempt in (
        lambda: actions.add_category(hospital.campaign, by=person, name="x"),
        lambda: actions.remove_phase(phase, by=person),
        lambda: actions.mark_done(MilestoneFactory(phase=phase), by=person),
        lambda: actions.appoint(
            hospital.campaign,
            by=person,
            person=person,
            role=AppointmentRole.OFFICE_DIRECTOR,
            since=timezone.localdate(),
        ),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_what_was_ticked_while_the_page_lay_open_stays_ticked(hospital):
    phase = PhaseFactory(campaign=hospital.campaign)
    as_the_page_had_it = MilestoneFactory(phase=phase, name="台账")
    actions.mark_done(Milestone.objects.get(pk=as_the_page_had_it.pk), by=hospital.office)

    actions.change_milestone(as_the_page_had_it, by=hospital.office, name="建立台账")

    milestone = Milestone.objects.get(pk=as_the_page_had_it.pk)
    assert (milestone.name, milestone.done_by) == ("建立台账", hospital.office)


def test_a_row_that_somebody_removed_meanwhile_is_refused_in_words(hospital):
    phase = PhaseFactory(campaign=hospital.campaign)
    actions.remove_phase(Phase.objects.get(pk=phase.pk), by=hospital.office)

    with pytest.raises(ActionRefusedError, match="removed this row"):
        actions.change_phase(phase, by=hospital.office, name="整改")
