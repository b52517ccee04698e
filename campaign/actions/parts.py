"""What all changes to a campaign have in common: lock it, ask the rule, refuse when it is over."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit import trail
from campaign.states import State
from core.errors import ActionRefusedError
from core.workflow import locked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

    from campaign.models import Campaign
    from organisation.models import Person


@contextmanager
def changing(campaign: Campaign, *, by: Person) -> Iterator[Campaign]:
    """The campaign, locked, if this person may change it and it is not over."""
    with locked(campaign, permission="campaign.change_campaign", by=by) as row:
        if row.state == State.FINISHED:
            raise ActionRefusedError(_("This campaign is finished; it is kept as it is."))
        yield row


def checked(row: models.Model) -> None:
    """Save a row that keeps every rule, or refuse with the rules' own sentences."""
    try:
        row.full_clean()
    except ValidationError as faults:
        raise ActionRefusedError(" ".join(faults.messages)) from faults
    row.save()


def added(action: str, row: models.Model, *, by: Person, **detail: Any) -> None:
    checked(row)
    trail.record(action, subject=row, by=by, after=trail.snapshot(row), detail=detail)


def changed(action: str, row: models.Model, facts: dict[str, Any], *, by: Person) -> bool:
    """Write new facts, and an event if any of them differs from the old."""
    before = trail.snapshot(row)
    for name, value in facts.items():
        setattr(row, name, value)
    checked(row)
    after = trail.snapshot(row)
    if after == before:
        return False
    trail.record(action, subject=row, by=by, before=before, after=after)
    return True


def removed(action: str, row: models.Model, campaign: Campaign, *, by: Person) -> None:
    """Delete a part; what it was stays in the campaign's trail."""
    was = trail.snapshot(row)
    row.delete()
    trail.record(action, subject=campaign, by=by, detail={"name": str(row), "was": was})
