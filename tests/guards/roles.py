"""Reads ``roles.txt``: who gets what at every address."""

import re
from pathlib import Path

TABLE = Path(__file__).with_name("roles.txt")
ANYBODY = "anonymous"
TO_SIGN_IN = "sign-in"


def table(section):
    """The groups, and {(name, which): {answer: names}} of one section with groups opened out."""
    groups, lines, here = {}, {}, ""
    for written in TABLE.read_text(encoding="utf-8").splitlines():
        line = written.partition("#")[0].strip()
        if line.startswith("["):
            here = line.strip("[]")
        elif line.startswith("@"):
            name, _, members = line.partition("=")
            groups[name.strip()] = set(_opened(members.split(), groups))
        elif line and here == section:
            head, _, answers = re.match(r"(\S+(?: \([^)]*\))?)(\s+)(.*)", line).groups()
            name, _, which = head.partition(" (")
            lines[name, which.rstrip(")")] = {
                part.split()[0]: set(_opened(part.split()[1:], groups))
                for part in answers.split("|")
            }
    return groups, lines


def _opened(names, groups):
    for name in names:
        yield from groups.get(name, {name})


def expected(answers, everybody):
    """Who gets what, with ``rest`` and the sign-in page filled in."""
    named = set().union(*answers.values()) - {"rest"}
    assert named <= everybody, f"nobody is called {sorted(named - everybody)}"
    given = {}
    for answer, names in answers.items():
        others = everybody - named - {ANYBODY} if "rest" in names else set()
        given |= dict.fromkeys(names - {"rest"} | others, answer)
    given.setdefault(ANYBODY, TO_SIGN_IN)
    return given
