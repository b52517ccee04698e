"""What the ledger tells at once: the last day, a return, a decision that is waited for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import rules_of_all, scope_of
from campaign.queries import everybodys_scopes
from messaging.sources import Group, Notice
from organisation.models import Person
from organisation.queries import working_calendar
from rectification.models import Attempt, LedgerItem, Outcome
from rectification.queries.reminding.wording import line_of, lines_of
from rectification.queries.waiting import VERBS
from rectification.states import IN_HAND, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from organisation.clock import WorkingCalendar
    from rectification.models import LedgerItemQuerySet

LAST_DAY, RETURNED, DECISION = "last_day", "returned", "decision"
DECISIONS = tuple(verb for verb in VERBS if verb.key in {"approve", "approve_plan"})
DECIDED_IN = {State.VERIFIED, State.AWAITING_PLAN_APPROVAL}
ONE_DAY = dt.timedelta(days=1)


def _day_of(key: str) -> dt.date:
    return dt.date.fromisoformat(key.rpartition(":")[2])


def _with(rule: str) -> list[int]:
    """Campaigns whose rules have this switched on."""
    return [pk for pk, rules in rules_of_all().items() if getattr(rules, rule)]


# The last working day of an item


def last_day_notices(since: dt.datetime, until: dt.datetime) -> Iterator[Notice]:
    """To the person in charge; where there is none, to the heads of the lead department."""
    day = timezone.localdate(until)
    rows = _ending_today(day).values_list("campaign", "assignee", "lead_department").distinct()
    found = list(rows.order_by())
    scopes = everybodys_scopes(day) if found else {}
    theirs: dict[int, set[int]] = defaultdict(set)
    for campaign, assignee, unit in found:
        heads = {person for person, scope in scopes.items() if unit in scope.heads}
        for person in {assignee} if assignee else heads:
            theirs[person].add(campaign)
    for person, campaigns in sorted(theirs.items()):
        yield Notice(person, f"{LAST_DAY}:{day.isoformat()}", frozenset(campaigns))


def last_day_groups(person: Person, key: str, *, most: int) -> Iterator[Group]:
    day = _day_of(key)
    heads = scope_of(person).heads
    mine = Q(assignee=person.pk) | Q(assignee__isnull=True, lead_department__in=heads)
    items = _ending_today(day, LedgerItem.objects.visible_to(person)).filter(mine)
    yield Group(gettext_lazy("Last working day"), items.count(), lines_of(items, day, most=most))


def _ending_today(day: dt.date, items: LedgerItemQuerySet | None = None) -> LedgerItemQuerySet:
    """In the department's hands, and after this day there is no working day before the deadline."""
    last = working_calendar().working_day_after(day) - ONE_DAY
    rows = LedgerItem.objects.all() if items is None else items
    return rows.filter(state__in=IN_HAND, due_on__range=(day, last), campaign__in=_with("last_day"))


# An application was returned


def returned_notices(since: dt.datetime, until: dt.datetime) -> Iterator[Notice]:
    """To whoever applied and to the person in charge, unless one of them is who returned it."""
    attempts = _returned().filter(
        ended_at__gt=since, ended_at__lte=until, item__campaign__in=_with("returned")
    )
    for pk, campaign, *people, returned_by in attempts.order_by("pk").values_list(
        "pk", "item__campaign", "applied_by", "item__assignee", "returned_by"
    ):
        for person in sorted({one for one in people if one} - {returned_by}):
            yield Notice(person, f"{RETURNED}:{pk}", frozenset({campaign}))


def returned_groups(person: Person, key: str, *, most: int) -> Iterator[Group]:
    attempt = _returned().filter(pk=int(key.rpartition(":")[2])).first()
    if attempt is None:
        return
    item = (
        LedgerItem.objects.visible_to(person)
        .select_related("campaign")
        .filter(pk=attempt.item_id)
        .first()
    )
    if item is not None:
        note = _("at: %(stage)s") % {"stage": attempt.get_returned_at_stage_display()}
        line = line_of(item, timezone.localdate(), note)
        yield Group(gettext_lazy("Returned"), 1, [line])


def _returned() -> QuerySet[Attempt]:
    """The last attempt of an item came back, and nothing was done about it yet."""
    return Attempt.objects.filter(
        outcome=Outcome.RETURNED,
        item__state=State.RECTIFYING,
        number=F("item__attempts_count"),
    )


# A decision is waited for


def decision_notices(since: dt.datetime, until: dt.datetime) -> Iterator[Notice]:
    """On the day on which something has waited so long that he is told; once for all of it."""
    day = timezone.localdate(until)
    calendar = working_calendar()
    theirs: dict[int, set[int]] = defaultdict(set)
    for campaign, rules in rules_of_all().items():
        if not rules.decision:
            continue
        first, last = _days_since(day, rules.decision_days, calendar)
        waiting = LedgerItem.objects.filter(
            campaign=campaign,
            state__in=DECIDED_IN,
            state_since__date__range=(first, last),
        )
        leaders = waiting.order_by().values("responsible_leader").distinct()
        for person in Person.objects.active().filter(pk__in=leaders).order_by("pk"):
            scope = scope_of(person)
            if any(waiting.filter(one.condition(person, scope, day)).exists() for one in DECISIONS):
                theirs[person.pk].add(campaign)
    for pk, campaigns in sorted(theirs.items()):
        yield Notice(pk, f"{DECISION}:{day.isoformat()}", frozenset(campaigns))


def decision_groups(person: Person, key: str, *, most: int) -> Iterator[Group]:
    """Everything that has waited at least so long."""
    day = _day_of(key)
    calendar = working_calendar()
    old = Q(pk__in=[])
    for campaign, rules in rules_of_all().items():
        if rules.decision:
            last = _days_since(day, rules.decision_days, calendar)[1]
            old |= Q(campaign=campaign, state_since__date__lte=last)
    for verb in DECISIONS:
        items = LedgerItem.objects.visible_to(person).filter(
            old, verb.condition(person, scope_of(person), day)
        )
        yield Group(verb.label, items.count(), lines_of(items, day, most=most))


def _days_since(day: dt.date, count: int, calendar: WorkingCalendar) -> tuple[dt.date, dt.date]:
    """First and last day from which exactly ``count`` working days lead to this one."""
    last = day
    for _nth in range(count):
        last -= ONE_DAY
        while calendar.working_days(last, last + ONE_DAY) == 0:
            last -= ONE_DAY
    first = last
    while not calendar.is_working(first):
        first -= ONE_DAY
    return first, last
