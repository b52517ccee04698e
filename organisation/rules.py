"""Who may do what to units, people and the calendar.

To keep them is the administrator's work. It opens no campaign: what is in those follows from
posts and appointments alone, and he cannot give himself either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

if TYPE_CHECKING:
    from django.db.models import Model

    from organisation.models import ApiToken, Person


@rules.predicate
def is_signed_in(person: Person, subject: Model | None = None) -> bool:
    return person.is_authenticated


@rules.predicate
def is_administrator(person: Person, subject: Model | None = None) -> bool:
    return person.is_authenticated and person.is_administrator


@rules.predicate
def is_himself(person: Person, other: Person | None = None) -> bool:
    return other is not None and other.pk == person.pk


@rules.predicate
def is_his_token(person: Person, token: ApiToken | None = None) -> bool:
    return person.is_authenticated and (token is None or token.person_id == person.pk)


rules.add_perm("organisation.use_account", is_signed_in)
rules.add_perm("organisation.use_tokens", is_signed_in)
rules.add_perm("organisation.revoke_token", is_his_token | is_administrator)
rules.add_perm("organisation.oversee_tokens", is_administrator)
rules.add_perm("organisation.view_unit", is_signed_in)
rules.add_perm("organisation.change_unit", is_administrator)
rules.add_perm("organisation.import_units", is_administrator)
rules.add_perm("organisation.view_person", is_signed_in)
rules.add_perm("organisation.change_person", is_administrator)
rules.add_perm("organisation.appoint_person", is_administrator & ~is_himself)
rules.add_perm("organisation.import_people", is_administrator)
rules.add_perm("organisation.view_private_facts", is_administrator | is_himself)
rules.add_perm("organisation.view_calendar", is_signed_in)
rules.add_perm("organisation.change_calendar", is_administrator)
rules.add_perm("organisation.use_importer", is_signed_in)
