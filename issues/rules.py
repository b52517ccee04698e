"""Who may do what to an issue. Asked without one: whether he may do it to any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from campaign.models import Campaign, scope_of
from issues.models import campaigns_inside
from issues.states import State

if TYPE_CHECKING:
    from issues.models import Issue
    from organisation.models import Person


def _campaign(subject: Issue | Campaign | None) -> int | None:
    return subject.pk if isinstance(subject, Campaign) else getattr(subject, "campaign_id", None)


@rules.predicate
def is_in_a_campaign(person: Person, subject: Issue | Campaign | None = None) -> bool:
    """Works in the host unit or one of its departments (a supervisor above does not)."""
    inside = campaigns_inside(scope_of(person))
    return bool(inside) if subject is None else _campaign(subject) in inside


@rules.predicate
def is_in_the_office(person: Person, subject: Issue | Campaign | None = None) -> bool:
    office = scope_of(person).office
    return bool(office) if subject is None else _campaign(subject) in office


@rules.predicate
def enters_lists(person: Person, subject: Issue | Campaign | None = None) -> bool:
    """The office, the discipline office, and those who act for a department."""
    scope = scope_of(person)
    running = scope.office | scope.discipline
    acting = campaigns_inside(scope) if scope.acts_for else frozenset()
    return bool(running | acting) if subject is None else _campaign(subject) in running | acting


@rules.predicate
def reported_it(person: Person, issue: Issue | None = None) -> bool:
    """Reported it himself, or acts for the department in whose name it was reported."""
    if issue is None:
        return person.is_authenticated
    return issue.reported_by_id == person.pk or issue.reported_unit_id in scope_of(person).acts_for


@rules.predicate
def may_read_who_reported(person: Person, issue: Issue | None = None) -> bool:
    """A department is never told who reported it."""
    if issue is None:
        return False
    if issue.state == State.HANDED_OVER:
        return issue.campaign_id in scope_of(person).discipline
    return issue.reported_by_id == person.pk or issue.campaign_id in scope_of(person).runs


rules.add_perm("issues.view_issue", is_in_a_campaign)
rules.add_perm("issues.report_issue", is_in_a_campaign)
rules.add_perm("issues.import_issues", enters_lists)
rules.add_perm("issues.review_issue", is_in_the_office)
rules.add_perm("issues.resubmit_issue", reported_it)
rules.add_perm("issues.view_reporter", may_read_who_reported)
