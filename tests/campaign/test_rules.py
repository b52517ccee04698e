"""The whole table of who may what to a campaign."""

import pytest

from campaign.states import State
from tests.campaign.factories import AppointmentFactory, CampaignFactory
from tests.people import again

INSIDE = {
    "secretary",
    "president",
    "discipline_secretary",
    "vp",
    "vp2",
    "office",
    "office2",
    "discipline",
    "discipline2",
    "head",
    "deputy",
    "liaison",
    "staff",
    "head2",
    "staff2",
    "head3",
}
OFFICE = {"office", "office2"}
RUNS_IT = OFFICE | {"secretary", "president", "discipline_secretary", "discipline", "discipline2"}


@pytest.mark.parametrize(
    ("permission", "who"),
    [
        ("campaign.view_campaign", INSIDE | {"supervisor"}),
        ("campaign.change_campaign", OFFICE),
        ("campaign.view_history", RUNS_IT),
    ],
)
def test_who_may_do_what_to_a_campaign(hospital, permission, who):
    assert hospital.who_may(permission, hospital.campaign) == who


def test_a_campaign_is_begun_by_the_campaign_office_of_its_host(hospital):
    assert hospital.who_may("campaign.add_campaign", hospital.unit) == OFFICE
    assert hospital.who_may("campaign.add_campaign", hospital.bureau) == {"supervisor"}


def test_an_appointment_to_the_office_lets_change_but_not_begin(hospital):
    AppointmentFactory(campaign=hospital.campaign, person=hospital.head)
    head = again(hospital.head)

    assert head.has_perm("campaign.change_campaign", hospital.campaign)
    assert not head.has_perm("campaign.add_campaign", hospital.unit)


def test_a_system_administrator_is_no_campaign_officer(hospital):
    permissions = ["view_campaign", "change_campaign", "view_history"]

    assert not any(
        hospital.administrator.has_perm(f"campaign.{name}", hospital.campaign)
        for name in permissions
    )


def test_a_draft_is_visible_to_the_office_and_the_leading_group_only(hospital):
    draft = CampaignFactory(host=hospital.unit, state=State.DRAFT)

    def sees(person):
        return type(draft).objects.visible_to(again(person)).filter(pk=draft.pk).exists()

    assert {name for name, who in hospital.people().items() if sees(who)} == OFFICE | {
        "secretary",
        "president",
    }
