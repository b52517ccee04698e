"""What a campaign's page shows of its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from audit import trail
from campaign.models import Milestone, ReminderRules
from organisation.models import Unit

if TYPE_CHECKING:
    from campaign.models import Campaign, Category, Phase


def plan(campaign: Campaign) -> list[Phase]:
    """The phases in their order, each with its milestones by date."""
    milestones = Milestone.objects.select_related("done_by").order_by("due_on", "pk")
    return list(
        campaign.phases.prefetch_related(Prefetch("milestones", milestones)).order_by(
            "position", "starts_on", "pk"
        )
    )


@dataclass(frozen=True, slots=True)
class Family:
    category: Category
    kinds: list[Category]


def category_tree(campaign: Campaign) -> list[Family]:
    families: list[Family] = []
    for category in campaign.categories.in_order():
        if category.parent_id is None:
            families.append(Family(category, []))
        else:
            families[-1].kinds.append(category)
    return families


def scope_in_words(campaign: Campaign) -> list[Unit]:
    """The units that were chosen; none means every department of the host."""
    return list(Unit.objects.filter(campaigns_in_scope=campaign).in_order())


def history(campaign: Campaign) -> list[trail.Entry]:
    """Everything that was done to the campaign and its parts, the latest first."""
    phases = plan(campaign)
    subjects = [
        campaign,
        *phases,
        *(milestone for phase in phases for milestone in phase.milestones.all()),
        *campaign.categories.in_order(),
        *campaign.appointments.select_related("person").order_by("pk"),
        *ReminderRules.objects.filter(campaign=campaign),
    ]
    return trail.entries(subjects)[::-1]
