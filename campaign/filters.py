"""How the list of campaigns is narrowed."""

from __future__ import annotations

from typing import ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.states import State


class CampaignFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"))

    class Meta:
        model = Campaign
        fields: ClassVar[tuple[str, ...]] = ("state",)
