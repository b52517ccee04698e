"""What all changes to a campaign have in common: lock it, ask the rule, refuse when it is over."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
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
        try:
            yield row
        except ObjectDoesNotExist as gone:
            raise ActionRefusedError(
                _("Somebody else has removed this row. Load the page again.")
            ) from gone


def removed(action: str, row: models.Model, campaign: Campaign, *, by: Person) -> None:
    """Delete a part; what it was stays in the campaign's trail."""
    was = trail.snapshot(row)
    row.delete()
    trail.record(action, subject=campaign, by=by, detail={"name": str(row), "was": was})
