"""The production server as a child, and what its processes and the database used, from ``/proc``."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from core.management.commands.serve import WEB_THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator

TICK = 1000 / os.sysconf("SC_CLK_TCK")
"""Milliseconds of one tick of the clock by which the kernel counts."""
PATIENCE = 60
SERVER, DJANGO = "config.wsgi", "django.core.wsgi:get_wsgi_application()"


@dataclass(frozen=True, slots=True)
class Site:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def pids(self) -> list[int]:
        """The arbiter and its workers."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [pid, *map(int, children.split())]

    @property
    def cpu(self) -> float:
        """Milliseconds so far, of all its processes."""
        return sum(map(cpu_of, self.pids))

    @property
    def peak(self) -> float:
        """Megabytes that the largest of its processes ever held."""
        return max(map(peak_of, self.pids))


@contextmanager
def served(settings: str, application: str, workers: int = 1) -> Iterator[Site]:
    """gunicorn as ``manage.py serve`` starts it: one worker, as many threads. An installation has two."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gunicorn = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    like_serve = [
        "--workers",
        str(workers),
        "--threads",
        str(WEB_THREADS),
        "--log-level",
        "warning",
    ]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    process = subprocess.Popen([*gunicorn, *like_serve], env=environment)
    try:
        _wait_for(port, process)
        yield Site(port, process)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError):
            page = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            page.request("GET", "/", headers={"Host": "localhost"})
            page.getresponse()
            return
        time.sleep(0.1)
    raise RuntimeError("The server did not answer.")


def cpu_of(pid: int) -> float:
    """Milliseconds of user and system time of a process and its children that have ended.

    One that has gone itself used none.
    """
    try:
        after_the_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return 0.0
    return sum(map(int, after_the_name.split()[11:15])) * TICK


def database_cpu() -> dict[int, float] | None:
    """Of each session of this database; nothing where the server is on another machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        pids = [pid for (pid,) in cursor.fetchall()]
    if not all(_is_postgres(pid) for pid in pids):
        return None
    return {pid: cpu_of(pid) for pid in pids}


def database_server_cpu() -> float | None:
    """Milliseconds so far of PostgreSQL as a whole, with sessions that have ended and what it does beside.

    Nothing where the server is on another machine.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [session] = cursor.fetchone()
    if not _is_postgres(session):
        return None
    status = Path(f"/proc/{session}/stat").read_text(encoding="utf-8")
    parent = int(status.rpartition(")")[2].split()[1])
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return sum(map(cpu_of, [parent, *map(int, children.split())]))


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in Path(f"/proc/{pid}/comm").read_text(encoding="utf-8")
    except OSError:
        return False


def peak_of(pid: int) -> float:
    """Megabytes it ever held. (What ``getrusage`` says includes its parent's, of before ``exec``.)"""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0
