"""Whose turn it is: for each verb of the trade, the items that wait for one person's hand.

Each queue agrees exactly with the rule of its step: what is in it offers him the step, and what
offers him the step is in it (where a day must have come first, from that day on).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import pgettext_lazy

from campaign.models import scope_of
from issues.models import campaigns_inside
from rectification import states
from rectification.models import (
    Attempt,
    Evidence,
    LedgerItem,
    Measure,
    NoticeObjection,
    Outcome,
    ProgressUpdate,
)
from rectification.states import State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from django_stubs_ext import StrOrPromise

    from campaign.models import Scope
    from core.workflow import Transition
    from organisation.models import Person
    from rectification.models import LedgerItemQuerySet

    Condition = Callable[[Person, Scope, dt.date], Q]


@dataclass(frozen=True, slots=True)
class Verb:
    """One column of the work queue: what he is asked to do, and the step that does it."""

    key: str
    label: StrOrPromise
    step: Transition
    condition: Condition


def _some(keys: frozenset[int]) -> frozenset[int]:
    """An empty set would make Django answer the whole aggregate with nothing, unasked."""
    return keys or frozenset({0})


def _attempt(**facts: object) -> Exists:
    """The attempt on its way has these facts."""
    return Exists(Attempt.objects.filter(item=OuterRef("pk"), outcome=Outcome.PENDING, **facts))


def _of_units(units: frozenset[int]) -> Q:
    """One of these units leads it or is named as responsible."""
    named = LedgerItem.responsible_departments.through.objects.filter(
        ledgeritem=OuterRef("pk"), unit__in=_some(units)
    )
    return Q(lead_department__in=_some(units)) | Q(Exists(named))


def _concerned(person: Person, scope: Scope) -> Q:
    """The rule ``works_in_a_department_concerned``."""
    return Q(assignee=person.pk) | _of_units(scope.works_in | scope.acts_for)


def _worked(person: Person) -> Q:
    """The rule ``worked_on_it``."""
    his = (
        ProgressUpdate.objects.filter(item=OuterRef("pk"), by=person.pk),
        Measure.objects.filter(item=OuterRef("pk"), done_by=person.pk),
        Evidence.objects.filter(item=OuterRef("pk"), uploaded_by=person.pk),
    )
    return Q(Exists(his[0])) | Q(Exists(his[1])) | Q(Exists(his[2]))


def _judges(person: Person, scope: Scope) -> Q:
    return (
        Q(campaign__in=_some(scope.office | scope.discipline))
        & ~_concerned(person, scope)
        & ~_worked(person)
    )


def led_by(person: Person, scope: Scope) -> Q:
    """The rule ``is_the_responsible_leader``."""
    inside = _some(campaigns_inside(scope))
    return Q(responsible_leader=person.pk, campaign__in=inside)


def does_the_work(person: Person, scope: Scope) -> Q:
    """The rule ``acts_for_a_responsible_department``."""
    whose = Q(assignee=person.pk)
    if scope.acts_for:
        whose |= Q(for_all_departments=True)
    inside = whose & Q(campaign__in=_some(campaigns_inside(scope)))
    return inside | _of_units(scope.acts_for)


def _was_returned() -> Q:
    """The last attempt came back, and its reasons are to be answered."""
    last = Attempt.objects.filter(item=OuterRef("pk"), number=OuterRef("attempts_count"))
    return Q(Exists(last.filter(outcome=Outcome.RETURNED)))


def _open_objection() -> Q:
    return Q(
        Exists(
            NoticeObjection.objects.filter(
                attempt__item=OuterRef("pk"),
                attempt__outcome=Outcome.PENDING,
                decision=NoticeObjection.Decision.OPEN,
            )
        )
    )


def _verify(person: Person, scope: Scope, today: dt.date) -> Q:
    his = _attempt(applied_by=person.pk), _attempt(checked_by=person.pk)
    return Q(state=State.CHECKED) & _judges(person, scope) & ~Q(his[0]) & ~Q(his[1])


def _approve(person: Person, scope: Scope, today: dt.date) -> Q:
    return (
        Q(state=State.VERIFIED)
        & led_by(person, scope)
        & ~_concerned(person, scope)
        & ~_worked(person)
        & ~Q(_attempt(applied_by=person.pk))
        & ~Q(_attempt(checked_by=person.pk))
        & ~Q(_attempt(verified_by=person.pk))
    )


def _on_notice(person: Person, scope: Scope) -> Q:
    return Q(state=State.ON_NOTICE) & _judges(person, scope) & ~Q(_attempt(applied_by=person.pk))


VERBS = (
    Verb(
        "approve",
        pgettext_lazy("queue", "Approve sign-off"),
        states.APPROVE,
        _approve,
    ),
    Verb(
        "approve_plan",
        pgettext_lazy("queue", "Approve plan"),
        states.APPROVE_PLAN,
        lambda person, scope, today: Q(state=State.AWAITING_PLAN_APPROVAL) & led_by(person, scope),
    ),
    Verb("verify", pgettext_lazy("queue", "Verify"), states.VERIFY, _verify),
    Verb(
        "check",
        pgettext_lazy("queue", "Check"),
        states.CHECK,
        lambda person, scope, today: (
            Q(state=State.APPLIED, lead_department__in=_some(scope.heads))
            & ~Q(_attempt(applied_by=person.pk))
        ),
    ),
    Verb(
        "decide_objection",
        pgettext_lazy("queue", "Decide objection"),
        states.UPHOLD_ASSIGNMENT,
        lambda person, scope, today: Q(state=State.OBJECTED, campaign__in=_some(scope.office)),
    ),
    Verb(
        "decide_notice_objection",
        pgettext_lazy("queue", "Answer objection to notice"),
        states.RETURN_FROM_NOTICE,
        lambda person, scope, today: _on_notice(person, scope) & _open_objection(),
    ),
    Verb(
        "claim",
        pgettext_lazy("queue", "Claim"),
        states.CLAIM,
        lambda person, scope, today: Q(
            state=State.AWAITING_CLAIM, lead_department__in=_some(scope.acts_for)
        ),
    ),
    Verb(
        "answer_return",
        pgettext_lazy("queue", "Answer a return"),
        states.APPLY,
        lambda person, scope, today: (
            Q(state=State.RECTIFYING) & does_the_work(person, scope) & _was_returned()
        ),
    ),
    Verb(
        "rectify",
        pgettext_lazy("queue", "Rectify"),
        states.APPLY,
        lambda person, scope, today: (
            Q(state=State.RECTIFYING) & does_the_work(person, scope) & ~_was_returned()
        ),
    ),
    Verb(
        "draft_plan",
        pgettext_lazy("queue", "Complete plan"),
        states.SUBMIT_PLAN,
        lambda person, scope, today: Q(state=State.DRAFTING, campaign__in=_some(scope.office)),
    ),
    Verb(
        "end_notice",
        pgettext_lazy("queue", "End notice"),
        states.END_NOTICE,
        lambda person, scope, today: (
            _on_notice(person, scope) & ~_open_objection() & Q(_attempt(notice_until__lt=today))
        ),
    ),
    Verb(
        "review",
        pgettext_lazy("queue", "Review what continues"),
        states.REVIEW,
        lambda person, scope, today: (
            Q(state=State.CONTINUING, review_on__lte=today) & _judges(person, scope)
        ),
    ),
)
"""In the order in which a leader, an officer and a department expect them: decisions first."""


def _within_reach(scope: Scope) -> LedgerItemQuerySet:
    """Of campaigns of his own units, above or below them: the others hold nothing for him, and with
    a hundred hospitals on one installation they are most of the table.
    """
    return LedgerItem.objects.filter(campaign__in=scope.seen)


def waiting(verb: Verb, person: Person, today: dt.date) -> LedgerItemQuerySet:
    """The items of every campaign that wait for this person to do this."""
    if person.pk is None:
        return LedgerItem.objects.none()
    return _within_reach(scope_of(person)).filter(verb.condition(person, scope_of(person), today))


def waiting_counts(
    person: Person, today: dt.date, *, campaign: int | None = None
) -> dict[str, int]:
    """How many items wait for each verb, in one query."""
    if person.pk is None:
        return {}
    scope = scope_of(person)
    items = _within_reach(scope)
    if campaign is not None:
        items = items.filter(campaign=campaign)
    return items.aggregate(
        **{verb.key: Count("pk", filter=verb.condition(person, scope, today)) for verb in VERBS}
    )
