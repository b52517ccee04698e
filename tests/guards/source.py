"""The project's own files, for the guards to read."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "audit",
    "ballots",
    "campaign",
    "config",
    "core",
    "desk",
    "evaluations",
    "issues",
    "messaging",
    "organisation",
    "rectification",
    "supervision",
)


@cache
def modules():
    """Every module of ours but migrations, with its tree."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    }


def templates():
    return sorted((ROOT / "templates").rglob("*"))
