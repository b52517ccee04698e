"""Where a person is reached, by his choice and by what is configured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from messaging import channels
from messaging.clock import Hours
from organisation.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Reach:
    channel: str
    address: str
    wants_digest: bool = True


def hours() -> Hours:
    """The installation's, from the environment."""
    return Hours(settings.DIGEST_AT, settings.QUIET_FROM, settings.QUIET_UNTIL)


def reach(people: Iterable[int]) -> dict[int, Reach]:
    """Those of these people whom a message can reach at all, in one query."""
    offered = {channel.key for channel in channels.offered()}
    rows = Person.objects.active().filter(pk__in=set(people))
    found = {}
    for pk, email, key, address, wants in rows.values_list(
        "pk",
        "email",
        "reminder_choice__channel",
        "reminder_choice__address",
        "reminder_choice__wants_digest",
    ):
        chosen = Reach(key or channels.MAIL, address or "", wants is not False)
        if chosen.channel == channels.MAIL and not chosen.address:
            chosen = Reach(channels.MAIL, email, chosen.wants_digest)
        if chosen.address and chosen.channel in offered:
            found[pk] = chosen
    return found


def reach_of(person: Person) -> Reach | None:
    return reach([person.pk]).get(person.pk)
