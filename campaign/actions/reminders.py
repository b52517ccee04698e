"""Changing which reminders a campaign sends, after seeing how far the change reaches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from audit import trail
from campaign.actions.parts import changing
from campaign.models import ReminderRules
from messaging.actions import planning
from messaging.clock import digest_moment
from messaging.models import Delivery, DeliveryState
from messaging.queries import hours
from organisation.actions.writing import saved
from organisation.models import Person

if TYPE_CHECKING:
    import datetime as dt

    from campaign.models import Campaign


@dataclass(frozen=True, slots=True)
class Receiver:
    person: Person
    kinds: list[str]
    had_one_today: bool


@dataclass(frozen=True, slots=True)
class Radius:
    """What the next run would send about this campaign, worked out by the functions that send."""

    day: dt.date
    kinds: list[tuple[str, int]]
    receivers: list[Receiver]
    held: int
    """Messages left to the digest, because the day's number of messages is used up."""
    unreachable: int
    """People who see it in the product only: nobody has entered an address for them."""

    @property
    def messages(self) -> int:
        return sum(count for _label, count in self.kinds)

    @property
    def had_one_today(self) -> int:
        return sum(receiver.had_one_today for receiver in self.receivers)


def change_reminders(campaign: Campaign, *, by: Person, **facts: Any) -> ReminderRules:
    with changing(campaign, by=by) as row:
        rules = ReminderRules.of(row)
        before = trail.snapshot(rules) if rules.pk else {}
        for name, value in facts.items():
            setattr(rules, name, value)
        saved(rules)
        after = trail.snapshot(rules)
        if after != before:
            trail.record(
                "campaign.change_reminders", subject=rules, by=by, before=before, after=after
            )
    return rules


def blast_radius(campaign: Campaign, *, by: Person, **facts: Any) -> Radius:
    """Change the rules, plan the next run, count, and take everything back."""
    now = timezone.now()
    day = planning.next_run(now)
    with planning.rehearsal():
        change_reminders(campaign, by=by, **facts)
        planned, rows = planning.plan_day(day, now=digest_moment(day, hours()))
    about = {(one.person, one.key): one for one in planned if campaign.pk in one.campaigns}
    rows = [row for row in rows if (row.person_id, row.key) in about]
    sent = [row for row in rows if row.state == DeliveryState.WAITING]
    people = Person.objects.in_bulk({row.person_id for row in sent})
    today = Delivery.objects.filter(day=timezone.localdate(now), state=DeliveryState.SENT)
    had_one = set(today.filter(person__in=people).values_list("person", flat=True))
    kinds: dict[int, list[str]] = {}
    for row in sent:
        kinds.setdefault(row.person_id, []).append(row.label)
    return Radius(
        day=day,
        kinds=Counter(row.label for row in sent).most_common(),
        receivers=[
            Receiver(people[pk], labels, pk in had_one)
            for pk, labels in sorted(kinds.items(), key=lambda one: (people[one[0]].name, one[0]))
        ],
        held=len(rows) - len(sent),
        unreachable=len({one.person for one in about.values() if not one.is_reachable}),
    )
