"""On what it was measured."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import django
from django.db import connection


def described() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [version] = cursor.fetchone()
    cores = os.cpu_count()
    return (
        f"{names[0] if names else platform.machine()}, {cores} cores; "
        f"Python {platform.python_version()}, Django {django.__version__}, PostgreSQL {version}; "
        f"load before the run {os.getloadavg()[0]:.1f}"
    )
