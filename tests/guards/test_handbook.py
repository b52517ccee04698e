"""The handbook's tables of moves are the statute book's, in Chinese."""

import os
import re

import pytest
from django.utils import translation

from evaluations.states import (
    APPEAL_STEPS,
    CONSEQUENCE_STEPS,
    ROUND_STEPS,
    SURVEY_STEPS,
    AppealState,
    ConsequenceState,
    RoundState,
    SurveyState,
)
from rectification.states import STEPS, State
from supervision.states import CRITICISM_STEPS, MEETING_STEPS, CriticismState, MeetingState
from tests.guards.source import ROOT

HANDBOOK = ROOT / "docs/handbook.zh.md"
MACHINES = {
    "rectification/states.py": (State, STEPS),
    "supervision/states.py, the meeting": (MeetingState, MEETING_STEPS),
    "supervision/states.py, the self-criticism": (CriticismState, CRITICISM_STEPS),
    "evaluations/states.py, the round": (RoundState, ROUND_STEPS),
    "evaluations/states.py, the measure": (ConsequenceState, CONSEQUENCE_STEPS),
    "evaluations/states.py, the appeal": (AppealState, APPEAL_STEPS),
    "evaluations/states.py, the survey": (SurveyState, SURVEY_STEPS),
}


def place(named):
    return re.compile(
        rf"(<!-- states: kept in step with {re.escape(named)} by a test -->\n)(.*?)(<!-- /states -->)",
        re.S,
    )


def table(states, steps):
    with translation.override("zh-hans"):
        rows = ["| 从 | 操作 | 到 |", "|---|---|---|"]
        for step in steps:
            sources = [str(states(s).label) for s in states.values if s in step.sources]
            shown = "任何未办结状态" if len(sources) > 3 else "、".join(sources)
            rows.append(f"| {shown} | {step.label} | {states(step.target).label} |")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("named", MACHINES)
def test_the_handbook_shows_the_moves_as_they_are(named):
    """``UPDATE=1 pytest tests/guards/test_handbook.py`` writes the tables anew."""
    text, wanted = HANDBOOK.read_text(encoding="utf-8"), table(*MACHINES[named])
    if os.environ.get("UPDATE"):
        text = place(named).sub(lambda m: m[1] + wanted + m[3], text)
        HANDBOOK.write_text(text, encoding="utf-8")

    assert place(named).search(text)[2] == wanted


def test_the_handbook_has_no_other_table_of_moves():
    text = HANDBOOK.read_text(encoding="utf-8")

    assert text.count("<!-- states:") == len(MACHINES)
