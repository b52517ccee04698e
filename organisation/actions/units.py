"""Units: made, changed, put in order, closed. A unit that has done anything is never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import ActionRefusedError
from organisation.actions.writing import added, changed, changing, permit
from organisation.models import Post, Unit, UnitKind

if TYPE_CHECKING:
    from organisation.models import Person

MAY_STAND_UNDER: dict[str, frozenset[str | None]] = {
    UnitKind.BUREAU: frozenset({None, UnitKind.BUREAU}),
    UnitKind.HOSPITAL: frozenset({None, UnitKind.BUREAU, UnitKind.HOSPITAL}),
    UnitKind.DEPARTMENT: frozenset(UnitKind.values),
}


@transaction.atomic
def create_unit(*, by: Person, parent: Unit | None = None, **facts: Any) -> Unit:
    """A new unit, the last of its siblings unless a position is given."""
    permit("organisation.change_unit", by=by)
    facts.setdefault("position", next_position(parent))
    unit = Unit(parent=parent, **facts)
    _check_place(unit)
    added("organisation.create_unit", unit, by=by)
    return unit


def change_unit(unit: Unit, *, by: Person, **facts: Any) -> Unit:
    with changing(unit, "organisation.change_unit", by=by) as row:
        if "parent" in facts and _id(facts["parent"]) != row.parent_id:
            facts.setdefault("position", next_position(facts["parent"]))
        for name, value in facts.items():
            setattr(unit, name, value)
        _check_place(unit)
        changed("organisation.change_unit", row, facts, by=by)
    return row


def _check_place(unit: Unit) -> None:
    parent = unit.parent
    if (parent.kind if parent else None) not in MAY_STAND_UNDER[unit.kind]:
        raise ActionRefusedError(
            _("A %(kind)s cannot stand there; choose another superior unit.")
            % {"kind": unit.get_kind_display()}
        )
    if parent and unit.pk and Unit.objects.below([unit.pk]).filter(pk=parent.pk).exists():
        raise ActionRefusedError(_("A unit cannot stand under itself."))
    if parent and parent.closed_on:
        raise ActionRefusedError(_("“%(unit)s” is closed.") % {"unit": parent.name})


def _id(unit: Unit | None) -> int | None:
    return unit.pk if unit else None


def next_position(parent: Unit | None) -> int:
    last = Unit.objects.filter(parent=parent).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def move_unit(unit: Unit, *, by: Person, up: bool) -> bool:
    """One place up or down among the siblings in use; at the end of them nothing happens."""
    with changing(unit, "organisation.change_unit", by=by) as row:
        siblings = list(
            Unit.objects.filter(parent=row.parent_id)
            .in_use()
            .order_by("position", "pk")
            .select_for_update(of=("self",))
        )
        place = next((at for at, one in enumerate(siblings) if one.pk == row.pk), None)
        target = None if place is None else place - 1 if up else place + 1
        if place is None or target is None or not 0 <= target < len(siblings):
            return False
        siblings.insert(target, siblings.pop(place))
        changed("organisation.move_unit", siblings[target], {"position": target}, by=by)
        for position, one in enumerate(siblings):
            one.position = position
        Unit.objects.bulk_update(siblings, ["position"])
    return True


def close_unit(unit: Unit, *, by: Person) -> Unit:
    """Close a unit in which nobody holds a post any more and under which none is open."""
    today = timezone.localdate()
    with changing(unit, "organisation.change_unit", by=by) as row:
        if row.closed_on:
            raise ActionRefusedError(_("“%(unit)s” is closed.") % {"unit": row.name})
        if below := Unit.objects.filter(parent=row).in_use().count():
            raise ActionRefusedError(
                _("Close or move the %(count)s units under it first.") % {"count": below}
            )
        if posts := Post.objects.on(today).filter(unit=row).count():
            raise ActionRefusedError(
                _("End or move the %(count)s posts in it first.") % {"count": posts}
            )
        changed("organisation.close_unit", row, {"closed_on": today}, by=by)
    return row


def reopen_unit(unit: Unit, *, by: Person) -> Unit:
    with changing(unit, "organisation.change_unit", by=by) as row:
        if not row.closed_on:
            raise ActionRefusedError(_("“%(unit)s” is open.") % {"unit": row.name})
        _check_place(row)
        changed("organisation.reopen_unit", row, {"closed_on": None}, by=by)
    return row
