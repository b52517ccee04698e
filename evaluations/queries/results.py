"""From counted boxes to what may be published: the same steps for the count and for a recount."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ballots.models import BoxKind
from evaluations.counting.opening import counted
from evaluations.counting.publication import Publication as Published
from evaluations.counting.publishing import Earlier, RollChange
from evaluations.counting.scoring import ElectorateCount
from evaluations.models import Electorate, Publication, RollEntry
from evaluations.states import RoundState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from ballots.actions import BoxContent
    from evaluations.models import Round, Subject

RESULTS_FORMAT = 1


def electorate_counts(
    contents: Iterable[BoxContent], electorates: Mapping[uuid.UUID, Electorate], dimensions: int
) -> dict[int, list[ElectorateCount]]:
    """Subject → the counts of his boxes of grades."""
    found: dict[int, list[ElectorateCount]] = defaultdict(list)
    for content in contents:
        if content.box.kind != BoxKind.GRADE:
            continue
        one = electorates[content.box.pk]
        found[one.subject_id].append(
            ElectorateCount(
                code=one.code,
                label=one.label,
                weight=one.weight,
                eligible=one.eligible + one.added,
                box=counted(content.plain, dimensions),
                is_named=one.is_named,
            )
        )
    return found


def earlier_editions(round_: Round, subjects: Sequence[Subject]) -> dict[int, list[Earlier]]:
    """What was published before of the same heads in the same department, oldest first, and how
    their rolls changed since. A constant number of queries.
    """
    mine = _rolls(round_.subjects.values_list("pk", flat=True))
    by_head = {(one.person_id, one.unit_id): one for one in subjects}
    published = (
        Publication.objects.filter(
            subject__round__campaign__host=round_.campaign.host_id,
            subject__person__in={person for person, _unit in by_head},
        )
        .exclude(subject__round=round_)
        .exclude(subject__round__state=RoundState.CANCELLED)
        .select_related("subject")
        .order_by("subject__round__closes_at", "pk")
    )
    old = [p for p in published if (p.subject.person_id, p.subject.unit_id) in by_head]
    theirs = _rolls(p.subject_id for p in old)
    found: dict[int, list[Earlier]] = defaultdict(list)
    for publication in old:
        was = publication.subject
        now = by_head[was.person_id, was.unit_id]
        before, after = theirs[was.pk], mine[now.pk]
        found[now.pk].append(
            Earlier(
                publication=Published.from_json(publication.cells),
                change=_change(_all(before), _all(after)),
                electorates={
                    code: _change(before[code], after[code]) for code in before if code in after
                },
            )
        )
    return found


def _rolls(subjects: Iterable[int]) -> dict[int, dict[str, set[int]]]:
    """Subject → code of the electorate → people."""
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    entries = RollEntry.objects.filter(
        electorate__subject__in=list(subjects), electorate__is_for_comments=False
    )
    for subject, code, person in entries.values_list(
        "electorate__subject", "electorate__code", "person"
    ).order_by():
        found[subject][code].add(person)
    return found


def _all(rolls: Mapping[str, set[int]]) -> set[int]:
    return set().union(*rolls.values())


def _change(before: set[int], after: set[int]) -> RollChange:
    return RollChange(joined=len(after - before), left=len(before - after))


def results_file_of(round_: Round, publications: Iterable[Publication]) -> dict[str, Any]:
    """What was published of a round, as a file beside the board (docs/ballots.md)."""
    election = round_.election
    assert election is not None  # noqa: S101 -- counted
    return {
        "format": RESULTS_FORMAT,
        "election": str(election.pk),
        "digest": election.digest,
        "results": [
            {
                "subject": one.subject_id,
                "grade": one.grade or None,
                "score": one.score,
                "cells": one.cells,
            }
            for one in sorted(publications, key=lambda one: one.subject_id)
        ],
    }
