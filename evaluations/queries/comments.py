"""Comments: what reviewers see of them, and what is left of them for others."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ballots.models import Comment
from evaluations.counting.comments import identifying, may_publish
from evaluations.models import CommentDecision, CommentReview, Electorate, Round, Subject
from evaluations.states import RoundState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from organisation.models import Person

COUNTED = frozenset({RoundState.COUNTED, RoundState.PUBLISHED})
RELEASED = '"comments":{'
"""How the public board reads once the reviewers have finished; no text on it can contain this."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a comment's words, with the advice where they tell who wrote it."""

    words: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A comment before its reviewer, about one head."""

    comment: Comment
    subject: Subject
    phrases: tuple[str, ...]
    parts: tuple[Part, ...]
    enough: bool
    """Whether there are enough of them for any to be shown."""
    review: CommentReview | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A comment as others read it."""

    chips: tuple[str, ...]
    text: str


def about_others(round_: Round, reviewer: Person) -> QuerySet[Comment]:
    """The comments of a counted round, but for those about the reviewer; in the order of their
    identifiers, which the writers' devices drew at random.
    """
    return (
        Comment.objects.filter(
            box__electorate__subject__round=round_,
            box__electorate__subject__round__state__in=COUNTED,
        )
        .exclude(box__electorate__subject__person=reviewer.pk)
        .order_by("id")
    )


def reviewed(round_: Round, comments: Sequence[Comment]) -> list[Reviewed]:
    enough = enough_by_subject(round_)
    subjects = _subjects_by_box(round_)
    made = CommentReview.objects.filter(comment__in=comments).select_related("by")
    reviews = {one.comment_id: one for one in made}
    offered = offered_in(round_)
    found = []
    for comment in comments:
        subject = subjects[comment.box_id]
        said, parts = phrases(comment, offered), tuple(parts_of(comment.text))
        review = reviews.get(comment.pk)
        found.append(Reviewed(comment, subject, said, parts, enough[subject.pk], review))
    return found


def offered_in(round_: Round) -> list[str]:
    """The ready phrases in the order of their numbers, from 1, as the voters were shown them."""
    election = round_.election
    chips: list[str] = election.description.get("chips", []) if election else []
    return chips


def phrases(comment: Comment, offered: Sequence[str]) -> tuple[str, ...]:
    """What was chosen, in words. Somebody's own program can choose a number that nobody offered."""
    return tuple(offered[chip - 1] for chip in comment.chips if 1 <= chip <= len(offered))


def _subjects_by_box(round_: Round) -> dict[uuid.UUID, Subject]:
    electorates = Electorate.objects.filter(subject__round=round_, is_for_comments=True)
    return {
        one.box_id: one.subject
        for one in electorates.select_related("subject__person", "subject__unit")
        if one.box_id is not None
    }


def parts_of(text: str) -> Iterable[Part]:
    at = 0
    for hint in identifying(text):
        if at < hint.start:
            yield Part(text[at : hint.start])
        yield Part(hint.words, hint.sentence)
        at = hint.end
    if text[at:]:
        yield Part(text[at:])


def enough_by_subject(round_: Round) -> dict[int, bool]:
    """Subject → whether so many might have written, and did, that none can be picked out."""
    counts = Counter(
        Comment.objects.filter(box__electorate__subject__round=round_)
        .order_by()
        .values_list("box__electorate__subject", flat=True)
    )
    electorates = Electorate.objects.filter(subject__round=round_, is_for_comments=True)
    rules = round_.rules
    return {
        one.subject_id: may_publish(one.eligible + one.added, counts[one.subject_id], rules)
        for one in electorates
    }


def is_released(round_: Round) -> bool:
    """Whether the reviewers have finished; from then on nothing about a comment changes."""
    election = round_.election
    return election is not None and RELEASED in election.board


def words_for_the_head(subject: Subject) -> list[Words]:
    """What was published about him and what was meant for him alone, mixed."""
    return _words(subject, (CommentDecision.PUBLISH, CommentDecision.PERSON))


def words_for_leaders(subject: Subject) -> list[Words]:
    return _words(subject, (CommentDecision.PUBLISH,))


def _words(subject: Subject, decisions: tuple[str, ...]) -> list[Words]:
    round_ = subject.round
    if not is_released(round_) or not enough_by_subject(round_).get(subject.pk):
        return []
    found = CommentReview.objects.filter(
        comment__box__electorate__subject=subject, decision__in=decisions
    ).select_related("comment")
    offered = offered_in(round_)
    return [
        Words(phrases(one.comment, offered), one.edited or one.comment.text)
        for one in found.order_by("comment")
    ]


@dataclass(frozen=True, slots=True)
class Digest:
    """The comments of a round without any head: themes, and words that were published."""

    written: int
    themes: tuple[tuple[str, int], ...]
    words: tuple[Words, ...]


def digest_of(round_: Round) -> Digest:
    """How often each phrase was chosen in the whole hospital, and the published words.

    Phrases are only counted when those that are shown nowhere else are many enough, or none: else
    the few would follow from the difference.
    """
    if not is_released(round_):
        written = Comment.objects.filter(box__electorate__subject__round=round_).count()
        return Digest(written, (), ())
    reviews = list(
        CommentReview.objects.filter(comment__box__electorate__subject__round=round_)
        .select_related("comment")
        .order_by("comment")
    )
    enough, subjects = enough_by_subject(round_), _subjects_by_box(round_)
    public = [
        one
        for one in reviews
        if one.decision == CommentDecision.PUBLISH and enough[subjects[one.comment.box_id].pk]
    ]
    hidden = len(reviews) - len(public)
    minimum = round_.rules.comment_minimum
    themes = Counter[str]()
    if len(reviews) >= minimum and (not hidden or hidden >= minimum):
        offered = offered_in(round_)
        themes.update(said for one in reviews for said in phrases(one.comment, offered))
    words = tuple(
        Words((), one.edited or one.comment.text)
        for one in public
        if one.edited or one.comment.text
    )
    return Digest(len(reviews), tuple(sorted(themes.items(), key=_often_first)), words)


def _often_first(theme: tuple[str, int]) -> tuple[int, str]:
    return -theme[1], theme[0]


def board_with_outcomes(board: str, outcomes: Mapping[str, str]) -> str:
    """The public board with what became of each comment, so that its writer's device can tell her.

    Sorted by identifiers that only their writers know; no head, no words.
    """
    told: dict[str, Any] = json.loads(board)
    told["comments"] = dict(sorted(outcomes.items()))
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
