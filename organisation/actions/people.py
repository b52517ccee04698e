"""People and their posts. Roles follow from posts, so nobody gives or takes away his own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from organisation.actions import passwords, signing_in
from organisation.actions.writing import added, changed, changing, permit
from organisation.models import Person, Post

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from core.workflow import Actor
    from organisation.models import Unit


@transaction.atomic
def create_person(*, by: Actor, employee_number: str, **facts: Any) -> tuple[Person, str]:
    """A new person and the one-time password to hand to him; it is nowhere else."""
    permit("organisation.change_person", by=by)
    person = Person(employee_number=signing_in.normal(employee_number), **facts)
    password = passwords.give(person)
    added("organisation.create_person", person, by=by)
    return person, password


def change_person(person: Person, *, by: Person, **facts: Any) -> Person:
    """Facts about a person. Who is an administrator is decided by another administrator."""
    with changing(person, "organisation.change_person", by=by) as row:
        if facts.get("is_administrator", row.is_administrator) != row.is_administrator:
            permit("organisation.appoint_person", row, by=by)
        if "employee_number" in facts:
            facts["employee_number"] = signing_in.normal(facts["employee_number"])
        changed("organisation.change_person", row, facts, by=by)
    return row


def choose_language(person: Person, language: str, *, by: Person) -> None:
    """The language of the pages, for oneself."""
    permit("organisation.use_account", person, by=by)
    if person.pk != by.pk or language not in dict(settings.LANGUAGES):
        raise ActionRefusedError(_("There is no such language."))
    with transaction.atomic():
        changed("organisation.choose_language", person, {"language": language}, by=by)


@transaction.atomic
def add_post(
    person: Person,
    *,
    by: Person,
    unit: Unit,
    kind: str,
    since: dt.date,
    in_charge_of: Iterable[Unit] = (),
    **facts: Any,
) -> Post:
    """Give a post in a unit from a day on; the same post in the same unit cannot be held twice."""
    permit("organisation.appoint_person", person, by=by)
    if unit.closed_on:
        raise ActionRefusedError(_("“%(unit)s” is closed.") % {"unit": unit.name})
    Person.objects.select_for_update().get(pk=person.pk)
    if Post.objects.on(since).filter(person=person, unit=unit, kind=kind).exists():
        raise ActionRefusedError(_("This post is held by this person already."))
    post = Post(person=person, unit=unit, kind=kind, since=since, **facts)
    added("organisation.add_post", post, by=by, in_charge_of=_names(in_charge_of))
    post.in_charge_of.set(in_charge_of)
    return post


def change_post(
    post: Post, *, by: Person, in_charge_of: Iterable[Unit] | None = None, **facts: Any
) -> Post:
    """Correct what a post is called, its order, its first day or the departments in charge."""
    permit("organisation.appoint_person", post.person, by=by)
    with changing(post, "organisation.change_person", by=by) as row:
        changed("organisation.change_post", row, facts, by=by)
        if in_charge_of is not None and set(in_charge_of) != set(row.in_charge_of.all()):
            before = _names(row.in_charge_of.all())
            row.in_charge_of.set(in_charge_of)
            detail = {"before": before, "in_charge_of": _names(in_charge_of)}
            trail.record("organisation.change_charge", subject=row, by=by, detail=detail)
    return row


def end_post(post: Post, *, by: Person, until: dt.date) -> Post:
    """A post ends with a day, which still counts; what was seen by it closes with it."""
    permit("organisation.appoint_person", post.person, by=by)
    with changing(post, "organisation.change_person", by=by) as row:
        if row.until and row.until < timezone.localdate():
            raise ActionRefusedError(_("This post has ended already."))
        changed("organisation.end_post", row, {"until": until}, by=by)
    return row


def deactivate(person: Person, *, by: Person, reason: str) -> Person:
    """Let somebody in no more: sessions end now. What he did stays under his name."""
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Give a reason."))
    with changing(person, "organisation.appoint_person", by=by) as row:
        if not row.is_active:
            raise ActionRefusedError(_("This person may not sign in any more."))
        _let_in(row, False, "organisation.deactivate", reason, by)
        signing_in.end_sessions(row)
    return row


def reactivate(person: Person, *, by: Person, reason: str = "") -> Person:
    with changing(person, "organisation.appoint_person", by=by) as row:
        if row.is_active:
            raise ActionRefusedError(_("This person may sign in."))
        _let_in(row, True, "organisation.reactivate", reason, by)
    return row


def _let_in(person: Person, may: bool, action: str, reason: str, by: Person) -> None:
    person.is_active = may
    person.save(update_fields=["is_active"])
    trail.record(
        action,
        subject=person,
        by=by,
        before={"is_active": not may},
        after={"is_active": may},
        reason=reason,
    )


def _names(units: Iterable[Unit]) -> list[str]:
    return [unit.name for unit in units]
