"""Load the demonstration once, and count what it holds."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from campaign.models import Campaign
from desk.demo import campaigns, evaluations, exposure, hospital, messages, problems, story
from issues.models import Issue
from organisation.models import Person
from rectification.models import LedgerItem
from rectification.states import State

if TYPE_CHECKING:
    from collections.abc import Callable


def is_loaded() -> bool:
    return Campaign.objects.filter(code=campaigns.RUNNING_CODE).exists()


def load(password: str, say: Callable[[str], None]) -> None:
    """Everything, in the order in which a hospital would do it."""
    base = settings.BASE_DIR / "demo"
    texts: dict[str, Any] = tomllib.loads((base / "problems.toml").read_text(encoding="utf-8"))
    today = timezone.localdate()
    say("units and people")
    cast = hospital.bring_in(base, password)
    messages.give_addresses()
    say("campaigns")
    running, finished = campaigns.open_both(cast, today)
    say("problems")
    days = {"written_on": texts["written_on"], "today": today}
    problems.bring_in_the_first(base, running, cast, **days)
    meetings = exposure.read(base, running, cast, today)
    exposure.order_letterhead(cast)
    meetings.play(1)
    problems.bring_in(base, running, finished, cast, **days)
    say("ledger")
    story.play(running, finished, cast, today)
    say("exposure")
    meetings.play(2, 3, 4)
    say("evaluations")
    rounds = evaluations.read(base, running, cast, today)
    rounds.play()
    evaluations.keep_shares(settings.VAR_ROOT / "demo", rounds)
    say("reminders")
    messages.play(today)


@dataclass(frozen=True, slots=True)
class Figures:
    people: int
    issues: int
    items: int
    by_state: dict[str, int]


def figures() -> Figures:
    """What is in the demonstration now; items by state, in the order of the states."""
    counted = dict(
        LedgerItem.objects.order_by()
        .values("state")
        .annotate(n=Count("pk"))
        .values_list("state", "n")
    )
    return Figures(
        people=Person.objects.count(),
        issues=Issue.objects.count(),
        items=sum(counted.values()),
        by_state={state.value: counted[state.value] for state in State if state.value in counted},
    )
