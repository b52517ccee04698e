"""What a person's page says of campaigns: what he may see and do in each, and what it follows from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from campaign.models import Campaign, scope_of
from organisation import standing
from organisation.models import Unit
from organisation.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from campaign.models import Scope
    from organisation.models import Person

UNITS_NAMED = 8


@standing.explains
def what_campaigns_allow(person: Person) -> Iterator[Standing]:
    """From the scope that every list is drawn by, so that the words cannot promise more."""
    scope = scope_of(person)
    seen = Campaign.objects.visible_to(person).select_related("host").newest_first()
    for campaign in seen:
        for may, because in _in_a_campaign(campaign.pk, scope):
            yield Standing(
                may=may % {"campaign": campaign.name},
                because=because % {"unit": campaign.host.name},
                url=campaign.get_absolute_url(),
            )
    yield from _for_units(scope)


def _in_a_campaign(pk: int, scope: Scope) -> Iterator[tuple[str, str]]:
    if pk in scope.office:
        yield (
            _("“%(campaign)s”: run it, review every problem, keep the ledger, verify"),
            _("works in its campaign office, by post in %(unit)s or by appointment"),
        )
    if pk in scope.discipline:
        yield (
            _("“%(campaign)s”: see every problem and item, verify, take over clues"),
            _("is in the discipline office of %(unit)s; nobody else sees clues"),
        )
    if pk in scope.leading:
        yield (
            _("“%(campaign)s”: see every problem and item but discipline clues"),
            _("sits in its leading group, as a principal of %(unit)s or by appointment"),
        )
    elif pk in scope.bureau - scope.runs:
        yield (
            _("“%(campaign)s”: supervise, see its ledger"),
            _("supervises %(unit)s from above"),
        )
    elif pk not in scope.runs:
        yield (
            _("“%(campaign)s”: see its plan and report problems"),
            _("works in %(unit)s or a unit of it"),
        )


def _for_units(scope: Scope) -> Iterator[Standing]:
    wanted = {
        _("For these units: claim items, report progress, hand in evidence"): (
            scope.acts_for,
            _("heads them, or is their deputy or liaison"),
        ),
        _("For these units: approve plans and sign-off as the leader in charge"): (
            scope.charge,
            _("is in charge of them"),
        ),
    }
    every = frozenset().union(*(units for units, _because in wanted.values()))
    names = list(Unit.objects.filter(pk__in=every).in_order()) if every else []
    for may, (units, because) in wanted.items():
        if units:
            yield Standing(may=may, because=f"{because}: {_listed(names, units)}")


def _listed(every: list[Unit], units: frozenset[int]) -> str:
    mine = [unit.name for unit in every if unit.pk in units]
    shown = "、".join(mine[:UNITS_NAMED])
    if len(mine) <= UNITS_NAMED:
        return shown
    return _("%(units)s and %(count)s more") % {"units": shown, "count": len(mine) - UNITS_NAMED}
