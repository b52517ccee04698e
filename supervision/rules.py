"""Who may do what about exposure. Asked without a subject: whether he may do it to any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from campaign.models import Campaign, scope_of
from issues.models import campaigns_inside
from supervision.models import Distribution, ExposureCase, ExposureMeeting, SelfCriticism

if TYPE_CHECKING:
    from organisation.models import Person
    from supervision.models import Handling

    Subject = Campaign | ExposureMeeting | ExposureCase | SelfCriticism | Distribution | Handling


def _campaign(subject: Subject) -> int:
    if isinstance(subject, Campaign):
        return subject.pk
    if isinstance(subject, SelfCriticism):
        return subject.case.meeting.campaign_id
    if isinstance(subject, ExposureCase | Distribution):
        return subject.meeting.campaign_id
    return subject.campaign_id


@rules.predicate
def is_in_the_office(person: Person, subject: Subject | None = None) -> bool:
    office = scope_of(person).office
    return bool(office) if subject is None else _campaign(subject) in office


@rules.predicate
def is_in_the_discipline_office(person: Person, subject: Subject | None = None) -> bool:
    discipline = scope_of(person).discipline
    return bool(discipline) if subject is None else _campaign(subject) in discipline


@rules.predicate
def is_a_principal(person: Person, subject: Subject | None = None) -> bool:
    """Secretary or president of the host unit: he signs what it issues."""
    principal = scope_of(person).principal
    return bool(principal) if subject is None else _campaign(subject) in principal


@rules.predicate
def runs_it(person: Person, subject: Subject | None = None) -> bool:
    runs = scope_of(person).runs
    return bool(runs) if subject is None else _campaign(subject) in runs


@rules.predicate
def submitted_it(person: Person, meeting: ExposureMeeting | None = None) -> bool:
    return meeting is not None and meeting.submitted_by_id == person.pk


@rules.predicate
def may_read_meetings(person: Person, subject: Subject | None = None) -> bool:
    """Anybody in a campaign has a list; a meeting is read by those whom ``visible_to`` names."""
    if not person.is_authenticated:
        return False
    if isinstance(subject, ExposureMeeting):
        return ExposureMeeting.objects.visible_to(person).filter(pk=subject.pk).exists()
    scope = scope_of(person)
    return bool(campaigns_inside(scope) | scope.bureau)


@rules.predicate
def acts_for_the_department(
    person: Person, subject: Distribution | SelfCriticism | None = None
) -> bool:
    acts_for = scope_of(person).acts_for
    if subject is None:
        return bool(acts_for)
    unit = subject.unit_id if isinstance(subject, Distribution) else subject.case.department_id
    return unit in acts_for


@rules.predicate
def heads_the_department(person: Person, criticism: SelfCriticism | None = None) -> bool:
    """The department's principal answers for it himself; a liaison may only help to write."""
    heads = scope_of(person).heads
    return bool(heads) if criticism is None else criticism.case.department_id in heads


@rules.predicate
def answers_for_it(person: Person, criticism: SelfCriticism | None = None) -> bool:
    """Nobody judges what his own department says of itself."""
    return criticism is not None and criticism.case.department_id in scope_of(person).acts_for


@rules.predicate
def is_about_himself(person: Person, subject: Campaign | Handling | None = None) -> bool:
    return getattr(subject, "person_id", None) == person.pk


rules.add_perm("supervision.view_meeting", may_read_meetings)
rules.add_perm("supervision.view_candidates", runs_it)
rules.add_perm("supervision.prepare_meeting", is_in_the_office)
rules.add_perm("supervision.approve_report", is_a_principal & ~submitted_it)
rules.add_perm("supervision.acknowledge_report", acts_for_the_department)
rules.add_perm("supervision.draft_criticism", acts_for_the_department)
rules.add_perm("supervision.write_criticism", heads_the_department)
rules.add_perm("supervision.judge_criticism", is_in_the_office & ~answers_for_it)
rules.add_perm(
    "supervision.view_handlings",
    is_in_the_office | is_in_the_discipline_office | is_a_principal,
)
rules.add_perm(
    "supervision.record_handling",
    (is_in_the_office | is_in_the_discipline_office) & ~is_about_himself,
)
rules.add_perm("supervision.approve_naming", is_a_principal & ~is_about_himself)
rules.add_perm("supervision.view_statistics", runs_it)
