"""Who may do what to a ledger item. Asked without one: whether he may do it to any.

What needs the attempt under way (who applied, who checked, who verified) is read from
``item.attempt_on_its_way``, which the pages load with the item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from campaign.models import scope_of
from issues.models import campaigns_inside
from rectification.states import State

if TYPE_CHECKING:
    from organisation.models import Person
    from rectification.models import LedgerItem


def _is_named(person: Person, item: LedgerItem) -> bool:
    return person.pk in {item.responsible_leader_id, item.assignee_id}


@rules.predicate
def sees_a_ledger(person: Person, item: LedgerItem | None = None) -> bool:
    """The same as ``LedgerItem.objects.visible_to``, for one item."""
    scope = scope_of(person)
    if item is None:
        return person.is_authenticated and bool(scope.seen)
    return (
        item.campaign_id in scope.runs
        or (item.campaign_id in scope.bureau and item.state != State.DRAFTING)
        or (_is_named(person, item) and item.campaign_id in campaigns_inside(scope))
        or bool((scope.acts_for | scope.charge) & item.department_ids)
        or (
            item.for_all_departments
            and bool(scope.acts_for | scope.charge)
            and item.campaign_id in campaigns_inside(scope)
        )
    )


@rules.predicate
def only_supervises(person: Person, item: LedgerItem | None = None) -> bool:
    """A bureau reads the ledgers below it and opens no files."""
    scope = scope_of(person)
    return item is not None and item.campaign_id in scope.bureau - scope.runs


@rules.predicate
def is_in_the_institution(person: Person, item: LedgerItem | None = None) -> bool:
    """Works in the host unit or under it: a public notice of the campaign is addressed to him."""
    campaigns = campaigns_inside(scope_of(person))
    return bool(campaigns) if item is None else item.campaign_id in campaigns


@rules.predicate
def is_in_the_office(person: Person, item: LedgerItem | None = None) -> bool:
    office = scope_of(person).office
    return bool(office) if item is None else item.campaign_id in office


@rules.predicate
def is_in_the_discipline_office(person: Person, item: LedgerItem | None = None) -> bool:
    discipline = scope_of(person).discipline
    return bool(discipline) if item is None else item.campaign_id in discipline


@rules.predicate
def is_the_responsible_leader(person: Person, item: LedgerItem | None = None) -> bool:
    if item is None:
        return person.is_authenticated
    inside = campaigns_inside(scope_of(person))
    return item.responsible_leader_id == person.pk and item.campaign_id in inside


@rules.predicate
def acts_for_the_lead_department(person: Person, item: LedgerItem | None = None) -> bool:
    acts_for = scope_of(person).acts_for
    return bool(acts_for) if item is None else item.lead_department_id in acts_for


@rules.predicate
def heads_the_lead_department(person: Person, item: LedgerItem | None = None) -> bool:
    heads = scope_of(person).heads
    return bool(heads) if item is None else item.lead_department_id in heads


@rules.predicate
def acts_for_a_responsible_department(person: Person, item: LedgerItem | None = None) -> bool:
    """Acts for the lead or a responsible department, or is the person in charge of the item."""
    scope = scope_of(person)
    if item is None:
        return person.is_authenticated
    if item.campaign_id in campaigns_inside(scope) and (
        item.assignee_id == person.pk or (item.for_all_departments and bool(scope.acts_for))
    ):
        return True
    return bool(scope.acts_for & item.department_ids)


@rules.predicate
def works_in_a_department_concerned(person: Person, item: LedgerItem | None = None) -> bool:
    """His own department's work: any post there or in a section of it counts, and so does heading
    the unit above it.

    Of “every department” only those named count, else nobody in the hospital could verify.
    """
    scope = scope_of(person)
    return item is not None and (
        item.assignee_id == person.pk
        or bool((scope.works_in | scope.acts_for) & item.department_ids)
    )


@rules.predicate
def applied(person: Person, item: LedgerItem | None = None) -> bool:
    attempt = item.attempt_on_its_way if item is not None else None
    return attempt is not None and attempt.applied_by_id == person.pk


@rules.predicate
def checked(person: Person, item: LedgerItem | None = None) -> bool:
    attempt = item.attempt_on_its_way if item is not None else None
    return attempt is not None and attempt.checked_by_id == person.pk


@rules.predicate
def verified(person: Person, item: LedgerItem | None = None) -> bool:
    attempt = item.attempt_on_its_way if item is not None else None
    return attempt is not None and attempt.verified_by_id == person.pk


@rules.predicate
def worked_on_it(person: Person, item: LedgerItem | None = None) -> bool:
    """Wrote progress, carried out a measure or added evidence: what he did himself he neither
    verifies nor approves.
    """
    return item is not None and person.pk in item.workers


@rules.predicate
def may_take_his_application_back(person: Person, item: LedgerItem | None = None) -> bool:
    if item is None:
        return person.is_authenticated
    return bool(applied(person, item)) and item.campaign_id in campaigns_inside(scope_of(person))


did_it_himself = applied | worked_on_it
judges = is_in_the_office | is_in_the_discipline_office

rules.add_perm("rectification.view_item", sees_a_ledger)
rules.add_perm("rectification.draft_plan", is_in_the_office)
rules.add_perm("rectification.approve_plan", is_the_responsible_leader)
rules.add_perm("rectification.open_evidence", sees_a_ledger & ~only_supervises)
rules.add_perm("rectification.claim_item", acts_for_the_lead_department)
rules.add_perm("rectification.decide_objection", is_in_the_office)
rules.add_perm("rectification.report_progress", acts_for_a_responsible_department)
rules.add_perm("rectification.add_evidence", acts_for_a_responsible_department)
rules.add_perm("rectification.apply_for_sign_off", acts_for_a_responsible_department)
rules.add_perm("rectification.withdraw_application", may_take_his_application_back)
rules.add_perm("rectification.check_item", heads_the_lead_department & ~applied)
rules.add_perm(
    "rectification.verify_item",
    judges & ~works_in_a_department_concerned & ~did_it_himself & ~checked,
)
rules.add_perm(
    "rectification.approve_sign_off",
    is_the_responsible_leader
    & ~works_in_a_department_concerned
    & ~did_it_himself
    & ~checked
    & ~verified,
)
rules.add_perm(
    "rectification.end_notice", judges & ~works_in_a_department_concerned & ~did_it_himself
)
rules.add_perm(
    "rectification.review_item", judges & ~works_in_a_department_concerned & ~worked_on_it
)
rules.add_perm("rectification.expose_item", is_in_the_office)
rules.add_perm("rectification.add_measure", acts_for_a_responsible_department)
rules.add_perm("rectification.void_item", is_in_the_office & ~works_in_a_department_concerned)
rules.add_perm("rectification.object_to_notice", is_in_the_institution)
rules.add_perm("rectification.export_ledger", sees_a_ledger)
