"""What waits for me, computed from the data: never a list that somebody must keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaign.models import Milestone, scope_of
from campaign.states import State as CampaignState
from desk.queries import links
from evaluations.queries.waiting import waiting_groups
from issues.models import Issue
from issues.states import State as IssueState
from rectification.lights import clock_of
from rectification.models import RETURN_REASONS, Attempt, Outcome
from rectification.queries import VERBS, waiting, waiting_counts
from supervision.queries import duties_of, title_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django_stubs_ext import StrOrPromise

    from campaign.models import Campaign
    from issues.models import IssueQuerySet
    from organisation.models import Person
    from rectification.models import LedgerItem
    from rectification.queries import Verb

MOST_SHOWN = 7
SOON = 7
ANSWER_RETURN = "answer_return"


@dataclass(frozen=True, slots=True)
class Task:
    """One row: what it is, what to know about it, where it is done."""

    title: str
    url: str
    meta: str = ""
    note: str = ""
    light: str = ""
    light_text: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Group:
    """All that waits under one verb; the list behind ``url`` has exactly ``total`` rows."""

    key: str
    label: StrOrPromise
    total: int
    tasks: list[Task]
    url: str
    covered: int = 0
    """How many of them the tasks stand for, where one stands for several."""

    @property
    def rest(self) -> int:
        return self.total - (self.covered or len(self.tasks))


def work_queue(person: Person, campaign: Campaign, today: dt.date) -> list[Group]:
    """Decisions first, then checks, then what is to be filled in. Empty groups are left out."""
    groups = [
        *_ledger_groups(person, campaign, today),
        *_issue_groups(person, campaign),
        *_exposure_groups(person, campaign, today),
        *_evaluation_groups(person, campaign, today),
        *_milestones(person, campaign, today),
    ]
    return [group for group in groups if group.total]


def _ledger_groups(person: Person, campaign: Campaign, today: dt.date) -> Iterator[Group]:
    counts = waiting_counts(person, today, campaign=campaign.pk)
    for verb in VERBS:
        if total := counts.get(verb.key, 0):
            yield Group(
                key=verb.key,
                label=verb.label,
                total=total,
                tasks=_items(verb, person, campaign, today),
                url=links.ledger(campaign, waiting=verb.key),
            )


def _items(verb: Verb, person: Person, campaign: Campaign, today: dt.date) -> list[Task]:
    found = list(
        waiting(verb, person, today)
        .filter(campaign=campaign)
        .select_related("campaign", "lead_department")
        .order_by(F("due_on").asc(nulls_last=True), "number")[:MOST_SHOWN]
    )
    reasons = _reasons_of_returns(found) if verb.key == ANSWER_RETURN else {}
    return [_item(item, today, reasons.get(item.pk, "")) for item in found]


def _item(item: LedgerItem, today: dt.date, note: str) -> Task:
    clock = clock_of(item, today)
    department = item.lead_department.name if item.lead_department else ""
    return Task(
        title=item.title,
        url=item.get_absolute_url(),
        meta=" · ".join(part for part in (item.code, department) if part),
        note=note,
        light=clock.light,
        light_text=clock.words,
    )


def _reasons_of_returns(items: list[LedgerItem]) -> dict[int, str]:
    """Why each was returned last, in the words of the form and of whoever returned it."""
    words = dict(RETURN_REASONS)
    returned = Attempt.objects.filter(item__in=items, outcome=Outcome.RETURNED).order_by("number")
    return {
        attempt.item_id: _("; ").join(
            filter(
                None,
                [*(str(words[reason]) for reason in attempt.return_reasons), attempt.return_note],
            )
        )
        for attempt in returned
    }


def _issue_groups(person: Person, campaign: Campaign) -> Iterator[Group]:
    scope = scope_of(person)
    visible = Issue.objects.visible_to(person).filter(campaign=campaign)
    if campaign.pk in scope.office:
        yield _issues(
            "review",
            pgettext("queue", "Review problems"),
            visible,
            campaign,
            IssueState.REPORTED,
            page="issues:review",
        )
    if campaign.pk in scope.discipline:
        yield _issues(
            "handed_over",
            pgettext("queue", "Handed to the discipline office"),
            visible,
            campaign,
            IssueState.HANDED_OVER,
        )
    runs_it = campaign.pk in scope.runs  # and so sees everybody's in the list
    yield _issues(
        "resubmit",
        pgettext("queue", "Correct and submit again"),
        visible.filter(reported_by=person) if runs_it else visible.returned_to(person),
        campaign,
        IssueState.RETURNED,
        **({"mine": "on"} if runs_it else {}),
    )


def _issues(
    key: str,
    label: str,
    rows: IssueQuerySet,
    campaign: Campaign,
    state: IssueState,
    page: str = "issues:detail",
    **filters: str,
) -> Group:
    rows = rows.filter(state=state)
    total = rows.count()
    shown = rows.select_related("campaign").order_by("number")[:MOST_SHOWN] if total else ()
    return Group(
        key=key,
        label=label,
        total=total,
        tasks=[
            Task(
                title=issue.title,
                url=reverse(page, args=[campaign.pk, issue.number]),
                meta=issue.code,
                note=issue.review_note,
            )
            for issue in shown
        ],
        url=links.issues(campaign, state=state, **filters),
    )


def _exposure_groups(person: Person, campaign: Campaign, today: dt.date) -> Iterator[Group]:
    """The same duties that the digest counts."""
    for duty in duties_of(scope_of(person)):
        rows = duty.of(person, today).filter(**{duty.campaign: campaign})
        shown = list(rows.order_by("pk")[: MOST_SHOWN + 1])
        total = rows.count() if len(shown) > MOST_SHOWN else len(shown)
        yield Group(
            key=duty.key,
            label=duty.label,
            total=total,
            tasks=[
                Task(title=title_of(row), url=duty.url(row), meta=_("exposure"))
                for row in shown[:MOST_SHOWN]
            ],
            url=reverse("supervision:waiting", args=[campaign.pk, duty.key]),
        )


def _evaluation_groups(person: Person, campaign: Campaign, today: dt.date) -> Iterator[Group]:
    """One row for each round: who is meant is read on the page that it opens, and not here."""
    for key, group in waiting_groups(person, today, {campaign.pk}):
        yield Group(
            key=key,
            label=group.label,
            total=group.total,
            tasks=[
                Task(title=line.title, url=line.url, meta=_("evaluation"), note=line.note)
                for line in group.lines
            ],
            url=reverse("results:waiting", args=[campaign.pk, key]),
            covered=group.total,
        )


def _milestones(person: Person, campaign: Campaign, today: dt.date) -> Iterator[Group]:
    """The office keeps the plan: what it has not reached in time, or is to reach this week."""
    if campaign.pk not in scope_of(person).office or campaign.state != CampaignState.RUNNING:
        return
    due = list(
        Milestone.objects.filter(
            phase__campaign=campaign,
            done_on__isnull=True,
            due_on__lte=today.fromordinal(today.toordinal() + SOON),
        )
        .select_related("phase")
        .order_by("due_on", "pk")
    )
    page = reverse("campaign:detail", args=[campaign.pk])
    yield Group(
        key="milestones",
        label=pgettext("queue", "Milestones of the plan"),
        total=len(due),
        tasks=[
            Task(
                title=one.name,
                url=f"{page}#phase-{one.phase_id}",
                meta=one.phase.name,
                light="overdue" if one.due_on < today else "near",
                light_text=_("due %(date)s") % {"date": one.due_on.isoformat()},
            )
            for one in due[:MOST_SHOWN]
        ],
        url=page,
    )
