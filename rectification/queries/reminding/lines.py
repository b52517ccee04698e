"""For one person, at the moment of sending: which items, in the words of his work queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from campaign.models import rules_of_all, scope_of
from messaging.sources import Group
from rectification.models import LedgerItem
from rectification.queries.reminding.ladder import told_to
from rectification.queries.reminding.wording import is_pressing, lines_of
from rectification.queries.waiting import VERBS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import Q

    from organisation.models import Person
    from rectification.queries.waiting import Verb

RECTIFY = "rectify"


def lines(person: Person, day: dt.date, *, most: int) -> Iterator[Group]:
    """Verb by verb, what is most pressing first; nothing that he may not see on the page, and not
    what a step of the ladder tells him today.
    """
    campaigns = [pk for pk, rules in rules_of_all().items() if rules.digest]
    items = LedgerItem.objects.visible_to(person).filter(campaign__in=campaigns)
    if told := told_to(person, day):
        items = items.exclude(pk__in=told)
    conditions = {verb.key: _condition(verb, person, day) for verb in VERBS}
    counts = items.aggregate(
        **{key: Count("pk", filter=condition) for key, condition in conditions.items()}
    )
    for verb in VERBS:
        if total := counts[verb.key]:
            found = items.filter(conditions[verb.key])
            yield Group(verb.label, total, lines_of(found, day, most=most))


def _condition(verb: Verb, person: Person, day: dt.date) -> Q:
    condition = verb.condition(person, scope_of(person), day)
    return condition & is_pressing(day) if verb.key == RECTIFY else condition
