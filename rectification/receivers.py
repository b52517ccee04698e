"""What the ledger does when the list of problems tells it something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from issues.signals import issue_confirmed
from rectification import actions

if TYPE_CHECKING:
    from issues.models import Issue
    from organisation.models import Person


@receiver(issue_confirmed)
def enter_in_the_ledger(issue: Issue, by: Person, **_: Any) -> None:
    """In the confirming transaction: a confirmed problem without a ledger item cannot exist."""
    actions.register(issue, by=by)
