"""Passwords: changed by their owner, or given once by the administrator and changed at once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit import trail
from organisation.actions import signing_in
from organisation.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without the letters and digits that are taken for one another on paper."""
GROUPS = 3


ROUNDS = 10_000
"""Enough for a random password of 69 bits; one that a person makes up gets Django's full number."""


def give(person: Person) -> str:
    """Set a one-time password on a row that the caller saves; the text is nowhere else."""
    password = one_time_password()
    hasher = get_hasher()
    rounds = {"iterations": ROUNDS} if isinstance(hasher, PBKDF2PasswordHasher) else {}
    person.password = hasher.encode(password, hasher.salt(), **rounds)
    person.must_change_password = True
    return password


def one_time_password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _each in range(4)) for _g in range(GROUPS))


@transaction.atomic
def change_password(
    person: Person, new_password: str, *, by: Person, session_key: str = ""
) -> None:
    """Set one's own password and end every other session. The form has asked for the old one."""
    if by.pk != person.pk:
        raise PermissionDenied
    person.set_password(new_password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    ended = signing_in.end_sessions(person, but=session_key)
    trail.record("organisation.change_password", subject=person, by=by, detail={"ended": ended})


@transaction.atomic
def reset_password(person: Person, *, by: Person) -> str:
    """Give a password that is shown once and must be changed; sessions end, a lock-out is lifted."""
    if not by.has_perm("organisation.appoint_person", person):
        raise PermissionDenied
    password = give(person)
    person.save(update_fields=["password", "must_change_password"])
    signing_in.end_sessions(person)
    signing_in.forgive(person.employee_number)
    trail.record("organisation.reset_password", subject=person, by=by)
    return password


@transaction.atomic
def issue_passwords(people: Iterable[Person], *, by: Person) -> list[tuple[Person, str]]:
    """First one-time passwords for people who were taken in from a list and have none yet."""
    issued = []
    for person in people:
        if not by.has_perm("organisation.appoint_person", person) or person.has_usable_password():
            continue
        issued.append((person, give(person)))
        trail.record("organisation.reset_password", subject=person, by=by)
    Person.objects.bulk_update(
        [person for person, _password in issued], ["password", "must_change_password"], 500
    )
    return issued
