"""What a message says: at most seven lines with number, title and address, and how many more."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging import sources
from messaging.models import DIGEST, TEST

if TYPE_CHECKING:
    import datetime as dt

    from messaging.models import Delivery
    from messaging.sources import Group, Line
    from organisation.models import Person

MOST_LINES = 7


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, before it is put into the words of a channel."""

    subject: str
    name: str
    groups: list[Group]

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def lines(self) -> list[tuple[Group, Line]]:
        """The first of every kind before the second of any, so that no kind hides another."""
        turns = zip_longest(*([(group, line) for line in group.lines] for group in self.groups))
        shown = [one for turn in turns for one in turn if one is not None][:MOST_LINES]
        return [one for group in self.groups for one in shown if one[0] is group]

    @property
    def rest(self) -> int:
        return self.total - len(self.lines)

    def text(self, *, is_brief: bool) -> str:
        """Brief where others may read along, or where space is dear: no titles."""
        home = settings.SITE_URL + reverse("desk:home")
        if is_brief or not self.groups:
            return f"{self.subject}\n{home}"
        parts = [_("%(name)s:") % {"name": self.name}, ""]
        for group, line in self.lines:
            parts += [_in_words(group, line), f"  {settings.SITE_URL}{line.url}"]
        if self.rest:
            parts.append(_("and %(n)s more") % {"n": self.rest})
        choice = settings.SITE_URL + reverse("messaging:choice")
        return "\n".join(
            [
                *parts,
                "",
                _("Everything that waits for you: %(url)s") % {"url": home},
                _("How you are reminded is for you to choose: %(url)s") % {"url": choice},
            ]
        )


def _in_words(group: Group, line: Line) -> str:
    words = _("%(kind)s: %(title)s") % {"kind": group.label, "title": line.title}
    return _("%(words)s (%(note)s)") % {"words": words, "note": line.note} if line.note else words


def compose(delivery: Delivery) -> Message | None:
    """As things are now, through the receiver's eyes. Nothing, when there is nothing to say."""
    person = delivery.person
    if delivery.kind == TEST:
        return Message(_("Test message: reminders of the rectification reach you"), person.name, [])
    if delivery.kind == DIGEST:
        return digest_of(person, delivery.day)
    return _urgent(person, delivery.kind, delivery.key)


def digest_of(person: Person, day: dt.date) -> Message | None:
    groups = [
        group
        for source in sources.digests()
        for group in source.lines(person, day, most=MOST_LINES)
        if group.total
    ]
    if not groups:
        return None
    total = sum(group.total for group in groups)
    subject = _("Rectification: %(n)s things wait for you") % {"n": total}
    return Message(subject, person.name, groups)


def _urgent(person: Person, kind: str, key: str) -> Message | None:
    source = sources.urgent_of(kind)
    if source is None:
        return None
    groups = [group for group in source.groups(person, key, most=MOST_LINES) if group.total]
    if not groups:
        return None
    total = sum(group.total for group in groups)
    subject = _("Rectification, %(kind)s: %(n)s") % {"kind": source.label, "n": total}
    return Message(subject, person.name, groups)
