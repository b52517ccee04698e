"""What the list of problems has to remind people of: reviewing, and what came back to the reporter."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaign.models import rules_of_all, scope_of
from campaign.queries import everybodys_scopes
from issues.models import Issue, campaigns_inside
from issues.states import State
from messaging.sources import Group, Line, Notice
from organisation.models import Person

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from issues.models import IssueQuerySet
    from messaging.sources import Counts

RETURNED = "returned_issue"


def people(day: dt.date) -> Counts:
    """The office for what awaits review; reporters, and those who act for a department that
    reported, for what was returned to them.
    """
    campaigns = _with("digest")
    rows = Issue.objects.filter(campaign__in=campaigns).order_by()
    to_review = dict(rows.awaiting_review().values_list("campaign").annotate(Count("pk")))
    returned = rows.filter(state=State.RETURNED).values_list(
        "pk", "campaign", "reported_by", "reported_unit"
    )
    scopes = everybodys_scopes(day)
    acting: dict[int, list[int]] = defaultdict(list)
    for person, scope in scopes.items():
        for unit in scope.acts_for:
            acting[unit].append(person)
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for person, scope in scopes.items():
        for campaign in scope.office & to_review.keys():
            found[person][campaign] += to_review[campaign]
    active = set(Person.objects.active().values_list("pk", flat=True))
    for _issue, campaign, reporter, unit in returned:
        theirs = {person for person in acting[unit] if campaign in campaigns_inside(scopes[person])}
        for person in theirs | ({reporter} & active):
            found[person][campaign] += 1
    return {person: dict(campaigns) for person, campaigns in found.items()}


def lines(person: Person, day: dt.date, *, most: int) -> Iterator[Group]:
    visible = Issue.objects.visible_to(person).filter(campaign__in=_with("digest"))
    office = scope_of(person).office
    to_review = visible.awaiting_review().filter(campaign__in=office)
    yield Group(
        pgettext_lazy("queue", "Review problems"),
        to_review.count(),
        _lines(to_review, "issues:review", most=most),
    )
    returned = visible.returned_to(person)
    yield Group(
        pgettext_lazy("queue", "Correct and submit again"),
        returned.count(),
        _lines(returned, "issues:detail", most=most),
    )


def returned_notices(since: dt.datetime, until: dt.datetime) -> Iterator[Notice]:
    """To the reporter himself, at once; his department reads it in the digest."""
    rows = Issue.objects.filter(
        state=State.RETURNED,
        state_since__gt=since,
        state_since__lte=until,
        campaign__in=_with("returned"),
    )
    for pk, campaign, reporter, moment in rows.order_by("pk").values_list(
        "pk", "campaign", "reported_by", "state_since"
    ):
        key = f"{RETURNED}:{pk}:{int(moment.timestamp())}"
        yield Notice(reporter, key, frozenset({campaign}))


def returned_groups(person: Person, key: str, *, most: int) -> Iterator[Group]:
    pk = int(key.split(":")[1])
    rows = Issue.objects.visible_to(person).returned_to(person).filter(pk=pk)
    found = _lines(rows, "issues:detail", most=most)
    yield Group(_("Returned"), len(found), found)


def _with(rule: str) -> list[int]:
    return [pk for pk, rules in rules_of_all().items() if getattr(rules, rule)]


def _lines(rows: IssueQuerySet, page: str, *, most: int) -> list[Line]:
    found: Iterable[Issue] = rows.select_related("campaign").order_by("campaign", "number")[:most]
    return [
        Line(str(issue), reverse(page, args=[issue.campaign_id, issue.number])) for issue in found
    ]
