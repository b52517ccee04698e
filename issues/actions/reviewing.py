"""What the office makes of a problem. Each verb moves one problem and writes one event."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import ActionRefusedError
from core.text import search_form
from core.workflow import Transition, moving
from issues import signals, states
from issues.models import Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from organisation.models import Person, Unit


def _need(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ActionRefusedError(_("Give a reason."))
    return reason


def confirm(
    issue: Issue,
    *,
    by: Person,
    responsible_departments: Iterable[Unit] | None = None,
    **understood: Any,
) -> Issue:
    """Uphold a problem: it enters the ledger with what the office has understood of it.

    ``understood`` are columns of the issue (class, target, measures, leader, lead department,
    deadline …) that the review fills in or corrects; what was written stays in ``written``.
    The plan may still be incomplete, but somebody must have the problem.
    """
    detail: dict[str, Any] = {}
    if responsible_departments is not None:
        responsible_departments = list(responsible_departments)
        detail["departments"] = [unit.name for unit in responsible_departments]
    with moving(issue, states.CONFIRM, by=by, **detail) as issue:
        for name, value in understood.items():
            setattr(issue, name, value)
        issue.search_text = search_form(issue.text)
        if responsible_departments is not None:
            issue.responsible_departments.set(responsible_departments)
        _need_a_lead_department(issue)
        signals.issue_confirmed.send(sender=Issue, issue=issue, by=by)
    return issue


def _need_a_lead_department(issue: Issue) -> None:
    """Where one department alone is responsible, it leads."""
    if issue.lead_department_id is not None:
        return
    responsible = list(issue.responsible_departments.all()[:2])
    if len(responsible) == 1 and not issue.for_all_departments:
        [issue.lead_department] = responsible
        return
    written = issue.written.get("lead_department") or issue.written.get("departments")
    if written and not responsible and not issue.for_all_departments:
        raise ActionRefusedError(
            _("No lead department: “%(written)s” is not a department that we know.")
            % {"written": written}
        )
    raise ActionRefusedError(_("Name the lead department."))


def merge(issue: Issue, *, by: Person, into: Issue) -> Issue:
    """Join a problem to another of the campaign that says the same; both texts stay."""
    with moving(issue, states.MERGE, by=by, into=into.code) as issue:
        target = Issue.objects.select_for_update(of=("self",)).get(pk=into.pk)
        if target.pk == issue.pk or target.campaign_id != issue.campaign_id:
            raise ActionRefusedError(_("Choose another problem of this campaign."))
        if target.state not in {states.State.REPORTED, states.State.CONFIRMED}:
            raise ActionRefusedError(
                _("Problem %(code)s is “%(state)s”; nothing can be merged into it.")
                % {"code": target.code, "state": target.get_state_display()}
            )
        issue.merged_into = target
        signals.issue_merged.send(sender=Issue, issue=issue, into=target, by=by)
    return issue


def send_back(issue: Issue, *, by: Person, reason: str) -> Issue:
    """Return a problem to whoever reported it, saying what is missing."""
    return _decide(issue, states.RETURN, by=by, reason=reason)


@transaction.atomic
def hand_over(issue: Issue, *, by: Person, reason: str) -> Issue:
    """Give a problem that may be a breach of discipline to the discipline office, out of sight.

    What was merged into it says the same and goes with it, or else the clue could be read there.
    """
    handed = _decide(issue, states.HAND_OVER, by=by, reason=reason)
    _take_along(handed, by=by, reason=handed.review_note)
    return handed


def _take_along(handed: Issue, *, by: Person, reason: str) -> None:
    for same in Issue.objects.filter(merged_into=handed).order_by("pk"):
        step = states.GO_ALONG
        with moving(same, step, by=by, reason=reason, along_with=handed.code) as row:
            row.merged_into, row.review_note = None, reason
        _take_along(same, by=by, reason=reason)


def reject(issue: Issue, *, by: Person, reason: str) -> Issue:
    """Do not uphold a problem; the reason is kept and shown to whoever reported it."""
    return _decide(issue, states.REJECT, by=by, reason=reason)


def _decide(issue: Issue, step: Transition, *, by: Person, reason: str) -> Issue:
    reason = _need(reason)
    with moving(issue, step, by=by, reason=reason) as issue:
        issue.review_note = reason
    return issue


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many: done, or why not."""

    issue: Issue
    is_done: bool
    sentence: str


def review_each(
    issues: Iterable[Issue],
    step: Transition,
    *,
    by: Person,
    reason: str = "",
    into: Issue | None = None,
) -> list[Outcome]:
    """Take the same step with each by itself: one that is refused does not hold up the others."""
    act = _act_of(step, reason, into)
    outcomes = []
    for issue in issues:
        try:
            done = act(issue, by=by)
        except ActionRefusedError as refused:
            outcomes.append(Outcome(issue, is_done=False, sentence=str(refused)))
        except PermissionDenied:
            sentence = _("You may not do this with this problem.")
            outcomes.append(Outcome(issue, is_done=False, sentence=sentence))
        else:
            outcomes.append(Outcome(done, is_done=True, sentence=done.get_state_display()))
    return outcomes


def _act_of(step: Transition, reason: str, into: Issue | None) -> Callable[..., Issue]:
    if step is states.CONFIRM:
        return confirm
    if step is states.MERGE:
        if into is None:
            raise ActionRefusedError(_("Say into which problem they are merged."))
        return partial(merge, into=into)
    verbs = {
        states.RETURN.name: send_back,
        states.HAND_OVER.name: hand_over,
        states.REJECT.name: reject,
    }
    return partial(verbs[step.name], reason=_need(reason))
