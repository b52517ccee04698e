"""Comments are read by the reviewers, one by one, and released all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from ballots.models import Comment, Election
from core.errors import ActionRefusedError
from evaluations.models import CommentDecision, CommentReview, Round, Subject
from evaluations.queries.comments import (
    COUNTED,
    board_with_outcomes,
    enough_by_subject,
    is_released,
)

if TYPE_CHECKING:
    from organisation.models import Person

TOO_FEW = "few"
"""What a writer's device is told where too few wrote for anything but themes to be shown."""


@transaction.atomic
def review_comment(
    comment: Comment, *, by: Person, decision: str, edited: str = ""
) -> CommentReview:
    """Decide who reads a comment, if need be in other words. Until the release it can be changed."""
    subject = _subject_of(comment)
    round_ = _locked(subject.round_id)
    if not by.has_perm("evaluations.review_comments", subject):
        raise PermissionDenied
    _refuse_unless_open(round_)
    if decision not in CommentDecision.values:
        raise ActionRefusedError(_("Choose what is to become of the comment."))
    review = CommentReview.objects.filter(comment=comment).first() or CommentReview(comment=comment)
    before = trail.snapshot(review) if review.pk else None
    review.decision, review.by = decision, by
    review.edited = "" if edited.strip() == comment.text else edited.strip()
    review.full_clean()
    review.save()
    trail.record(
        "evaluations.review_comment",
        subject=review,
        by=by,
        before=before,
        after=trail.snapshot(review),
    )
    return review


@transaction.atomic
def release_comments(round_: Round, *, by: Person) -> Round:
    """When each has been decided on: let those read them who may, and their writers what became of it.

    The public board gets the identifiers with the decisions, and no words.
    """
    row = _locked(round_.pk)
    if not by.has_perm("evaluations.review_comments", row):
        raise PermissionDenied
    _refuse_unless_open(row)
    of_the_round = Comment.objects.filter(box__electorate__subject__round=row)
    left = of_the_round.filter(review__isnull=True).count()
    if left:
        raise ActionRefusedError(_("%(n)s comments have not been decided on.") % {"n": left})
    enough = enough_by_subject(row)
    outcomes = {
        str(pk): decision if enough[subject] else TOO_FEW
        for pk, decision, subject in of_the_round.values_list(
            "pk", "review__decision", "box__electorate__subject"
        ).order_by("pk")
    }
    election = Election.objects.select_for_update().get(round=row)
    election.board = board_with_outcomes(election.board, outcomes)
    election.save(update_fields=["board"])
    trail.record("evaluations.release_comments", subject=row, by=by, detail={"n": len(outcomes)})
    return row


def _subject_of(comment: Comment) -> Subject:
    return Subject.objects.select_related("round").get(electorates__box=comment.box_id)


def _locked(round_pk: int) -> Round:
    """The round, so that no comment is decided on while they are being released."""
    rows = Round.objects.select_for_update(of=("self",)).select_related("election", "campaign")
    return rows.get(pk=round_pk)


def _refuse_unless_open(round_: Round) -> None:
    if round_.state not in COUNTED:
        raise ActionRefusedError(_("Comments are read after the count."))
    if is_released(round_):
        raise ActionRefusedError(_("The comments of this round are released and stay as they are."))
