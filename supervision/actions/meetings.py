"""A meeting from its planning to its being held, and the report from draft to acknowledgement."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from campaign.actions import give_number
from campaign.models import Campaign, Letterhead
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from core.privacy import without_private_data
from core.workflow import locked, move, moving
from organisation.actions.writing import added, changed
from organisation.queries import without_names
from rectification.actions import expose
from rectification.states import State as ItemState
from supervision import notifications, queries, states
from supervision.actions.candidates import propose
from supervision.models import (
    Distribution,
    ExposureCase,
    ExposureMeeting,
    IssuedPaper,
    PaperKind,
    SelfCriticism,
)
from supervision.states import ISSUED, MeetingState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from organisation.models import Person, Unit

TEXTS = ("title", "intro", "overall", "causes", "requirements", "agenda", "attendees")


def _private(facts: dict[str, Any]) -> dict[str, Any]:
    """Patients' names and numbers are taken out on entry: nobody has to remember it. The title, which
    names nobody on paper either, stands in lists, messages and the search: no staff in it as well.
    """
    kept = {
        name: without_private_data(value) if name in TEXTS else value
        for name, value in facts.items()
    }
    if "title" in kept:
        [kept["title"]] = without_names([kept["title"]])
    return kept


@transaction.atomic
def plan_meeting(campaign: Campaign, *, by: Person, **facts: Any) -> ExposureMeeting:
    """Set up the next meeting: its report drafted from figures, its candidates by the rules."""
    with locked(campaign, permission="supervision.prepare_meeting", by=by) as row:
        if row.state != CampaignState.RUNNING:
            raise ActionRefusedError(_("Only a running campaign holds exposure meetings."))
        meeting = ExposureMeeting(campaign=row, **_private(facts))
        for name, text in queries.first_draft(meeting).items():
            if not getattr(meeting, name):
                setattr(meeting, name, text)
        added("supervision.plan_meeting", meeting, by=by)
    propose(meeting, by=by)
    return meeting


@contextmanager
def preparing(meeting: ExposureMeeting, *, by: Person) -> Iterator[ExposureMeeting]:
    """The meeting, locked, as long as its report is being written."""
    with locked(meeting, permission="supervision.prepare_meeting", by=by) as row:
        if row.state != MeetingState.PREPARING:
            raise ActionRefusedError(
                _("Nothing can be changed now: the state is “%(state)s”.")
                % {"state": row.get_state_display()}
            )
        yield row


def revise_meeting(meeting: ExposureMeeting, *, by: Person, **facts: Any) -> ExposureMeeting:
    """Change when and where it meets, or what the report says around its cases."""
    with preparing(meeting, by=by) as row:
        changed("supervision.revise_meeting", row, _private(facts), by=by)
    return row


def submit_report(meeting: ExposureMeeting, *, by: Person) -> ExposureMeeting:
    """Lay the report before the principal. Problems not yet handled stay candidates."""
    with moving(meeting, states.SUBMIT, by=by) as row:
        _refuse_unfinished(row)
        row.submitted_by = by
        row.return_reason = ""
    return row


def _refuse_unfinished(meeting: ExposureMeeting) -> None:
    included = ExposureCase.objects.filter(meeting=meeting).included().select_related("item")
    cases = list(included.in_order())
    if not any(case.is_problem for case in cases):
        raise ActionRefusedError(_("Take in at least one problem whose handling is concluded."))
    for case in cases:
        if missing := _missing(case):
            raise ActionRefusedError(
                _("“%(case)s” lacks: %(missing)s.") % {"case": case, "missing": "、".join(missing)}
            )
        if not case.is_problem:
            continue
        if case.item is not None and case.item.state == ItemState.VOIDED:
            raise ActionRefusedError(
                _("%(code)s is voided and cannot be exposed.") % {"code": case.item.code}
            )
        if case.due_on is not None and case.due_on < meeting.held_on:
            raise ActionRefusedError(
                _("“%(case)s” would be due before the meeting.") % {"case": case}
            )


def _missing(case: ExposureCase) -> list[str]:
    needed = {"title", "facts"} | ({"nature", "handling", "due_on"} if case.is_problem else set())
    return [
        str(field.verbose_name)
        for field in ExposureCase._meta.concrete_fields
        if field.name in needed and not getattr(case, field.name)
    ]


def withdraw_report(meeting: ExposureMeeting, *, by: Person) -> ExposureMeeting:
    return move(meeting, states.WITHDRAW, by=by)


def return_report(meeting: ExposureMeeting, *, by: Person, reason: str) -> ExposureMeeting:
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Say what the report lacks."))
    with moving(meeting, states.RETURN, by=by, reason=reason) as row:
        row.return_reason = reason
    return row


def cancel_meeting(meeting: ExposureMeeting, *, by: Person, reason: str) -> ExposureMeeting:
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Say why the meeting is cancelled."))
    return move(meeting, states.CANCEL, by=by, reason=reason)


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper on its way into the store."""

    kind: str
    file_name: str
    content: bytes


