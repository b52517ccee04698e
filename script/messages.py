"""The catalogue from the code, without lines that change by themselves, and its compiled form.

``check`` changes nothing and fails when the committed catalogue is not what the code asks for, when
a sentence has no translation or a doubtful one, or when the compiled form is not of this catalogue.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
OPTIONS = ["--locale", "zh_Hans", "--no-location", "--no-wrap", "--no-obsolete"]
NOT_OURS = (".venv", "var", "tests", "static", "static-collected")
SHOWN = 30
HEADER = {
    "Project-Id-Version": "work-style rectification",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def gather() -> polib.POFile:
    """What the code says now, with the translations that there are; written to its place."""
    if not shutil.which("xgettext"):
        sys.exit("gettext is missing. Run: sudo apt-get install gettext")
    ignored = [word for name in NOT_OURS for word in ("--ignore", name)]
    command = [sys.executable, "manage.py", "makemessages", "--verbosity", "0", *OPTIONS, *ignored]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": ""}, check=True)
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=0)
    catalogue.metadata = HEADER
    catalogue.header = ""
    catalogue.metadata_is_fuzzy = False
    catalogue.save()
    return catalogue


def update() -> None:
    catalogue = gather()
    catalogue.save_as_mofile(str(COMPILED))
    waiting = [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()]
    print(f"{len(catalogue)} sentences, {len(waiting)} without a translation")
    print(*(f" - {sentence!r}" for sentence in waiting[:SHOWN]), sep="\n")


def check() -> None:
    committed, compiled = CATALOGUE.read_bytes(), COMPILED.read_bytes()
    try:
        catalogue = gather()
        gathered = CATALOGUE.read_bytes()
    finally:
        CATALOGUE.write_bytes(committed)
    faults = [f"not translated: {entry.msgid!r}" for entry in catalogue if not entry.translated()]
    if gathered != committed:
        before = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(committed.decode())}
        after = {(entry.msgctxt, entry.msgid) for entry in catalogue}
        faults.append(
            f"the catalogue is not that of the code: {before ^ after or 'see make messages'}"
        )
    if polib.pofile(committed.decode(), wrapwidth=0).to_binary() != compiled:
        faults.append("the compiled catalogue is not that of django.po")
    if faults:
        more = [f"… and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        sys.exit("\n".join([*faults[:SHOWN], *more, "Run: make messages"]))


if __name__ == "__main__":
    check() if sys.argv[1:] == ["check"] else update()
