"""Who may do what in an evaluation. Asked without a subject: whether he may do it to any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules
from django.utils import timezone

from campaign.models import Campaign, scope_of
from evaluations.models import (
    Appeal,
    CommissionMember,
    Confirmation,
    Consequence,
    Publication,
    Round,
    Subject,
    Survey,
    reads_grades_in,
)
from evaluations.models.electorate import Electorate
from issues.models import campaigns_inside
from organisation.models import Post

if TYPE_CHECKING:
    from organisation.models import Person

    Thing = (
        Campaign | Round | Subject | Publication | Confirmation | Consequence | Appeal | Electorate
    )


def subject_of(thing: Thing) -> Subject | None:
    """The evaluated head that a thing is about, where it is about one."""
    if isinstance(thing, Subject):
        return thing
    if isinstance(thing, Consequence):
        return thing.confirmation.subject
    if isinstance(thing, Publication | Confirmation | Appeal | Electorate):
        return thing.subject
    return None


def _campaign(thing: Thing | Survey) -> int:
    if isinstance(thing, Campaign):
        return thing.pk
    if isinstance(thing, Round | Survey):
        return thing.campaign_id
    subject = subject_of(thing)
    assert subject is not None  # noqa: S101 -- everything else is about a head
    return subject.round.campaign_id


@rules.predicate
def runs_evaluations(person: Person, thing: Thing | Survey | None = None) -> bool:
    """Campaign office and discipline office: they run the round, and see how it runs."""
    scope = scope_of(person)
    runs = scope.office | scope.discipline
    return bool(runs) if thing is None else _campaign(thing) in runs


@rules.predicate
def is_in_the_discipline_office(person: Person, thing: Thing | None = None) -> bool:
    discipline = scope_of(person).discipline
    return bool(discipline) if thing is None else _campaign(thing) in discipline


@rules.predicate
def is_a_principal(person: Person, thing: Thing | None = None) -> bool:
    """Secretary or president of the host unit, who speak for the Party committee."""
    principal = scope_of(person).principal
    return bool(principal) if thing is None else _campaign(thing) in principal


@rules.predicate
def reads_grades(person: Person, thing: Thing | None = None) -> bool:
    reads = reads_grades_in(person)
    return bool(reads) if thing is None else _campaign(thing) in reads


@rules.predicate
def is_about_himself(person: Person, thing: Thing | None = None) -> bool:
    subject = subject_of(thing) if thing is not None else None
    return subject is not None and subject.person_id == person.pk


@rules.predicate
def is_the_subject(person: Person, thing: Thing | None = None) -> bool:
    """What a head says to his own result is his alone."""
    if not person.is_authenticated:
        return False
    if thing is None:
        return Subject.objects.filter(person=person).exists()
    return is_about_himself(person, thing)


@rules.predicate
def watches_the_boxes(person: Person, round_: Round | None = None) -> bool:
    seats = CommissionMember.objects.filter(person=person.pk)
    return (seats if round_ is None else seats.filter(round=round_)).exists()


@rules.predicate
def may_read_rounds(person: Person, thing: Campaign | Round | None = None) -> bool:
    """Anybody in a campaign has a list; a round is read by those whom ``visible_to`` names."""
    if not person.is_authenticated:
        return False
    if isinstance(thing, Round):
        return Round.objects.visible_to(person).filter(pk=thing.pk).exists()
    return bool(campaigns_inside(scope_of(person)))


@rules.predicate
def reviews_comments(person: Person, thing: Round | Subject | None = None) -> bool:
    """The discipline office, and whom the round names besides."""
    if is_in_the_discipline_office(person, thing):
        return True
    named = Round.comment_reviewers.through.objects.filter(person=person.pk)
    if thing is None:
        return named.exists()
    round_id = thing.pk if isinstance(thing, Round) else thing.round_id
    return named.filter(round=round_id).exists()


@rules.predicate
def may_vote(person: Person, thing: Round | None = None) -> bool:
    """Whoever stands on the roll; asked in general, everybody who holds a post."""
    if not person.is_authenticated:
        return False
    return Post.objects.on(timezone.localdate()).filter(person=person.pk).exists()


@rules.predicate
def may_read_surveys(person: Person, thing: Campaign | Survey | None = None) -> bool:
    if not person.is_authenticated:
        return False
    if isinstance(thing, Survey):
        return Survey.objects.visible_to(person).filter(pk=thing.pk).exists()
    return bool(scope_of(person).seen)


rules.add_perm("evaluations.view_round", may_read_rounds)
rules.add_perm("evaluations.run_round", runs_evaluations)
rules.add_perm("evaluations.count_round", watches_the_boxes)
rules.add_perm("evaluations.publish_round", is_a_principal)
rules.add_perm("evaluations.vote", may_vote)
rules.add_perm("evaluations.view_results", reads_grades)
rules.add_perm("evaluations.view_own_result", is_the_subject)
rules.add_perm("evaluations.confirm_grade", is_a_principal & ~is_about_himself)
rules.add_perm("evaluations.decide_consequence", is_a_principal & ~is_about_himself)
rules.add_perm(
    "evaluations.carry_out", (is_in_the_discipline_office | is_a_principal) & ~is_about_himself
)
rules.add_perm("evaluations.answer_consequence", is_the_subject)
rules.add_perm("evaluations.state_views", is_the_subject)
rules.add_perm("evaluations.judge_appeal", is_a_principal & ~is_about_himself)
rules.add_perm("evaluations.review_comments", reviews_comments & ~is_about_himself)
rules.add_perm("evaluations.view_survey", may_read_surveys)
rules.add_perm("evaluations.run_survey", runs_evaluations)