def approve_report(
    meeting: ExposureMeeting,
    *,
    by: Person,
    number: int,
    issued_on: dt.date,
    fingerprint: str,
    papers: Sequence[Paper],
    opinion: str = "",
) -> ExposureMeeting:
    """Approve what was read, give it number and date, and keep its papers as they are.

    ``fingerprint`` is that of the report from which the papers were drawn and which the leader
    read: when anything has changed since, nothing is issued. All of it happens, or none.
    """
    opinion = opinion.strip()
    with (
        _removing_on_failure() as kept,
        moving(meeting, states.APPROVE, by=by, reason=opinion) as row,
    ):
        report = report_as_read(row, fingerprint)
        _refuse_unfinished(row)
        if issued_on > timezone.localdate():
            raise ActionRefusedError(_("The day still lies in the future."))
        if issued_on < row.period_from:
            raise ActionRefusedError(_("That day lies before the period of the report."))
        if PaperKind.REPORT not in {paper.kind for paper in papers}:
            raise ValueError("nothing is issued without its paper")
        host = row.campaign.host
        letterhead = Letterhead.objects.filter(unit=host).first()
        row.document_number = give_number(
            host,
            by=by,
            word=letterhead.number_word if letterhead else "",
            number=number,
            given_on=issued_on,
            subject=report.title,
        )
        row.issued_on, row.approved_by, row.opinion = issued_on, by, opinion
        for paper in papers:
            kept.append(_stored(row, paper))
            _enter(row, paper, kept[-1], by=by)
        _await_criticisms(row)
        notifications.tell_of_issue(row, state=states.APPROVE.target)
    return row


@contextmanager
def _removing_on_failure() -> Iterator[list[str]]:
    """Files whose paths are put into the list do not outlive a transaction that fails."""
    kept: list[str] = []
    try:
        yield kept
    except BaseException:
        for path in kept:
            default_storage.delete(path)
        raise


def report_as_read(meeting: ExposureMeeting, fingerprint: str) -> queries.Report:
    """The report, when it still is what somebody read; otherwise a refusal."""
    report = queries.report_of(meeting)
    if report.fingerprint != fingerprint:
        raise ActionRefusedError(_("The report has changed since you opened it. Read it again."))
    return report


def _stored(meeting: ExposureMeeting, paper: Paper) -> str:
    suffix = paper.file_name.rpartition(".")[2]
    name = f"exposure/{meeting.pk}/{paper.kind}.{suffix}"
    return default_storage.save(name, ContentFile(paper.content))


def _enter(meeting: ExposureMeeting, paper: Paper, path: str, *, by: Person) -> None:
    issued = IssuedPaper.objects.create(
        meeting=meeting,
        kind=paper.kind,
        file_name=paper.file_name,
        path=path,
        size=len(paper.content),
        sha256=hashlib.sha256(paper.content).hexdigest(),
    )
    trail.record("supervision.issue_paper", subject=issued, by=by, after=trail.snapshot(issued))


def _await_criticisms(meeting: ExposureMeeting) -> None:
    """Every exposed department has until the meeting to prepare what its principal will say."""
    for case in ExposureCase.objects.filter(meeting=meeting).included():
        if case.is_problem:
            SelfCriticism.objects.get_or_create(case=case, defaults={"due_on": meeting.held_on})


def distribute(
    meeting: ExposureMeeting, *, by: Person, units: Iterable[Unit]
) -> list[Distribution]:
    """Send the issued report to departments; to one that has it already, nothing happens."""
    with locked(meeting, permission="supervision.prepare_meeting", by=by) as row:
        if row.state not in ISSUED:
            raise ActionRefusedError(_("Only an issued report can be sent."))
        wanted = dict.fromkeys(units)
        if not wanted:
            raise ActionRefusedError(_("Choose at least one department."))
        inside = set(row.campaign.scope_units().values_list("pk", flat=True))
        there = set(row.distributions.values_list("unit_id", flat=True))
        sent = []
        for unit in wanted:
            if unit.pk not in inside:
                raise ActionRefusedError(
                    _("%(unit)s does not belong to this campaign.") % {"unit": unit}
                )
            if unit.pk not in there:
                sent.append(Distribution.objects.create(meeting=row, unit=unit, sent_by=by))
        if sent:
            trail.record(
                "supervision.distribute",
                subject=row,
                by=by,
                detail={"units": [str(one.unit) for one in sent]},
            )
    return sent


@transaction.atomic
def acknowledge(distribution: Distribution, *, by: Person) -> Distribution:
    """Say for a department that it has the report; the first who does so stays named."""
    row = (
        Distribution.objects.select_for_update(of=("self",))
        .select_related("meeting__campaign")
        .get(pk=distribution.pk)
    )
    if not by.has_perm("supervision.acknowledge_report", row):
        raise PermissionDenied
    if row.acknowledged_at is not None:
        raise ActionRefusedError(
            _("%(unit)s has acknowledged the report already.") % {"unit": row.unit}
        )
    row.acknowledged_at, row.acknowledged_by = timezone.now(), by
    row.save()
    trail.record("supervision.acknowledge", subject=row, by=by, after=trail.snapshot(row))
    return row


def hold_meeting(meeting: ExposureMeeting, *, by: Person, held_on: dt.date) -> ExposureMeeting:
    """Record on which day it was held: what was exposed is marked in the ledger, with its deadline.

    Cases whose handling was not concluded in time stay candidates for the next one. Where the
    meeting was put off beyond the deadline that it set, the item keeps its own.
    """
    if held_on > timezone.localdate():
        raise ActionRefusedError(_("The day still lies in the future."))
    with moving(meeting, states.HOLD, by=by) as row:
        if row.issued_on is not None and held_on < row.issued_on:
            raise ActionRefusedError(
                _("The report was issued after this day; the meeting cannot have read it.")
            )
        row.held_on = held_on
        reason = _("Exposure meeting number %(number)s") % {"number": row.number}
        told = ExposureCase.objects.filter(meeting=row).included().select_related("item")
        for case in told.in_order():
            case.exposed_on = held_on
            case.save()
            item = case.item
            if case.is_problem and item is not None and item.state != ItemState.VOIDED:
                ahead = case.due_on is not None and case.due_on >= held_on
                due_on = case.due_on if ahead else None
                expose(item, by=by, on=held_on, due_on=due_on, reason=reason)
    return row
