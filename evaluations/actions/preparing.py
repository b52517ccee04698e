"""A round on paper: heads, groups, commission, and the key of the seal."""

from __future__ import annotations

from base64 import b64decode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import trail
from ballots.models import Election
from ballots.sealing import is_seal_key
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from core.workflow import locked
from evaluations.models import (
    DIMENSIONS,
    CommissionMember,
    Round,
    Subject,
    VoterGroup,
)
from evaluations.states import RoundState
from organisation.actions.writing import added, changed, saved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from campaign.models import Campaign
    from evaluations.presets import ReadySet
    from organisation.models import Person, Unit

PAIRS = frozenset({"12", "13", "23"})


def next_number(campaign: Campaign) -> int:
    last = Round.objects.filter(campaign=campaign).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def plan_round(
    campaign: Campaign, *, by: Person, earlier: Round | None = None, **facts: Any
) -> Round:
    """Set up a round; from an earlier one come heads, groups, commission and rules, not its keys."""
    with locked(campaign, permission="evaluations.run_round", by=by) as row:
        if row.state != CampaignState.RUNNING:
            raise ActionRefusedError(_("Only a running campaign holds evaluations."))
        facts.setdefault("number", next_number(row))
        round_ = Round(campaign=row, copied_from=earlier, **facts)
        if not round_.dimensions:
            round_.dimensions = list(earlier.dimensions if earlier else DIMENSIONS)
        if not round_.grading:
            round_.grading = (earlier or round_).rules.to_json()
        added("evaluations.plan_round", round_, by=by)
        if earlier:
            _copy(earlier, round_)
    return round_


def _copy(earlier: Round, round_: Round) -> None:
    for subject in earlier.subjects.filter(person__is_active=True, unit__closed_on__isnull=True):
        Subject.objects.create(
            round=round_,
            person_id=subject.person_id,
            unit_id=subject.unit_id,
            post_title=subject.post_title,
            position=subject.position,
        )
    for group in earlier.groups.order_by("code"):
        copied = VoterGroup.objects.create(
            round=round_, code=group.code, name=group.name, rule=group.rule, weight=group.weight
        )
        copied.units.set(group.units.all())
        copied.people.set(group.people.all())
    for member in earlier.commission.filter(person__is_active=True):
        CommissionMember.objects.create(
            round=round_,
            person_id=member.person_id,
            seat=member.seat,
            stands_for=member.stands_for,
        )
    round_.comment_reviewers.set(earlier.comment_reviewers.all())


@contextmanager
def preparing(round_: Round, *, by: Person) -> Iterator[Round]:
    """The round, locked, as long as nothing about it is frozen."""
    with locked(round_, permission="evaluations.run_round", by=by) as row:
        if row.state != RoundState.PREPARING:
            raise ActionRefusedError(
                _("Nothing can be changed now: the state is “%(state)s”.")
                % {"state": row.get_state_display()}
            )
        yield row


def revise_round(
    round_: Round, *, by: Person, reviewers: Iterable[Person] | None = None, **facts: Any
) -> Round:
    """Change name, times, dimensions, grades, and who reviews the comments."""
    with preparing(round_, by=by) as row:
        changed("evaluations.revise_round", row, facts, by=by)
        if reviewers is not None:
            _set_reviewers(row, list(reviewers), by=by)
    return row


def _set_reviewers(round_: Round, reviewers: Sequence[Person], *, by: Person) -> None:
    before = set(round_.comment_reviewers.values_list("pk", flat=True))
    if before != {person.pk for person in reviewers}:
        round_.comment_reviewers.set(reviewers)
        trail.record(
            "evaluations.name_reviewers",
            subject=round_,
            by=by,
            detail={"reviewers": [str(person) for person in reviewers]},
        )


def set_subjects(round_: Round, heads: Sequence[tuple[Person, Unit, str]], *, by: Person) -> Round:
    """The heads who are evaluated, in this order: person, department, title of the post."""
    with preparing(round_, by=by) as row:
        row.subjects.all().delete()
        for position, (person, unit, title) in enumerate(heads, 1):
            saved(Subject(round=row, person=person, unit=unit, post_title=title, position=position))
        trail.record(
            "evaluations.set_subjects",
            subject=row,
            by=by,
            detail={"heads": [f"{person} · {unit}" for person, unit, _title in heads]},
        )
    return row


def add_group(
    round_: Round,
    *,
    by: Person,
    units: Iterable[Unit] = (),
    people: Iterable[Person] = (),
    **facts: Any,
) -> VoterGroup:
    with preparing(round_, by=by) as row:
        group = VoterGroup(round=row, **facts)
        saved(group)
        group.units.set(units)
        group.people.set(people)
        trail.record(
            "evaluations.add_group", subject=row, by=by, detail={"group": trail.snapshot(group)}
        )
    return group


