"""Who may do what to a campaign. Read aloud, each line is a sentence of the regulations.

Asked without a campaign, a rule answers whether the person may do it to any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from campaign.models import scope_of
from organisation.models import PostKind

if TYPE_CHECKING:
    from campaign.models import Campaign
    from organisation.models import Person, Unit


@rules.predicate
def is_in_the_office(person: Person, campaign: Campaign | None = None) -> bool:
    office = scope_of(person).office
    return bool(office) if campaign is None else campaign.pk in office


@rules.predicate
def is_in_the_campaign_office_of(person: Person, host: Unit | None = None) -> bool:
    """By post in the unit that would host it; an appointment to one campaign begins no other."""
    units = person.units_as(PostKind.CAMPAIGN_OFFICE) if person.is_authenticated else frozenset()
    return bool(units) if host is None else host.pk in units


@rules.predicate
def may_see(person: Person, campaign: Campaign | None = None) -> bool:
    return person.is_authenticated and (campaign is None or campaign.pk in scope_of(person).seen)


@rules.predicate
def helps_to_run(person: Person, campaign: Campaign | None = None) -> bool:
    """Office, discipline office, leading group."""
    runs = scope_of(person).runs
    return bool(runs) if campaign is None else campaign.pk in runs


rules.add_perm("campaign.view_campaign", may_see)
rules.add_perm("campaign.add_campaign", is_in_the_campaign_office_of)
rules.add_perm("campaign.change_campaign", is_in_the_office)
rules.add_perm("campaign.set_letterhead", is_in_the_campaign_office_of)
rules.add_perm("campaign.view_history", helps_to_run)
