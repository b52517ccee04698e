"""Tickets to those who stand on the roll, each box once; slips and additions, each with its reason."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from ballots import actions as boxes
from ballots.blind import RefusedTicketError
from ballots.keyring import KeyMissingError
from ballots.models import Box
from core.errors import ActionRefusedError
from core.workflow import locked
from evaluations.models import Electorate, RollEntry, Round, Subject
from evaluations.states import RoundState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from organisation.models import Person

LOCK_SEATS = """
    SELECT entry.electorate_id, box.id, box.signing_key, entry.has_ticket, entry.digest
    FROM evaluations_rollentry entry
    JOIN evaluations_electorate electorate ON electorate.id = entry.electorate_id
    JOIN ballots_box box ON box.id = electorate.box_id
    WHERE box.id = ANY(%s) AND box.election_id = %s AND entry.person_id = %s
    ORDER BY entry.electorate_id
    FOR UPDATE OF entry
"""
NOTE_TICKETS = """
    UPDATE evaluations_rollentry entry SET has_ticket = true, digest = noted.digest
    FROM unnest(%s::bigint[], %s::bytea[]) AS noted (electorate_id, digest)
    WHERE entry.electorate_id = noted.electorate_id AND entry.person_id = %s
"""
"""Everybody fetches at the same hour: written out, because putting these two statements together took
a third of the time that a voter's request takes.
"""


class _Seat(NamedTuple):
    """A box on whose roll the voter stands, his entry locked."""

    electorate: int
    box: uuid.UUID
    signing_key: bytes | None
    has_ticket: bool
    digest: bytes | None


class TicketTakenError(ActionRefusedError):
    """The ticket of this box was issued for another request, on another device."""


def issue_tickets(
    round_: Round, requests: Mapping[uuid.UUID, bytes], *, by: Person
) -> dict[uuid.UUID, bytes]:
    """Sign the blinded tickets of one voter: box → blinded, box → signature. All of them, or none.

    The same request is answered again with the same signature. Nothing is written down but that
    the voter has his ticket; the trail does not know, because it would know when.
    """
    now = timezone.now()
    if round_.state != RoundState.FROZEN or not round_.tickets_from <= now < round_.closes_at:
        raise ActionRefusedError(_("Tickets can not be fetched now."))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK_SEATS, [list(requests), round_.election_id, by.pk])
        seats = [_Seat(*row) for row in cursor.fetchall()]
        if {seat.box for seat in seats} != requests.keys():
            raise PermissionDenied
        signed = {seat.box: _signed(round_, seat, requests[seat.box]) for seat in seats}
        digests = [_digest(requests[seat.box]) for seat in seats]
        cursor.execute(NOTE_TICKETS, [[seat.electorate for seat in seats], digests, by.pk])
    return signed


def _signed(round_: Round, seat: _Seat, blinded: bytes) -> bytes:
    if seat.has_ticket and bytes(seat.digest or b"") != _digest(blinded):
        raise TicketTakenError(
            _("Your ticket was fetched on another device. Vote there, or ask for a slip.")
        )
    assert round_.election_id is not None  # noqa: S101 -- a constraint of the table
    box = Box(id=seat.box, election_id=round_.election_id, signing_key=seat.signing_key)
    try:
        return boxes.sign(box, blinded)
    except RefusedTicketError as refused:
        raise ActionRefusedError(_("This is no request for a ticket.")) from refused
    except KeyMissingError as missing:
        raise ActionRefusedError(
            _("The boxes are locked since the machine was started anew. Try again later.")
        ) from missing


def _digest(blinded: bytes) -> bytes:
    return hashlib.sha256(blinded).digest()


def print_slips(
    round_: Round, counts: Mapping[Electorate, int], *, by: Person
) -> list[tuple[Electorate, Sequence[str]]]:
    """New one-time codes for so many slips of each box. They are nowhere but in what this returns."""
    wanted = {electorate: count for electorate, count in counts.items() if count}
    if not wanted:
        raise ActionRefusedError(_("Say how many slips are wanted."))
    with locked(round_, permission="evaluations.run_round", by=by) as row:
        if row.state != RoundState.FROZEN or timezone.now() >= row.closes_at:
            raise ActionRefusedError(_("Slips are printed only while the round runs."))
        made = []
        for electorate, count in wanted.items():
            box = electorate.box
            if box is None or electorate.subject.round_id != row.pk:
                raise ActionRefusedError(_("There is no such group."))
            _refuse_about_himself(electorate.subject, by)
            made.append((electorate, boxes.print_slips(box, count)))
        trail.record(
            "evaluations.print_slips",
            subject=row,
            by=by,
            detail={"slips": {str(electorate): count for electorate, count in wanted.items()}},
        )
    return made


def _refuse_about_himself(subject: Subject, by: Person) -> None:
    """Whoever runs the round may be evaluated in it: others then decide who votes about him."""
    if subject.person_id == by.pk:
        raise ActionRefusedError(
            _("Nobody handles the ballots about himself. Let a colleague do it.")
        )


def give_slip(electorate: Electorate, person: Person, *, by: Person, reason: str = "") -> RollEntry:
    """Note that somebody draws a slip. Who has a ticket gets one for a stated reason only.

    Which slip he draws, nobody sees. One that was given and not noted is noted until the count,
    also with its reason.
    """
    reason = reason.strip()
    round_ = electorate.subject.round
    with locked(round_, permission="evaluations.run_round", by=by) as row:
        if row.state != RoundState.FROZEN:
            raise ActionRefusedError(_("Slips are given only while the round runs."))
        _refuse_about_himself(electorate.subject, by)
        if timezone.now() >= row.closes_at and not reason:
            raise ActionRefusedError(_("Voting has closed. Say why the slip was not noted before."))
        entry = (
            RollEntry.objects.select_for_update()
            .filter(electorate=electorate, person=person)
            .first()
        )
        if entry is None:
            raise ActionRefusedError(
                _("%(person)s does not stand on this roll.") % {"person": person}
            )
        if entry.has_slip:
            raise ActionRefusedError(_("%(person)s has drawn a slip already.") % {"person": person})
        if entry.has_ticket and not reason:
            raise ActionRefusedError(
                _("%(person)s has a ticket. Say why a slip is needed as well.") % {"person": person}
            )
        RollEntry.objects.filter(electorate=electorate, person=person).update(has_slip=True)
        entry.has_slip = True
        trail.record(
            "evaluations.give_slip",
            subject=row,
            by=by,
            reason=reason,
            detail={"electorate": str(electorate), "person": str(person)},
        )
    return entry


def add_voter(subject: Subject, group: str, person: Person, *, by: Person, reason: str) -> None:
    """Add somebody to a frozen roll: the only change there is, with its reason in the trail.

    ``group`` is the label of the electorate; with it goes the one for comments.
    """
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Say why the roll is added to."))
    with locked(subject.round, permission="evaluations.run_round", by=by) as row:
        if row.state != RoundState.FROZEN or timezone.now() >= row.closes_at:
            raise ActionRefusedError(_("The roll can be added to only while the round runs."))
        _refuse_about_himself(subject, by)
        if person.pk == subject.person_id:
            raise ActionRefusedError(_("Nobody rates himself."))
        if RollEntry.objects.filter(electorate__subject=subject, person=person).exists():
            raise ActionRefusedError(
                _("%(person)s stands on the roll already.") % {"person": person}
            )
        wanted = Electorate.objects.select_for_update().filter(subject=subject)
        chosen = [one for one in wanted if one.is_for_comments or one.label == group]
        if not any(not one.is_for_comments for one in chosen):
            raise ActionRefusedError(_("There is no such group."))
        for one in chosen:
            RollEntry.objects.create(electorate=one, person=person)
            one.added += 1
            one.save(update_fields=["added"])
        trail.record(
            "evaluations.add_voter",
            subject=row,
            by=by,
            reason=reason,
            detail={"head": str(subject), "group": group, "person": str(person)},
        )
