"""What a department does between claiming an item and applying for its sign-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core import files
from core.errors import ActionRefusedError
from core.text import clean
from core.workflow import locked
from rectification.models import (
    Evidence,
    EvidenceOpening,
    LedgerItem,
    Measure,
    Outcome,
    ProgressUpdate,
)
from rectification.states import State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.core.files import File

    from organisation.models import Person

WORKED_ON = frozenset({State.RECTIFYING, State.CONTINUING})
"""A staged goal met goes on being worked for; what is under review rests."""
MOST_FILES_AT_ONCE = 20


def _open_to_work(item: LedgerItem) -> None:
    if item.state not in WORKED_ON:
        raise ActionRefusedError(
            _("Nothing can be added now: the state is “%(state)s”.")
            % {"state": item.get_state_display()}
        )


def report_progress(item: LedgerItem, *, by: Person, text: str) -> ProgressUpdate:
    """Add a dated note of what was done. What was written stays."""
    text = clean(text)
    if not text:
        raise ActionRefusedError(_("Write what was done."))
    with locked(item, permission="rectification.report_progress", by=by) as row:
        _open_to_work(row)
        update = ProgressUpdate.objects.create(item=row, text=text, by=by)
        trail.record("rectification.report_progress", subject=row, by=by, reason=text)
    return update


def complete_measure(measure: Measure, *, by: Person, done_on: dt.date) -> Measure:
    """State on which day a measure was carried out."""
    if done_on > timezone.localdate():
        raise ActionRefusedError(_("The day still lies in the future."))
    with locked(measure.item, permission="rectification.report_progress", by=by) as row:
        _open_to_work(row)
        kept = Measure.objects.select_for_update().get(pk=measure.pk, item=row)
        before = trail.snapshot(kept)
        kept.done_on, kept.done_by = done_on, by
        kept.save()
        trail.record(
            "rectification.complete_measure",
            subject=kept,
            by=by,
            before=before,
            after=trail.snapshot(kept),
        )
    return kept


def add_evidence(
    item: LedgerItem,
    *,
    by: Person,
    uploads: Sequence[File],
    kind: str,
    caption: str,
    taken_on: dt.date | None = None,
) -> list[Evidence]:
    """Hand in files as evidence: all of them or, when one is refused, none.

    Judging and storing comes before the item is locked; a file whose row is not written is removed.
    """
    if not by.has_perm("rectification.add_evidence", item):
        raise PermissionDenied
    if not uploads:
        raise ActionRefusedError(_("Choose at least one file."))
    if len(uploads) > MOST_FILES_AT_ONCE:
        raise ActionRefusedError(
            _("Choose at most %(most)s files at once.") % {"most": MOST_FILES_AT_ONCE}
        )
    if taken_on is not None and taken_on > timezone.localdate():
        raise ActionRefusedError(_("The day still lies in the future."))
    kept: list[files.Kept] = []
    try:
        for upload in uploads:
            kept.append(_keep(upload))  # noqa: PERF401 -- what was kept before a refusal is removed
        with transaction.atomic():
            return _add(item, kept, by=by, kind=kind, caption=clean(caption), taken_on=taken_on)
    except BaseException:
        for file in kept:
            files.forget(file)
        raise


def _keep(upload: File) -> files.Kept:
    """Say which of several files was refused."""
    try:
        return files.keep(upload, folder="evidence")
    except files.FileRefusedError as refused:
        raise ActionRefusedError(
            _("%(name)s: %(why)s")
            % {"name": files.plain_name(upload.name or ""), "why": str(refused)}
        ) from refused


def _add(
    item: LedgerItem,
    kept: Sequence[files.Kept],
    *,
    by: Person,
    kind: str,
    caption: str,
    taken_on: dt.date | None,
) -> list[Evidence]:
    with locked(item, permission="rectification.add_evidence", by=by) as row:
        _open_to_work(row)
        _refuse_twice(row, kept)
        made = []
        for file in kept:
            evidence = Evidence.objects.create(
                item=row,
                kind=kind,
                caption=caption,
                taken_on=taken_on,
                file_name=file.file_name,
                content_type=file.kind.content_type,
                size=file.size,
                sha256=file.sha256,
                path=file.path,
                shown_path=file.shown_path,
                uploaded_by=by,
            )
            trail.record(
                "rectification.add_evidence",
                subject=evidence,
                by=by,
                after=trail.snapshot(evidence),
                reason=caption,
            )
            made.append(evidence)
    return made


def _refuse_twice(item: LedgerItem, kept: Sequence[files.Kept]) -> None:
    there = set(Evidence.objects.filter(item=item).standing().values_list("sha256", flat=True))
    for file in kept:
        if file.sha256 in there:
            raise ActionRefusedError(
                _("%(name)s is already evidence of this item.") % {"name": file.file_name}
            )
        there.add(file.sha256)


def withdraw_evidence(evidence: Evidence, *, by: Person, reason: str) -> Evidence:
    """Take a piece back while nobody is judging it; it stays listed as withdrawn."""
    reason = clean(reason)
    if not reason:
        raise ActionRefusedError(_("Say why the evidence is withdrawn."))
    with locked(evidence.item, permission="rectification.add_evidence", by=by) as row:
        _open_to_work(row)
        kept = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
        if row.attempts.filter(outcome=Outcome.PASSED, applied_at__gt=kept.received_at).exists():
            raise ActionRefusedError(_("A sign-off rests on this evidence; it stays."))
        if kept.withdrawn_at is not None:
            raise ActionRefusedError(_("This evidence has been withdrawn already."))
        before = trail.snapshot(kept)
        kept.withdrawn_at, kept.withdrawn_by = timezone.now(), by
        kept.save()
        trail.record(
            "rectification.withdraw_evidence",
            subject=kept,
            by=by,
            before=before,
            after=trail.snapshot(kept),
            reason=reason,
        )
    return kept


@transaction.atomic
def open_evidence(evidence: Evidence, *, by: Person) -> EvidenceOpening:
    """Record that somebody looked at a piece: each time, because a verifier vouches for it."""
    if not by.has_perm("rectification.open_evidence", evidence.item):
        raise PermissionDenied
    opening = EvidenceOpening.objects.create(evidence=evidence, person=by)
    trail.record("rectification.open_evidence", subject=evidence, by=by)
    return opening
