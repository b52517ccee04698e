"""Whether this server is set up so that nothing outside the boxes tells who voted what.

What stands between the browser and this process, and what the proxy writes down, cannot be seen from
here: docs/operations.md says it, and the files of the containers are held to it by tests.
"""

from __future__ import annotations

import logging
import os
import resource
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.utils.translation import gettext_lazy as _

from ballots.middleware import BoxDoor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django_stubs_ext import StrOrPromise

IN_MEMORY = frozenset({"tmpfs", "ramfs"})
DOOR = f"{BoxDoor.__module__}.{BoxDoor.__qualname__}"
WANTED = {
    "track_commit_timestamp": frozenset({"off"}),
    "log_statement": frozenset({"none"}),
    "log_min_duration_statement": frozenset({"-1"}),
    "log_min_duration_sample": frozenset({"-1"}),
    "log_transaction_sample_rate": frozenset({"0"}),
    "log_parameter_max_length_on_error": frozenset({"0"}),
    "log_min_error_statement": frozenset({"log", "fatal", "panic"}),
    "wal_level": frozenset({"minimal", "replica"}),
}
"""Values stand in the text of a statement: a log with statements is a log with values."""
KEEPS = {name: frozenset({"on"}) for name in ("fsync", "full_page_writes")} | {
    "synchronous_commit": frozenset({"on", "local", "remote_write", "remote_apply"})
}
LISTENERS = ("auto_explain", "pgaudit")
"""Extensions that write statements down; one that is loaded has settings under its name."""
ASKED = """
    SELECT name, setting FROM pg_settings
    WHERE name = ANY(%s) OR split_part(name, '.', 1) = ANY(%s)
    UNION ALL SELECT 'logical slots', count(*)::text FROM pg_replication_slots
        WHERE slot_type = 'logical'
    UNION ALL SELECT 'triggers', count(*)::text FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relname LIKE 'ballots\\_%%'
"""
MAY_READ = """
    SELECT has_any_column_privilege('evaluations_rollentry', 'SELECT')
        OR has_any_column_privilege('organisation_person', 'SELECT')
        OR has_column_privilege('ballots_box', 'signing_key', 'SELECT')
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One setting that would betray voters, and what to do about it."""

    code: str
    sentence: StrOrPromise
    what_to_do: StrOrPromise


def faults() -> list[Fault]:
    """Everything that is wrong here and now; two statements at most."""
    return [*settings_faults(), *machine_faults(), *database_faults()]


def settings_faults() -> Iterator[Fault]:
    """What the settings alone tell."""
    if settings.MIDDLEWARE[0] != DOOR:
        yield Fault(
            "door",
            _("Something stands before the door of the boxes and sees ballots with their senders."),
            _("Put ballots.middleware.BoxDoor first in MIDDLEWARE."),
        )
    if not settings.SITE_URL.startswith("https://"):
        yield Fault(
            "https",
            _("The pages are not served over https, so that browsers refuse to make tickets."),
            _("Set SITE_URL to an address with https:// and serve it with a certificate."),
        )
    if settings.DEBUG:
        yield Fault(
            "debug",
            _("DEBUG is on: faults show and keep what was sent."),
            _("Set DEBUG to false."),
        )
    if any(logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in ("", "django.db")):
        yield Fault(
            "log_level",
            _("The log is set to DEBUG and can hold what was sent."),
            _("Set LOG_LEVEL to INFO or higher."),
        )
    if connection.alias == settings.BOX_DATABASE:
        yield Fault(
            "box_role",
            _("Ballots are written with a role of the database that can also read the roll."),
            _("Make a role with manage.py box_role and set BOX_DATABASE_URL."),
        )


