"""Everything about one item, for its page: a constant number of queries, however much there is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from core.workflow import steps_open_to
from rectification import states
from rectification.models import Attempt, Evidence, LadderStep, NoticeObjection, Outcome
from rectification.queries.attempts import Prompt, in_words, prompts_for_verifier, reasons_of
from rectification.states import DONE, State

if TYPE_CHECKING:
    import datetime as dt

    from django_stubs_ext import StrOrPromise

    from audit.trail import Change, Entry
    from core.workflow import Transition
    from organisation.models import Person
    from rectification.models import DeadlineEntry, LedgerItem, Measure, ProgressUpdate

QUIET = frozenset({"rectification.open_evidence"})
"""Recorded, and not told on the page: a reader is nobody's business but the verifier's own."""
OBJECTING = "rectification.object_to_notice"
COLOURS = {
    **{
        f"rectification.{step.name}": "done"
        for step in (
            states.APPROVE_PLAN,
            states.CLAIM,
            states.CHECK,
            states.VERIFY,
            states.APPROVE,
            states.END_NOTICE,
            states.REVIEW,
        )
    },
    **{
        f"rectification.{step.name}": "returned"
        for step in (
            states.RETURN_PLAN,
            states.OBJECT,
            states.RETURN_AT_CHECK,
            states.RETURN_AT_VERIFICATION,
            states.RETURN_AT_APPROVAL,
            states.RETURN_FROM_NOTICE,
            states.VOID,
        )
    },
    f"rectification.{states.SUBMIT_PLAN.name}": "info",
    f"rectification.{states.APPLY.name}": "info",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of an item's history."""

    at: dt.datetime
    who: str
    label: str
    reason: str
    changes: list[Change]
    kind: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage on the line over the page."""

    label: StrOrPromise
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    measures: list[Measure]
    deadlines: list[DeadlineEntry]
    progress: list[ProgressUpdate]
    evidence: list[Evidence]
    sees_files: bool
    attempts: list[Attempt]
    objections: list[NoticeObjection]
    recurrences: list[LedgerItem]
    sees_earlier: bool
    """Whether the item that this one names as its earlier case is his to read as well."""
    timeline: list[Told]
    ladder: list[LadderStep]
    """How far silence about this deadline has gone up."""
    steps: list[Transition]
    prompts: list[Prompt]
    to_answer: list[str]

    @property
    def attempt(self) -> Attempt | None:
        """The one on its way, or else the last."""
        return self.attempts[-1] if self.attempts else None

    @property
    def shows_effect(self) -> bool:
        return any(
            piece.withdrawn_at is None and piece.kind in Evidence.EFFECT for piece in self.evidence
        )

    def is_notice_over(self, today: dt.date) -> bool:
        """Whether the days of notice have passed and every objection is decided."""
        attempt = self.attempt
        until = attempt.notice_until if attempt else None
        is_open = any(one.decision == NoticeObjection.Decision.OPEN for one in self.objections)
        return until is not None and until < today and not is_open

    @property
    def unopened(self) -> int:
        standing = [piece for piece in self.evidence if piece.withdrawn_at is None]
        return sum(not piece.is_opened for piece in standing)  # type: ignore[attr-defined]


def item_page(item: LedgerItem, reader: Person) -> ItemPage:
    """What is loaded for the page also serves the rules, so that they ask nothing again."""
    measures = list(item.measures.order_by("position", "pk"))
    progress = list(item.progress.select_related("by").order_by("-at", "-pk"))
    everything = list(Evidence.objects.filter(item=item).for_page(reader))
    people = ("applied_by", "checked_by", "verified_by", "approved_by", "returned_by")
    attempts = list(item.attempts.select_related(*people).order_by("number"))
    for attempt in attempts:
        for answer in attempt.answers:
            answer["words"] = in_words(answer["reason"])
    item.workers = frozenset(
        [note.by_id for note in progress]
        + [measure.done_by_id for measure in measures if measure.done_by_id]
        + [piece.uploaded_by_id for piece in everything]
    )
    item.attempt_on_its_way = next((a for a in attempts if a.outcome == Outcome.PENDING), None)
    sees_files = reader.has_perm("rectification.open_evidence", item)
    evidence = everything if sees_files else []
    steps = steps_open_to(item, states.STEPS, reader)
    last = attempts[-1] if attempts else None
    judges = item.state == State.CHECKED and reader.has_perm("rectification.verify_item", item)
    return ItemPage(
        measures=measures,
        deadlines=list(item.deadlines.select_related("set_by").order_by("set_at", "pk")),
        progress=progress,
        evidence=evidence,
        sees_files=sees_files,
        attempts=attempts,
        objections=_objections(attempts),
        recurrences=list(
            item.recurrences.visible_to(reader)
            .select_related("campaign")
            .order_by("registered_at", "pk")
            if item.state in DONE
            else []
        ),
        sees_earlier=item.recurrence_of is not None
        and reader.has_perm("rectification.view_item", item.recurrence_of),
        timeline=_timeline(
            item,
            measures,
            evidence,
            names_objectors=reader.has_perm("rectification.end_notice", item),
        ),
        ladder=list(item.ladder.filter(due_on=item.due_on).order_by("step"))
        if item.is_open and item.due_on and item.due_on < timezone.localdate()
        else [],
        steps=steps,
        prompts=prompts_for_verifier(item, everything, attempts) if judges else [],
        to_answer=[in_words(reason) for reason in reasons_of(last)]
        if item.state == State.RECTIFYING
        else [],
    )


def _objections(attempts: list[Attempt]) -> list[NoticeObjection]:
    """Only an item that was ever on notice can have any."""
    noticed = [attempt.pk for attempt in attempts if attempt.notice_from]
    if not noticed:
        return []
    return list(
        NoticeObjection.objects.filter(attempt__in=noticed)
        .select_related("by", "decided_by")
        .order_by("at", "pk")
    )


def _timeline(
    item: LedgerItem,
    measures: list[Measure],
    evidence: list[Evidence],
    *,
    names_objectors: bool,
) -> list[Told]:
    """The newest first. Who objected to a notice is known to those who decide about it."""
    told = []
    for entry in reversed(trail.entries([item, *measures, *evidence])):
        if entry.action in QUIET:
            continue
        line = _told(entry)
        if entry.action == OBJECTING and not names_objectors:
            line = replace(line, who=_("somebody of the institution"))
        told.append(line)
    return told


def _told(entry: Entry) -> Told:
    label = entry.label
    if step := entry.detail.get("ladder"):
        label = f"{label} · {LadderStep.Step(step).label}"
    if entry.subject_type != "rectification.ledgeritem":
        label = f"{label} · {entry.subject}"
    return Told(
        entry.at,
        entry.who,
        label,
        entry.reason,
        [] if entry.subject_type == "rectification.evidence" else [*entry.changes, *_lists(entry)],
        COLOURS.get(entry.action, ""),
    )


LISTS: dict[str, StrOrPromise] = {
    "measures": gettext_lazy("Rectification measures"),
    "responsible_departments": gettext_lazy("Responsible departments"),
}


def _lists(entry: Entry) -> list[Change]:
    """What differs in the measures and departments of a plan."""
    before, after = entry.detail.get("before", {}), entry.detail.get("after", {})
    return [
        trail.Change(str(label), "; ".join(before.get(key, [])), "; ".join(after.get(key, [])))
        for key, label in LISTS.items()
        if before.get(key, []) != after.get(key, [])
    ]


LINE = (
    (frozenset({State.DRAFTING}), states.SUBMIT_PLAN),
    (frozenset({State.AWAITING_PLAN_APPROVAL}), states.APPROVE_PLAN),
    (frozenset({State.AWAITING_CLAIM, State.OBJECTED}), states.CLAIM),
    (frozenset({State.RECTIFYING}), states.APPLY),
    (frozenset({State.APPLIED}), states.CHECK),
    (frozenset({State.CHECKED}), states.VERIFY),
    (frozenset({State.VERIFIED}), states.APPROVE),
)


def stops(item: LedgerItem, words: dict[str, StrOrPromise]) -> list[Stop]:
    """Where on its way the item is; the public notice only where it is due."""
    line = [(held, words[step.name]) for held, step in LINE]
    if item.needs_notice or item.state == State.ON_NOTICE:
        line.append((frozenset({State.ON_NOTICE}), words["on_notice"]))
    line.append((DONE, words["done"]))
    now = next((at for at, (held, _label) in enumerate(line) if item.state in held), -1)
    return [
        Stop(
            label,
            is_done=at < now or item.state in DONE,
            is_current=at == now and item.state not in DONE,
        )
        for at, (_held, label) in enumerate(line)
    ]
