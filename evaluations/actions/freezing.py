"""The moment after which nothing about a round changes: roll, groups, weights, thresholds, keys."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from ballots import actions as boxes
from ballots.models import BoxKind
from core.errors import ActionRefusedError
from core.workflow import moving
from evaluations import states
from evaluations.models import CommissionMember, Electorate, RollEntry, Round
from evaluations.queries import secrecy
from evaluations.queries.electorates import anonymity
from evaluations.queries.manifest import manifest, roll_digest
from organisation.models import Person

if TYPE_CHECKING:
    from evaluations.queries.electorates import Anonymity, SubjectPlan

MOST_ON_A_ROLL = 2000  # rows in one statement
WHOLE = 100  # per cent


def freeze_round(round_: Round, *, by: Person, override: str = "") -> Round:
    """Make the boxes, the roll and the digest, and announce the vote.

    Refused while a box could tell who voted what, without a commission and its key, and on a
    server that is not set up for secrecy, unless ``override`` says why it is done all the same
    (for a demonstration). That stays in the trail and on the round's page.
    """
    override = override.strip()
    with moving(round_, states.FREEZE, by=by, reason=override) as row:
        report = anonymity(row)
        _refuse(row, report, override)
        row.override = override
        row.roll_salt = secrets.token_hex(16)
        row.grading = row.rules.to_json()
        _make(row, report)
    return row


def _refuse(round_: Round, report: Anonymity, override: str) -> None:
    _refuse_without_groups(report)
    for plan in report.plans:
        for finding in plan.assessment.findings:
            if not finding.is_safe:
                raise ActionRefusedError(
                    _("%(head)s: %(finding)s") % {"head": plan.subject, "finding": finding.sentence}
                )
    _refuse_without_commission(round_, report)
    if round_.closes_at <= timezone.now():
        raise ActionRefusedError(_("Voting would be over already."))
    faults = secrecy.faults()
    if faults and not override:
        raise ActionRefusedError(
            _("The server is not set up for a secret vote: %(faults)s")
            % {"faults": " ".join(str(fault.sentence) for fault in faults)}
        )


def _refuse_without_groups(report: Anonymity) -> None:
    if not report.plans:
        raise ActionRefusedError(_("Name the heads who are evaluated."))
    if not report.groups:
        raise ActionRefusedError(_("Name the groups who vote."))
    weights = sum(group.weight for group in report.groups)
    if weights != WHOLE:
        raise ActionRefusedError(
            _("The weights add up to %(sum)s, they must add up to 100.") % {"sum": weights}
        )


def _refuse_without_commission(round_: Round, report: Anonymity) -> None:
    members = set(round_.commission.values_list("person", flat=True))
    if len(members) != len(CommissionMember.SEATS):
        raise ActionRefusedError(_("Name three members of the commission."))
    if members & {plan.subject.person_id for plan in report.plans}:
        raise ActionRefusedError(_("Nobody who is evaluated watches over the boxes."))
    if round_.election is None or not round_.election.seal_key:
        raise ActionRefusedError(_("The commission has not made its key yet."))


def _make(round_: Round, report: Anonymity) -> None:
    election = round_.election
    assert election is not None  # noqa: S101 -- refused above
    election.title = round_.name
    election.opens_at, election.closes_at = round_.opens_at, round_.closes_at
    plans: list[boxes.BoxPlan] = []
    electorates: list[tuple[Electorate, frozenset[int]]] = []
    for plan in report.plans:
        for planned, electorate, people in _boxes_of(plan, len(round_.dimensions)):
            plans.append(planned)
            electorates.append((electorate, people))
    numbers = dict(
        Person.objects.filter(
            pk__in=frozenset().union(*(people for _one, people in electorates))
        ).values_list("pk", "employee_number")
    )
    roll = {
        str(planned.id): [numbers[person] for person in people]
        for planned, (_one, people) in zip(plans, electorates, strict=True)
    }
    digest = roll_digest(roll, round_.roll_salt)
    made = boxes.freeze(
        election,
        plans,
        manifest=lambda described, key: manifest(round_, described, key, digest),
    )
    for box, (electorate, _people) in zip(made, electorates, strict=True):
        electorate.box = box
    Electorate.objects.bulk_create(electorate for electorate, _people in electorates)
    entries = [
        RollEntry(electorate=electorate, person_id=person)
        for electorate, people in electorates
        for person in people
    ]
    secrets.SystemRandom().shuffle(entries)
    RollEntry.objects.bulk_create(entries, batch_size=MOST_ON_A_ROLL)


def _boxes_of(
    plan: SubjectPlan, dimensions: int
) -> list[tuple[boxes.BoxPlan, Electorate, frozenset[int]]]:
    """A box for each electorate of one head, and one for comments, with who may vote into it."""
    found = []
    for one in plan.assessment.electorates:
        people = plan.voters_of(one)
        about = {
            "subject": plan.subject.pk,
            "code": one.code,
            "label": one.label,
            "weight": one.weight,
            "named": one.is_named,
        }
        box = boxes.BoxPlan(
            kind=BoxKind.GRADE, eligible=len(people), dimensions=dimensions, about=about
        )
        electorate = Electorate(
            subject=plan.subject,
            code=one.code,
            label=one.label,
            weight=one.weight,
            is_named=one.is_named,
            eligible=len(people),
        )
        found.append((box, electorate, people))
    if plan.comment_eligible:
        people = plan.everybody
        about = {"subject": plan.subject.pk, "code": "", "label": "", "weight": 0, "named": False}
        box = boxes.BoxPlan(kind=BoxKind.COMMENT, eligible=len(people), about=about)
        electorate = Electorate(
            subject=plan.subject, is_for_comments=True, label="", eligible=len(people)
        )
        found.append((box, electorate, people))
    return found
