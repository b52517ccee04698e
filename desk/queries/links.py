"""Addresses of the lists that figures open: the same filter there gives the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode

if TYPE_CHECKING:
    from campaign.models import Campaign


def ledger(campaign: Campaign, **filters: Any) -> str:
    return _with(reverse("rectification:list", args=[campaign.pk]), filters)


def issues(campaign: Campaign, **filters: Any) -> str:
    return _with(reverse("issues:list", args=[campaign.pk]), filters)


def _with(address: str, filters: dict[str, Any]) -> str:
    return f"{address}?{urlencode(filters)}" if filters else address
