"""The commands of docs/operations.md do what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.management import get_commands
from django.db import connection

from audit import trail
from audit.models import Event
from core import embedded
from organisation.models import SYSTEM, Person

ROOT = Path(__file__).resolve().parents[2]


def commands(title):
    page = (ROOT / "docs" / "operations.md").read_text()
    [block] = re.findall(rf"```sh\n# {title}\n(.*?)```", page, re.DOTALL)
    return block


def address(database):
    about = connection.get_connection_params()
    host = about.get("host", "")
    return f"postgres://{about.get('user', 'postgres')}@/{database}?host={host}"


def run(title, **environment):
    programs = f"{embedded.find_binaries()}:{Path(sys.executable).parent}"
    given = {"PATH": f"{programs}:{os.environ['PATH']}", "ENVIRONMENT": "local", **environment}
    subprocess.run(["sh", "-euc", commands(title)], cwd=ROOT, env=given, check=True)


@pytest.fixture
def empty_database():
    name = f"{connection.settings_dict['NAME']}_restored"
    with psycopg.connect(address("postgres"), autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}"')
        link.execute(f'CREATE DATABASE "{name}"')
        yield address(name)
        link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db(transaction=True)
def test_what_was_backed_up_is_there_after_the_restore(empty_database, tmp_path):
    someone = Person.objects.create_user("1001", "王敏")
    trail.record("organisation.test", subject=someone, by=SYSTEM)
    files, restored = tmp_path / "files", tmp_path / "restored"
    (files / "evidence").mkdir(parents=True)
    (files / "evidence" / "photo").write_bytes(b"\x89PNG")
    backup = tmp_path / "backup"
    backup.mkdir()
    given = {"BACKUP": str(backup), "VAR_ROOT": str(tmp_path / "var")}

    here = address(connection.settings_dict["NAME"])
    run("backup", DATABASE_URL=here, FILES_ROOT=str(files), **given)
    run("restore", DATABASE_URL=empty_database, FILES_ROOT=str(restored), **given)

    with psycopg.connect(empty_database) as link:
        people = link.execute("SELECT employee_number, name FROM organisation_person").fetchall()
        [events] = (link.execute("SELECT count(*) FROM audit_event").fetchone(),)
    assert people == [("1001", "王敏")]
    assert events == (Event.objects.count(),)
    assert (restored / "evidence" / "photo").read_bytes() == b"\x89PNG"


def test_every_command_on_the_page_exists():
    page = (ROOT / "docs" / "operations.md").read_text()

    assert set(re.findall(r"manage\.py (\w+)", page)) - get_commands().keys() == set()
