"""Who may see a file that was made for somebody, and what became of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

if TYPE_CHECKING:
    from messaging.models import Job
    from organisation.models import Person


@rules.predicate
def is_signed_in(person: Person, job: Job | None = None) -> bool:
    return person.is_authenticated


@rules.predicate
def asked_for_it(person: Person, job: Job | None = None) -> bool:
    return job is None or job.owner_id == person.pk


@rules.predicate
def is_administrator(person: Person, subject: object = None) -> bool:
    return person.is_authenticated and person.is_administrator


rules.add_perm("messaging.view_job", is_signed_in & asked_for_it)
rules.add_perm("messaging.choose_reminders", is_signed_in)
rules.add_perm("messaging.view_deliveries", is_administrator)
rules.add_perm("messaging.send_again", is_administrator)
rules.add_perm("messaging.manage_webhooks", is_administrator)
