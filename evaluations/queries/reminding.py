"""What everybody on a roll is told of a vote, those who voted and those who did not alike.

Nobody knows who has voted, so nobody can be reminded by himself; and a message that only some get
would tell which ballots came after it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from campaign.models import rules_of_all
from evaluations.models import RollEntry, Round
from evaluations.queries.voting import voters_on_the_rolls
from evaluations.states import RoundState
from messaging.clock import last_working_day
from messaging.sources import Entry, Group, Line, Notice
from organisation.queries import working_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluations.models.round import RoundQuerySet
    from messaging.sources import Counts
    from organisation.models import Person

OPENS = "voting_opens"
CLOSES = "voting_closes"
BEFORE_THE_CLOSE = (24, 2)
"""Hours before the close at which everybody is told."""
FEW_DAYS = dt.timedelta(days=12)
"""Longer than any row of rest days."""


def opens_notices(since: dt.datetime, until: dt.datetime) -> Iterator[Notice]:
    rounds = _frozen().filter(opens_at__gt=since, opens_at__lte=until, closes_at__gt=timezone.now())
    yield from _to_everybody(rounds, OPENS, "")


def closes_notices(since: dt.datetime, until: dt.datetime) -> Iterator[Notice]:
    """A day and two hours before. Who was told less than that ago that it opens is spared."""
    for hours in BEFORE_THE_CLOSE:
        ahead = dt.timedelta(hours=hours)
        rounds = _frozen().filter(
            closes_at__gt=since + ahead, closes_at__lte=until + ahead, opens_at__lte=since
        )
        yield from _to_everybody(rounds.filter(closes_at__gt=until), CLOSES, f":{hours}")


def groups(person: Person, key: str, *, most: int) -> Iterator[Group]:
    """The vote as it stands when the message is sent; nothing once it is over."""
    round_id = int(key.split(":")[1])
    rows = on_the_roll(person).filter(pk=round_id, closes_at__gt=timezone.now())
    lines = [_line(round_) for round_ in rows.order_by("pk")]
    yield Group(pgettext_lazy("message", "Evaluation by vote"), len(lines), lines)


def people(day: dt.date) -> Counts:
    """In the digest on the first and on the last working day of a vote: messages at once are held
    back in the evening and on rest days.
    """
    rounds = {round_.pk: round_.campaign_id for round_ in _told_on(day, _frozen())}
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for round_id, voters in voters_on_the_rolls(rounds).items():
        for person in voters:
            found[person][rounds[round_id]] += 1
    return {person: dict(campaigns) for person, campaigns in found.items()}


def lines(person: Person, day: dt.date, *, most: int) -> Iterator[Group]:
    found = [_line(round_) for round_ in _told_on(day, on_the_roll(person))]
    yield Group(pgettext_lazy("message", "Evaluation by vote"), len(found), found[:most])


def deadlines(person: Person) -> Iterator[Entry]:
    """The last day of each vote, for his own calendar."""
    rows = on_the_roll(person).filter(closes_at__gt=timezone.now()).order_by("closes_at", "pk")
    for round_ in rows:
        yield Entry(
            uid=f"round-{round_.pk}",
            day=timezone.localdate(round_.closes_at),
            title=_("Evaluation closes: %(round)s") % {"round": round_.name},
            url=reverse("voting:home"),
            changed_at=round_.state_since,
        )


def open_votes(person: Person, now: dt.datetime) -> list[Round]:
    """The votes in which he can take part now, the first to close first; one query."""
    rows = on_the_roll(person).filter(opens_at__lte=now, closes_at__gt=now)
    return list(rows.order_by("closes_at", "pk"))


def on_the_roll(person: Person) -> RoundQuerySet:
    own = RollEntry.objects.filter(person=person.pk).values("electorate__subject__round")
    return Round.objects.filter(pk__in=own, state=RoundState.FROZEN)


def _frozen() -> RoundQuerySet:
    campaigns = [pk for pk, rules in rules_of_all().items() if rules.digest]
    return Round.objects.filter(state=RoundState.FROZEN, campaign__in=campaigns)


def _told_on(day: dt.date, rows: RoundQuerySet) -> list[Round]:
    calendar = working_calendar()
    start = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    near = Q(opens_at__range=(start - FEW_DAYS, start + FEW_DAYS)) | Q(
        closes_at__range=(start, start + FEW_DAYS)
    )
    return [
        round_
        for round_ in rows.filter(near, closes_at__gt=start).order_by("closes_at", "pk")
        if day
        in {
            calendar.working_day_from(timezone.localdate(round_.opens_at)),
            last_working_day(timezone.localdate(round_.closes_at), calendar),
        }
    ]


def _to_everybody(rounds: RoundQuerySet, kind: str, which: str) -> Iterator[Notice]:
    found = list(rounds.order_by("pk"))
    voters = voters_on_the_rolls([round_.pk for round_ in found])
    for round_ in found:
        for person in sorted(voters.get(round_.pk, ())):
            key = f"{kind}:{round_.pk}{which}"
            yield Notice(person, key, frozenset({round_.campaign_id}))


def _line(round_: Round) -> Line:
    closes = timezone.localtime(round_.closes_at)
    opens = timezone.localtime(round_.opens_at)
    if timezone.now() < round_.opens_at:
        note = _("opens %(time)s") % {"time": f"{opens:%m-%d %H:%M}"}
    else:
        note = _("closes %(time)s; who has voted need do nothing") % {
            "time": f"{closes:%m-%d %H:%M}"
        }
    return Line(round_.name, reverse("voting:home"), note)
