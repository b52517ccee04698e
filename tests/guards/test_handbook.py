"""The handbook's table of moves is the statute book's, in Chinese."""

import os
import re

from django.utils import translation

from rectification.states import STEPS, State
from tests.guards.source import ROOT

HANDBOOK = ROOT / "docs/handbook.zh.md"
PLACE = re.compile(r"(<!-- states:[^>]*-->\n)(.*?)(<!-- /states -->)", re.S)


def table():
    with translation.override("zh-hans"):
        rows = ["| 从 | 操作 | 到 |", "|---|---|---|"]
        for step in STEPS:
            sources = [str(State(s).label) for s in State.values if s in step.sources]
            shown = "任何未办结状态" if len(sources) > 3 else "、".join(sources)
            rows.append(f"| {shown} | {step.label} | {State(step.target).label} |")
    return "\n".join(rows) + "\n"


def test_the_handbook_shows_the_moves_as_they_are():
    """``UPDATE=1 pytest tests/guards/test_handbook.py`` writes the table anew."""
    text = HANDBOOK.read_text(encoding="utf-8")
    if os.environ.get("UPDATE"):
        HANDBOOK.write_text(PLACE.sub(lambda m: m[1] + table() + m[3], text), encoding="utf-8")
        text = HANDBOOK.read_text(encoding="utf-8")

    assert PLACE.search(text)[2] == table()