def machine_faults() -> Iterator[Fault]:
    """What this machine would keep of the keys."""
    folder = Path(settings.BOX_KEY_DIR).resolve()
    kind, options = mounted_at(folder, Path("/proc/mounts"))
    if kind not in IN_MEMORY:
        yield Fault(
            "key_dir",
            _("The keys of the boxes lie on a disk, and so in every backup and snapshot of it."),
            _("Set BOX_KEY_DIR to a folder on a file system in memory (tmpfs)."),
        )
    elif "noswap" not in options and swaps(Path("/proc/swaps")):
        yield Fault(
            "swap",
            _("The machine may move the keys of the boxes from memory to a disk."),
            _("Switch swap off, encrypt it, or mount the folder of the keys with noswap."),
        )
    if folder.exists() and not is_private(folder):
        yield Fault(
            "key_dir_open",
            _("Others than this program can read the keys of the boxes."),
            _("Give the folder BOX_KEY_DIR to the user of the program, with the mode 0700."),
        )
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        yield Fault(
            "core_dumps",
            _("When the program crashes, its memory with keys and ballots is written to a disk."),
            _("Start the program with a limit of 0 for core dumps (ulimit -c 0)."),
        )


def mounted_at(folder: Path, mounts: Path) -> tuple[str, list[str]]:
    """Kind and options of the file system that a folder lies on, or would lie on."""
    if not mounts.exists():
        return "", []
    found: dict[Path, tuple[str, list[str]]] = {}
    for line in mounts.read_text(encoding="utf-8").splitlines():
        _device, place, kind, options, *_rest = line.split()
        found[Path(place.replace("\\040", " "))] = kind, options.split(",")
    return next((found[place] for place in (folder, *folder.parents) if place in found), ("", []))


def swaps(listed: Path) -> list[str]:
    """Where memory may be moved to; what is moved within memory (zram) stays there."""
    if not listed.exists():
        return []
    places = [line.split()[0] for line in listed.read_text(encoding="utf-8").splitlines()[1:]]
    return [place for place in places if not place.startswith("/dev/zram")]


def is_private(folder: Path) -> bool:
    about = folder.stat()
    return about.st_uid == os.getuid() and not about.st_mode & 0o077


def database_faults() -> Iterator[Fault]:
    """What PostgreSQL is set to write down or to forget, and who writes the ballots."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [[*WANTED, *KEEPS], list(LISTENERS)])
        yield from _judged(dict(cursor.fetchall()))
    if connection.alias != settings.BOX_DATABASE and _box_role_reads_more():
        yield Fault(
            "box_role_reads",
            _("The role of the database that takes ballots in can read more than that."),
            _("Run manage.py box_role again, with a name that serves nothing else."),
        )


def _judged(found: Mapping[str, str]) -> Iterator[Fault]:
    telling = partial(_in_words, found)
    if wrong := telling(WANTED):
        yield Fault(
            "database_log",
            _("The database keeps when each ballot came, or writes statements down: %(settings)s.")
            % {"settings": wrong},
            _("Set it as the operations page says, and start the database anew."),
        )
    if wrong := telling(KEEPS):
        yield Fault(
            "database_forgets",
            _("The database may lose a ballot that was acknowledged: %(settings)s.")
            % {"settings": wrong},
            _("Set it as the operations page says, and start the database anew."),
        )
    listening = sorted({name.partition(".")[0] for name in found if "." in name})
    if listening:
        yield Fault(
            "database_extension",
            _("An extension of the database writes statements down: %(names)s.")
            % {"names": ", ".join(listening)},
            _("Take it out of shared_preload_libraries and session_preload_libraries."),
        )
    if found["logical slots"] != "0":
        yield Fault(
            "database_slot",
            _("Somebody reads every change of the database as it happens."),
            _("Remove the logical replication slots."),
        )
    if found["triggers"] != "0":
        yield Fault(
            "database_trigger",
            _("A trigger runs whenever a ballot comes."),
            _("Remove the triggers on the tables whose names begin with ballots_."),
        )


def _in_words(found: Mapping[str, str], wanted: Mapping[str, frozenset[str]]) -> str:
    """A setting that this version does not know, or does not show, cannot be wrong."""
    return ", ".join(
        f"{name} = {found[name]}"
        for name, good in wanted.items()
        if name in found and found[name] not in good
    )


def _box_role_reads_more() -> bool:
    try:
        with connections[settings.BOX_DATABASE].cursor() as cursor:
            cursor.execute(MAY_READ)
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        return True