def revise_group(
    group: VoterGroup, *, by: Person, units: Iterable[Unit], people: Iterable[Person], **facts: Any
) -> VoterGroup:
    with preparing(group.round, by=by) as row:
        own = row.groups.get(pk=group.pk)
        before = trail.snapshot(own)
        for name, value in facts.items():
            setattr(own, name, value)
        saved(own)
        own.units.set(units)
        own.people.set(people)
        trail.record(
            "evaluations.revise_group",
            subject=row,
            by=by,
            detail={"before": before, "after": trail.snapshot(own)},
        )
    return own


def take_ready_set(round_: Round, ready: ReadySet, *, by: Person) -> Round:
    """Groups as a scheme in force has them, in place of those that were there."""
    with preparing(round_, by=by) as row:
        row.groups.all().delete()
        for one in ready.groups:
            saved(
                VoterGroup(
                    round=row, code=one.code, name=one.name, rule=one.rule, weight=one.weight
                )
            )
        trail.record(
            "evaluations.take_ready_set", subject=row, by=by, detail={"groups": ready.words}
        )
    return row


def remove_group(group: VoterGroup, *, by: Person) -> None:
    with preparing(group.round, by=by) as row:
        trail.record("evaluations.remove_group", subject=row, by=by, detail={"group": str(group)})
        group.delete()


def set_commission(round_: Round, members: Sequence[tuple[Person, str]], *, by: Person) -> Round:
    """The three who keep the shares, and for whom each stands. A key made before is void."""
    with preparing(round_, by=by) as row:
        if len(members) != len(CommissionMember.SEATS):
            raise ActionRefusedError(_("Name three members of the commission."))
        if row.subjects.filter(person__in=[person for person, _for in members]).exists():
            raise ActionRefusedError(_("Nobody who is evaluated watches over the boxes."))
        row.commission.all().delete()
        for seat, (person, stands_for) in enumerate(members, 1):
            saved(CommissionMember(round=row, person=person, seat=seat, stands_for=stands_for))
        _forget_seal(row)
        trail.record(
            "evaluations.set_commission",
            subject=row,
            by=by,
            detail={"members": [f"{person} ({of})" for person, of in members]},
        )
    return row


def _forget_seal(round_: Round) -> None:
    election, round_.election = round_.election, None
    round_.save(update_fields=["election"])
    if election is not None:
        election.delete()


def begin_seal(round_: Round, *, by: Person) -> Election:
    """The election whose number the commission's computer ties the shares to. Without a key as yet."""
    with locked(round_, permission="evaluations.count_round", by=by) as row:
        if row.state != RoundState.PREPARING:
            raise ActionRefusedError(_("The rules are frozen already."))
        if row.election is None:
            row.election = Election.objects.create(
                title=row.name, opens_at=row.opens_at, closes_at=row.closes_at
            )
            row.save(update_fields=["election"])
    return row.election


def seal(round_: Round, *, by: Person, public: str, wrapped: dict[str, str]) -> Round:
    """Keep the public seal key, and the private one wrapped for any two shares, as base64.

    Made in the browser of the commission: the shares themselves never reach us. Made once: nobody of
    the three can replace it alone and hold all shares of the new one.
    """
    with locked(round_, permission="evaluations.count_round", by=by) as row:
        if row.state != RoundState.PREPARING or row.election is None:
            raise ActionRefusedError(_("The key of this round cannot be set now."))
        if row.election.seal_key:
            raise ActionRefusedError(
                _("There is a key already. Name the commission anew to make another.")
            )
        row.election.seal_key = _public_key(public)
        row.election.wrapped_seal = _wrapped(wrapped)
        row.election.save(update_fields=["seal_key", "wrapped_seal"])
        trail.record("evaluations.seal", subject=row, by=by)
    return row


def _public_key(text: str) -> bytes:
    try:
        der = b64decode(text, validate=True)
    except ValueError as fault:
        raise ActionRefusedError(_("The browser did not send a key. Make it again.")) from fault
    if not is_seal_key(der):
        raise ActionRefusedError(_("The browser did not send a key. Make it again."))
    return der


def _wrapped(wrapped: dict[str, str]) -> dict[str, str]:
    try:
        whole = wrapped.keys() == PAIRS and all(
            b64decode(v, validate=True) for v in wrapped.values()
        )
    except (AttributeError, TypeError, ValueError) as fault:
        raise ActionRefusedError(_("The browser did not send a key. Make it again.")) from fault
    if not whole:
        raise ActionRefusedError(_("The browser did not send a key. Make it again."))
    return dict(wrapped)
