"""How people were dealt with: recorded by the offices, named only with a principal's approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from organisation.actions.writing import added, changed, changing, saved
from supervision.models import Handling

if TYPE_CHECKING:
    import datetime as dt

    from campaign.models import Campaign
    from organisation.models import Person


@transaction.atomic
def record_handling(campaign: Campaign, *, by: Person, **facts: Any) -> Handling:
    """Enter what was decided about a person. Two entries for one person are two person-times."""
    if not by.has_perm("supervision.record_handling", campaign):
        raise PermissionDenied
    handling = Handling(campaign=campaign, recorded_by=by, **facts)
    _refuse_himself(handling, by=by)
    _check(handling)
    added("supervision.record_handling", handling, by=by)
    return handling


def _refuse_himself(handling: Handling, *, by: Person) -> None:
    if handling.person_id == by.pk:
        raise ActionRefusedError(_("Nobody records how he was dealt with himself."))


def revise_handling(handling: Handling, *, by: Person, **facts: Any) -> Handling:
    """Correct a slip in an entry. What is final stands as it is."""
    with changing(handling, "supervision.record_handling", by=by) as row:
        if row.final_on is not None:
            raise ActionRefusedError(_("It is final; nothing can be changed about it any more."))
        before = trail.snapshot(row)
        for name, value in facts.items():
            setattr(row, name, value)
        _refuse_himself(row, by=by)
        _check(row)
        saved(row)
        after = trail.snapshot(row)
        if after != before:
            trail.record(
                "supervision.revise_handling", subject=row, by=by, before=before, after=after
            )
    return row


def conclude_handling(handling: Handling, *, by: Person, final_on: dt.date) -> Handling:
    """Say since when nothing can be changed about it any more."""
    with changing(handling, "supervision.record_handling", by=by) as row:
        if row.final_on is not None:
            raise ActionRefusedError(_("It is final; nothing can be changed about it any more."))
        _refuse_future(final_on)
        changed("supervision.conclude_handling", row, {"final_on": final_on}, by=by)
    return row


def _check(handling: Handling) -> None:
    _refuse_future(handling.decided_on)
    if handling.final_on is not None:
        _refuse_future(handling.final_on)
    campaign = handling.campaign
    if handling.item is not None and handling.item.campaign_id != campaign.pk:
        raise ActionRefusedError(_("The item belongs to another campaign."))
    if not campaign.scope_units().filter(pk=handling.unit_id).exists():
        raise ActionRefusedError(
            _("%(unit)s does not belong to this campaign.") % {"unit": handling.unit}
        )


def _refuse_future(day: dt.date) -> None:
    if day > timezone.localdate():
        raise ActionRefusedError(_("The day still lies in the future."))


def approve_naming(handling: Handling, *, by: Person, reason: str) -> Handling:
    """Allow the person's name in reports. Only a principal may, and only when it is final."""
    return _set_naming(handling, by=by, reason=reason, approved=True)


def withdraw_naming(handling: Handling, *, by: Person, reason: str) -> Handling:
    """Mask the name again in every report not yet issued."""
    return _set_naming(handling, by=by, reason=reason, approved=False)


def _set_naming(handling: Handling, *, by: Person, reason: str, approved: bool) -> Handling:
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Say why."))
    with changing(handling, "supervision.approve_naming", by=by) as row:
        if approved and row.final_on is None:
            raise ActionRefusedError(_("Nobody is named before his handling is final."))
        if (row.naming_approved_by_id is not None) == approved:
            raise ActionRefusedError(_("That is so already."))
        before = trail.snapshot(row)
        row.naming_approved_by = by if approved else None
        row.naming_approved_at = timezone.now() if approved else None
        row.save()
        trail.record(
            "supervision.approve_naming" if approved else "supervision.withdraw_naming",
            subject=row,
            by=by,
            before=before,
            after=trail.snapshot(row),
            reason=reason,
        )
    return row
