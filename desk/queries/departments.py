"""One row for each department or unit: counts with their lights, never a score or a rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from campaign.models import Campaign, scope_of
from desk.queries import links
from organisation.models import Unit
from rectification.models import LedgerItem
from rectification.queries.figures import LIGHTS, is_overdue
from rectification.states import DONE, State

if TYPE_CHECKING:
    import datetime as dt

    from organisation.models import Person

CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Lamp:
    kind: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    unit: Unit
    lamps: list[Lamp]


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One campaign below the bureau, by its own numbers."""

    campaign: Campaign
    found: int
    total: int
    done: int
    overdue: int
    url: str
    url_done: str
    url_overdue: str

    @property
    def rate(self) -> str:
        """One decimal, with the total beside it on the page; a dash while there is nothing."""
        return f"{100 * self.done / self.total:.1f}%" if self.total else "—"


def departments_in_charge(
    person: Person, campaign: Campaign, today: dt.date
) -> list[DepartmentRow]:
    """The departments a leader is in charge of, in their order, with what they lead."""
    charge = scope_of(person).charge
    if not charge:
        return []
    conditions = {kind: condition(today) for kind, condition in LIGHTS.items()}
    conditions[CLOSED] = Q(state__in=DONE)
    counted: dict[int, Any] = {
        row["lead_department"]: row
        for row in LedgerItem.objects.visible_to(person)
        .filter(campaign=campaign, lead_department__in=charge)
        .order_by()
        .values("lead_department")
        .annotate(**{kind: Count("pk", filter=condition) for kind, condition in conditions.items()})
    }
    units = Unit.objects.filter(pk__in=charge).in_use().in_order()
    return [
        DepartmentRow(
            unit,
            [
                Lamp(
                    kind,
                    counted.get(unit.pk, {}).get(kind, 0),
                    links.ledger(
                        campaign,
                        lead_department=unit.pk,
                        **({"show": "done"} if kind == CLOSED else {"light": kind}),
                    ),
                )
                for kind in conditions
            ],
        )
        for unit in units
    ]


def supervised(person: Person, today: dt.date) -> list[UnitFigures]:
    """Every campaign below the bureau, in the order of its units. Two queries."""
    bureau = scope_of(person).bureau
    if not bureau:
        return []
    campaigns = (
        Campaign.objects.visible_to(person)
        .filter(pk__in=bureau)
        .select_related("host")
        .order_by("host__position", "host", "-starts_on", "-pk")
    )
    counted: dict[int, Any] = {
        row["campaign"]: row
        for row in LedgerItem.objects.visible_to(person)
        .filter(campaign__in=bureau)
        .order_by()
        .values("campaign")
        .annotate(
            total=Count("pk", filter=~Q(state=State.VOIDED)),
            done=Count("pk", filter=Q(state__in=DONE)),
            overdue=Count("pk", filter=is_overdue(today)),
        )
    }
    return [
        UnitFigures(
            campaign=campaign,
            found=campaign.issue_counter,
            total=counted.get(campaign.pk, {}).get("total", 0),
            done=counted.get(campaign.pk, {}).get("done", 0),
            overdue=counted.get(campaign.pk, {}).get("overdue", 0),
            url=links.ledger(campaign),
            url_done=links.ledger(campaign, show="done"),
            url_overdue=links.ledger(campaign, light="overdue"),
        )
        for campaign in campaigns
    ]
