"""The private PostgreSQL, on clusters of its own beside that of the run."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from core import embedded

ROOT = Path(__file__).resolve().parents[2]
JOIN = """
import sys
from pathlib import Path
from core import embedded
embedded.join(Path(sys.argv[1]), durable=False)
print("joined", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def home():
    # Not tmp_path: that is closed to the unprivileged user who runs root's server.
    place = Path(tempfile.mkdtemp(prefix="rectification-embedded-"))
    place.chmod(0o755)
    yield place / "postgres"
    embedded.remove(place / "postgres")
    shutil.rmtree(place)


@pytest.fixture
def process(home):
    """Starts processes that use the cluster until they are told a line."""
    started = []

    def process():
        command = [sys.executable, "-c", JOIN, str(home)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        one = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)
        started.append(one)
        return one

    yield process
    for one in started:
        one.kill()
        one.wait()
        one.stdin.close()
        one.stdout.close()


def cluster(home):
    return embedded.Cluster(home, durable=False)


def leave(one):
    one.communicate("\n", timeout=30)
    assert one.returncode == 0


def test_the_first_starts_it_the_last_stops_it_and_the_data_stay(home, process):
    first, second = process(), process()
    assert [first.stdout.readline(), second.stdout.readline()] == ["joined\n", "joined\n"]
    address = {"host": str(home / "run"), "user": "postgres", "dbname": embedded.DATABASE}
    with psycopg.connect(**address) as link:
        link.execute("CREATE TABLE kept AS SELECT 1 AS one")

    leave(first)
    assert cluster(home).is_running()
    leave(second)
    assert not cluster(home).is_running()

    third = process()
    third.stdout.readline()
    with psycopg.connect(**address) as link:
        assert link.execute("SELECT one FROM kept").fetchall() == [(1,)]


def test_chinese_words_can_be_searched_whatever_the_callers_locale(home, process, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    process().stdout.readline()

    with psycopg.connect(host=str(home / "run"), user="postgres", dbname=embedded.DATABASE) as link:
        link.execute("CREATE EXTENSION pg_trgm")
        [[found]] = link.execute("SELECT show_trgm('挂号')").fetchall()

    assert len(found) > 0


def test_a_server_whose_user_was_killed_is_taken_over_and_stopped(home, process):
    killed = process()
    killed.stdout.readline()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert cluster(home).is_running()

    heir = process()
    heir.stdout.readline()
    leave(heir)

    assert not cluster(home).is_running()


def test_a_server_that_somebody_else_started_is_joined_and_left_alone(home, process):
    leave(process())
    theirs = cluster(home)
    theirs._start()
    (home / "started").unlink()

    leave(process())

    assert theirs.is_running()
    (home / "started").write_text(theirs._postmaster())


def test_it_is_not_removed_while_somebody_uses_it(home, process):
    user = process()
    user.stdout.readline()

    with pytest.raises(embedded.EmbeddedServerError, match="in use"):
        embedded.remove(home)

    leave(user)
    embedded.remove(home)
    assert not home.exists()


def test_nothing_that_was_there_before_changes_owner_or_mode(home, process):
    def looks(folder):
        about = folder.stat()
        return (about.st_mode, about.st_uid, about.st_gid)

    folders = [*home.parents, *embedded.find_binaries().parents]
    before = [looks(folder) for folder in folders]

    leave(process())

    assert [looks(folder) for folder in folders] == before


def test_data_of_another_version_are_left_as_they_are(home, process):
    leave(process())
    (home / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(embedded.EmbeddedServerError, match="made by PostgreSQL 9"):
        cluster(home).join()


@pytest.mark.skipif(os.getuid() != 0, reason="only root's server runs as somebody else")
def test_root_behind_a_closed_door_keeps_the_data_elsewhere(process, home, monkeypatch, tmp_path):
    closed, elsewhere = home.parent / "closed", home.parent / "elsewhere"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "ELSEWHERE", elsewhere)

    theirs = embedded.cluster_at(closed / "postgres", durable=False)

    assert (closed / "postgres").resolve() == theirs.home
    assert theirs.home.parent == elsewhere
