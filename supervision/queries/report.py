"""The report as others read it: one source for the masked preview, the PDF and the docx."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaign.models import Letterhead
from organisation.models import Person, PostKind
from organisation.queries import masked, names_in
from supervision.models import ExposureCase, Handling, IssuedPaper

if TYPE_CHECKING:
    import datetime as dt

    from organisation.models import Unit
    from supervision.models import ExposureMeeting

CASE_TEXTS = ("title", "happened", "place", "facts", "nature", "handling")
REPORT_TEXTS = (
    "title",
    "recipient",
    "intro",
    "overall",
    "causes",
    "requirements",
    "copies_to",
)

LEADING = (
    PostKind.SECRETARY,
    PostKind.PRESIDENT,
    PostKind.DISCIPLINE_SECRETARY,
    PostKind.VICE_PRESIDENT,
)
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseText:
    """A case as the report tells it; ``masked`` are the fields in which a name was taken out."""

    pk: int
    is_problem: bool
    department: str
    title: str
    happened: str
    place: str
    facts: str
    nature: str
    handling: str
    due_on: dt.date | None
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What the paper says, without number and date: those are given with the approval."""

    title: str
    recipient: str
    intro: str
    overall: str
    causes: str
    requirements: str
    feedback_due_on: dt.date | None
    copies_to: str
    problems: tuple[CaseText, ...]
    good: tuple[CaseText, ...]
    mark: str
    number_word: str
    signature: str
    printing_office: str
    has_seal: bool
    sitting: tuple[str, ...]
    """When, where and under whom it meets, and who is there."""
    agenda: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Changes with every character that would be printed, on the agenda too."""
        whole = json.dumps(asdict(self), cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()

    @property
    def masked_cases(self) -> list[CaseText]:
        return [case for case in (*self.problems, *self.good) if case.masked]


def report_of(meeting: ExposureMeeting) -> Report:
    """Only what is concluded, without names but those approved. Five queries for any number of cases."""
    cases = _included(meeting)
    named = _named(cases)
    names = names_in(
        [getattr(meeting, name) for name in REPORT_TEXTS]
        + meeting.agenda_points
        + [getattr(case, name) for case in cases for name in CASE_TEXTS]
    )
    return _report(meeting, cases, names, named)


def report_as_written(meeting: ExposureMeeting) -> Report:
    """The same with every name in it, for those who write it; never printed, never sent."""
    return _report(meeting, _included(meeting), [], {})


def case_as_read(case: ExposureCase) -> CaseText:
    """One case as it will stand in the report, whether or not it is part of it yet."""
    names = names_in([getattr(case, name) for name in CASE_TEXTS])
    return _case(case, names, _named([case]).get(case.item_id, frozenset()))


def _included(meeting: ExposureMeeting) -> list[ExposureCase]:
    cases = ExposureCase.objects.filter(meeting=meeting).included()
    return list(cases.select_related("department").in_order())


def _report(
    meeting: ExposureMeeting,
    cases: list[ExposureCase],
    names: list[str],
    named: dict[int | None, frozenset[str]],
) -> Report:
    told = [_case(case, names, named.get(case.item_id, frozenset())) for case in cases]
    texts = masked([getattr(meeting, name) for name in REPORT_TEXTS], names)
    host = meeting.campaign.host
    stationery = Letterhead.objects.filter(unit=host).select_related("unit")
    letterhead = stationery.first() or Letterhead(unit=host)
    return Report(
        **dict(zip(REPORT_TEXTS, texts, strict=True)),
        feedback_due_on=meeting.feedback_due_on,
        problems=tuple(case for case in told if case.is_problem),
        good=tuple(case for case in told if not case.is_problem),
        mark=letterhead.mark,
        number_word=letterhead.number_word,
        signature=letterhead.signing_organ,
        printing_office=letterhead.printing_office,
        has_seal=letterhead.has_seal,
        sitting=_sitting(meeting),
        agenda=tuple(masked(meeting.agenda_points, names, _leaders(host) if names else NOBODY)),
    )


def _sitting(meeting: ExposureMeeting) -> tuple[str, ...]:
    return (
        meeting.held_on.isoformat(),
        f"{meeting.starts_at:%H:%M}",
        meeting.place,
        meeting.chair.name if meeting.chair else "",
        meeting.attendees,
    )


def _leaders(host: Unit) -> frozenset[str]:
    """Who leads the meeting may be called by name on its agenda; an exposed head may not."""
    leaders = Person.objects.holding(*LEADING, units=[host.pk])
    return frozenset(leaders.values_list("name", flat=True))


def _named(cases: list[ExposureCase]) -> dict[int | None, frozenset[str]]:
    """For each item the names that may stand: handling final, naming approved. What is approved
    after the report was issued names nobody in it: the paper masks him for good.
    """
    meetings = {case.meeting_id for case in cases}
    issued = IssuedPaper.objects.filter(meeting__in=meetings).order_by("issued_at")
    until = Coalesce(Subquery(issued.values("issued_at")[:1]), Value(timezone.now()))
    final = Handling.objects.filter(
        item__in=[case.item_id for case in cases if case.item_id],
        final_on__isnull=False,
        naming_approved_at__lte=until,
    )
    names: dict[int | None, set[str]] = {}
    for item, name in final.values_list("item_id", "person__name"):
        names.setdefault(item, set()).add(name)
    return {item: frozenset(found) for item, found in names.items()}


def _case(case: ExposureCase, names: list[str], named: frozenset[str]) -> CaseText:
    written = [getattr(case, name) for name in CASE_TEXTS]
    shown = masked(written, names, named)
    return CaseText(
        pk=case.pk,
        is_problem=case.is_problem,
        department=case.department.name,
        due_on=case.due_on,
        masked=tuple(
            name for name, was, now in zip(CASE_TEXTS, written, shown, strict=True) if was != now
        ),
        **dict(zip(CASE_TEXTS, shown, strict=True)),
    )
