"""What everybody may read of a frozen round: the text whose digest is on the notice."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from django.utils import translation

from evaluations.counting.rules import REAL_GRADES, Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evaluations.models import Round

FORMAT = 1
LONGEST_PAUSE = 3000
"""Milliseconds that a device may wait between two ballots, so that they do not arrive as a pair."""
CHIPS = (
    "办事认真负责",
    "服务热情耐心",
    "协调沟通及时",
    "处事公道正派",
    "回应意见慢",
    "推诿扯皮",
    "态度生硬",
    "办事拖沓",
    "希望多到科室走走",
)
"""Ready phrases of a comment: structure tells less about its writer than prose."""


def grades(round_: Round) -> list[dict[str, Any]]:
    """The five answers in the order of their marks, in both languages."""
    values = round_.rules.values
    found = []
    for grade in Grade:
        names = {}
        for key, language in (("name", "zh-hans"), ("name_en", "en")):
            with translation.override(language):
                names[key] = str(grade.label)
        value = values.of(grade.mark) if grade in REAL_GRADES else None
        found.append({"code": grade.value, "value": value, **names})
    return found


def roll_digest(roll: Mapping[str, Iterable[str]], salt: str) -> str:
    """One digest of who may vote into which box: box → employee numbers. The salt is kept apart."""
    lines = [f"{box} {' '.join(sorted(numbers))}" for box, numbers in sorted(roll.items())]
    return hashlib.sha256("\n".join([salt, *lines]).encode()).hexdigest()


def manifest(
    round_: Round, boxes: list[dict[str, Any]], acceptance_key: str, roll: str
) -> dict[str, Any]:
    election = round_.election
    assert election is not None  # noqa: S101 -- a round is frozen after its seal was made
    subjects = round_.subjects.order_by("position", "pk").select_related("person", "unit")
    with translation.override("zh-hans"):
        small = str(round_.get_small_boxes_display())
    return {
        "format": FORMAT,
        "election": str(election.pk),
        "title": round_.name,
        "host": round_.campaign.host.name,
        "campaign": round_.campaign.name,
        "period": [round_.period_from.isoformat(), round_.period_to.isoformat()],
        "tickets_from": round_.tickets_from.isoformat(),
        "opens_at": round_.opens_at.isoformat(),
        "closes_at": round_.closes_at.isoformat(),
        "dimensions": list(round_.dimensions),
        "grades": grades(round_),
        "rules": round_.rules.to_json() | {"small_boxes": small},
        "chips": list(CHIPS) if round_.with_comments else [],
        "readers": _readers(round_),
        "subjects": [
            {
                "id": subject.pk,
                "name": subject.person.name,
                "post": subject.post_title,
                "unit": subject.unit.name,
            }
            for subject in subjects
        ],
        "boxes": boxes,
        "seal_key": b64encode(bytes(election.seal_key or b"")).decode(),
        "acceptance_key": acceptance_key,
        "roll_digest": roll,
        "delay_ms": LONGEST_PAUSE,
    }


def _readers(round_: Round) -> str:
    """Who reads comments, as the voter is told."""
    named = [person.name for person in round_.comment_reviewers.order_by("name")]
    return "、".join(["纪检监察室", *named])
