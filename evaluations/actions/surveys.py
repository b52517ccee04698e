"""A satisfaction survey from its plan to its publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit import trail
from ballots import actions as boxes
from ballots.actions import BoxPlan
from ballots.models import BoxKind, Door, Election
from ballots.sealing import BadBallotError, SurveyAnswer
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from core.workflow import locked, moving
from evaluations.counting.satisfaction import Answer, kept
from evaluations.models import Access, Survey, SurveyTarget
from evaluations.queries.surveys import survey_manifest, targets_of
from evaluations.states import (
    CANCEL_SURVEY,
    CLOSE_SURVEY,
    OPEN_SURVEY,
    PUBLISH_SURVEY,
    SurveyState,
)
from organisation.actions.writing import added, changed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ballots.actions import BoxContent
    from campaign.models import Campaign
    from core.workflow import Actor
    from organisation.models import Person, Unit

MOST_CODES = 200
"""At a time: so many slips are drawn while somebody waits."""
DOORS = {Access.OPEN: Door.OPEN, Access.ONE_TIME: Door.SLIP}


def plan_survey(
    campaign: Campaign, *, by: Person, departments: Iterable[Unit], **facts: Any
) -> Survey:
    with locked(campaign, permission="evaluations.run_survey", by=by) as row:
        if row.state != CampaignState.RUNNING:
            raise ActionRefusedError(_("Only a running campaign holds evaluations."))
        survey = Survey(campaign=row, **facts)
        chosen = _chosen(departments)
        added(
            "evaluations.plan_survey",
            survey,
            by=by,
            departments=[unit.name for unit in chosen],
        )
        SurveyTarget.objects.bulk_create(SurveyTarget(survey=survey, unit=unit) for unit in chosen)
    return survey


def _chosen(departments: Iterable[Unit]) -> list[Unit]:
    chosen = list(departments)
    if not chosen:
        raise ActionRefusedError(_("Tick at least one department."))
    return chosen


def _require(row: Survey, *states: str) -> None:
    if row.state not in states:
        raise ActionRefusedError(
            _("Nothing can be changed now: the state is “%(state)s”.")
            % {"state": row.get_state_display()}
        )


def revise_survey(
    survey: Survey, *, by: Person, departments: Iterable[Unit], **facts: Any
) -> Survey:
    """Change what is asked, of whom, until when; as long as it is not open."""
    with locked(survey, permission="evaluations.run_survey", by=by) as row:
        _require(row, SurveyState.PREPARING)
        changed("evaluations.revise_survey", row, facts, by=by)
        chosen = {unit.pk: unit for unit in _chosen(departments)}
        there = set(row.targets.values_list("unit", flat=True))
        if there != set(chosen):
            row.targets.exclude(unit__in=chosen).delete()
            new = (chosen[pk] for pk in chosen if pk not in there)
            SurveyTarget.objects.bulk_create(SurveyTarget(survey=row, unit=unit) for unit in new)
            names = [unit.name for unit in chosen.values()]
            trail.record(
                "evaluations.choose_departments", subject=row, by=by, detail={"departments": names}
            )
    return row


def name_windows(survey: Survey, windows: Mapping[int, Sequence[str]], *, by: Person) -> Survey:
    """By target, the windows of a department that get a poster each. They stand on the answer page."""
    with locked(survey, permission="evaluations.run_survey", by=by) as row:
        _require(row, SurveyState.PREPARING)
        named = {}
        for target in row.targets.select_related("unit"):
            target.windows = list(windows.get(target.pk, target.windows))
            target.save(update_fields=["windows"])
            named[target.unit.name] = target.windows
        trail.record("evaluations.name_windows", subject=row, by=by, detail={"windows": named})
    return row


def open_survey(survey: Survey, *, by: Person, now: dt.datetime | None = None) -> Survey:
    """A box for each department. From here on nothing is changed, and nobody sees a figure."""
    with moving(survey, OPEN_SURVEY, by=by) as row:
        targets = targets_of(row)
        if not targets:
            raise ActionRefusedError(_("Tick at least one department."))
        if row.closes_at <= (now or timezone.now()):
            raise ActionRefusedError(_("The closing time has passed. Change it first."))
        if row.campaign.state != CampaignState.RUNNING:
            raise ActionRefusedError(_("Only a running campaign holds evaluations."))
        election = Election(title=row.name, opens_at=row.opens_at, closes_at=row.closes_at)
        plans = [
            BoxPlan(
                kind=BoxKind.SURVEY,
                door=DOORS[Access(row.access)],
                eligible=row.expected,
                about={"name": target.unit.name, "windows": target.windows},
            )
            for target in targets
        ]
        made = boxes.freeze(election, plans, manifest=survey_manifest(row, election))
        boxes.keep_spare(election)
        for target, box in zip(targets, made, strict=True):
            target.box = box
            target.save(update_fields=["box"])
        row.election = election
    return row


def make_codes(
    survey: Survey, *, by: Person, each: int, target: SurveyTarget | None = None
) -> list[tuple[SurveyTarget, Sequence[str]]]:
    """So many one-time codes for one department, or for every one. They are nowhere but in what
    this returns.
    """
    with locked(survey, permission="evaluations.run_survey", by=by) as row:
        _require(row, SurveyState.OPEN)
        if row.access != Access.ONE_TIME:
            raise ActionRefusedError(_("This survey has an open link and needs no codes."))
        wanted = [one for one in targets_of(row) if target is None or one.pk == target.pk]
        if not 1 <= each * len(wanted) <= MOST_CODES:
            raise ActionRefusedError(
                _("At most %(most)s slips at a time: choose one department, or fewer slips.")
                % {"most": MOST_CODES}
            )
        made = [(one, boxes.print_slips(one.box, each)) for one in wanted if one.box is not None]
        trail.record(
            "evaluations.make_codes",
            subject=row,
            by=by,
            detail={"each": each, "departments": [one.unit.name for one in wanted]},
        )
    return made


def close_survey(survey: Survey, *, by: Actor, now: dt.datetime | None = None) -> Survey:
    """Count and empty the boxes, when the time is over and not before.

    Of a department about which too few answered, only how many is kept.
    """
    with moving(survey, CLOSE_SURVEY, by=by) as row:
        if (now or timezone.now()) < row.closes_at:
            raise ActionRefusedError(
                _("The survey runs until %(time)s and closes by itself then.")
                % {"time": date_format(timezone.localtime(row.closes_at), "SHORT_DATETIME_FORMAT")}
            )
        election = _election_of(row)
        counted = {content.box.pk: content for content in boxes.contents(election, None)}
        for target in row.targets.select_related("box"):
            if target.box_id is not None:
                _keep(target, counted[target.box_id], row)
        boxes.close(election, ())
    return row


def _election_of(row: Survey) -> Election:
    if row.election is None:
        raise ActionRefusedError(_("The survey has never been opened."))
    return row.election


def _keep(target: SurveyTarget, content: BoxContent, survey: Survey) -> None:
    given = list(_valid(content))
    answers = kept(given, survey.minimum)
    target.returned, target.valid = content.accepted, len(given)
    target.counts = answers.as_counts() if answers else None
    if survey.access == Access.ONE_TIME:
        target.issued = content.box.slips
    target.save(update_fields=["returned", "valid", "counts", "issued"])


def _valid(content: BoxContent) -> Iterator[Answer]:
    for plain in content.plain:
        try:
            answer = SurveyAnswer.decode(plain or b"", answers=len(Answer)).answer
        except BadBallotError:
            continue
        if answer:
            yield Answer(answer)


def record_issued(survey: Survey, issued: Mapping[int, int | None], *, by: Person) -> Survey:
    """By target, how many people were asked with an open link; None where nobody knows."""
    with locked(survey, permission="evaluations.run_survey", by=by) as row:
        _require(row, SurveyState.OPEN, SurveyState.CLOSED)
        if row.access != Access.OPEN:
            raise ActionRefusedError(_("With one-time codes it is known how many were issued."))
        said = {}
        for target in row.targets.select_related("unit"):
            if target.pk in issued:
                target.issued = issued[target.pk]
                target.save(update_fields=["issued"])
                said[target.unit.name] = target.issued
        trail.record("evaluations.record_issued", subject=row, by=by, detail={"issued": said})
    return row


def publish_survey(survey: Survey, *, by: Person, today: dt.date | None = None) -> Survey:
    """Once and for good: everybody in the campaign reads it from now on."""
    with moving(survey, PUBLISH_SURVEY, by=by) as row:
        row.published_on = today or timezone.localdate()
    return row


def cancel_survey(survey: Survey, *, by: Person, reason: str) -> Survey:
    """Stop it. What was answered is destroyed uncounted, so that nobody cancels for the result's sake."""
    with moving(survey, CANCEL_SURVEY, by=by, reason=reason) as row:
        if row.election is not None:
            boxes.close(row.election, ())
    return row


def close_what_is_over(now: dt.datetime, *, by: Actor) -> int:
    """Every survey past its time, a ballot's grace later; one that cannot be counted stops no other.

    Keys and boxes that a count left behind when its process was killed are removed as well.
    """
    closed = 0
    for survey in Survey.objects.over(now - boxes.GRACE).order_by("closes_at", "pk"):
        try:
            close_survey(survey, by=by, now=now)
        except ActionRefusedError:
            continue  # another closed it meanwhile, or its key is not there yet
        closed += 1
    return closed


def look_after_keys() -> None:
    """Put back keys of surveys that a restart of the machine took away, and destroy all that have served.

    A round's key is looked after too: its count can be killed after the commit like any other.
    """
    for election in Election.objects.filter(survey__isnull=False, is_counted=False).order_by("pk"):
        boxes.put_back_spare(election)
    for election in Election.objects.filter(is_counted=True).only("is_counted").order_by("pk"):
        boxes.destroy_leftovers(election)


__all__ = [
    "MOST_CODES",
    "cancel_survey",
    "close_survey",
    "close_what_is_over",
    "look_after_keys",
    "make_codes",
    "name_windows",
    "open_survey",
    "plan_survey",
    "publish_survey",
    "record_issued",
    "revise_survey",
]
