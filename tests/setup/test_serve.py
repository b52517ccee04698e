"""The whole product on one machine, as script/demo serves it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import psycopg
import pytest

from core import embedded
from tests.setup.test_production_processes import SEND, free_port, until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def environment():
    # Not under tmp_path: that is closed to the unprivileged user who runs root's server.
    place = Path(tempfile.mkdtemp(prefix="rectification-serve-"))
    place.chmod(0o755)
    yield {"PATH": os.environ["PATH"], "VAR_ROOT": str(place / "var")}
    embedded.remove(place / "var" / "postgres")
    shutil.rmtree(place)


def manage(*words):
    return [sys.executable, "manage.py", *words]


def run_manage(environment, *words):
    subprocess.run(manage(*words), cwd=ROOT, env=environment, check=True)


def children_of(pid):
    """Its children by the word that tells them apart."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            words = (process / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        for name in ("gunicorn", "worker", "beat"):
            if parent == pid and name in words:
                found[name] = int(process.name)
    return found


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as page:
            return json.load(page)
    except OSError:
        return None


def test_it_serves_works_mends_itself_and_leaves_nothing_behind(environment):
    run_manage(environment, "migrate", "--no-input", "--verbosity", "0")
    port, welcome = free_port(), Path(environment["VAR_ROOT"]) / "welcome.txt"
    welcome.write_text("欢迎 welcome\n")
    command = manage("serve", "--port", str(port), "--welcome", str(welcome))
    log = Path(environment["VAR_ROOT"]) / "serve.log"
    with log.open("w") as out:
        serve = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)

    try:
        assert until(lambda: answers(port))["status"] == "ok", log.read_text()
        assert until(lambda: "欢迎 welcome" in log.read_text())
        first = children_of(serve.pid)
        assert first.keys() == {"gunicorn", "worker", "beat"}

        os.kill(first["worker"], signal.SIGKILL)
        second = until(
            lambda: children_of(serve.pid).get("worker", first["worker"]) != first["worker"]
        )
        assert second

        run_manage(environment, "shell", "--verbosity", "0", "--command", SEND)
        cluster = embedded.cluster_at(Path(environment["VAR_ROOT"]) / "postgres", durable=True)
        link = psycopg.connect(host=cluster.socket, user="postgres", dbname=embedded.DATABASE)
        with link:
            link.autocommit = True
            assert until(lambda: link.execute("SELECT count(*) FROM audit_seal").fetchone()[0])
    finally:
        last = children_of(serve.pid)
        serve.send_signal(signal.SIGINT)
        code = serve.wait(timeout=60)

    assert code == 0
    assert [name for name, pid in last.items() if Path(f"/proc/{pid}").exists()] == []
    assert not cluster.is_running()


def test_a_taken_port_is_said_with_the_way_out(environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        tried = subprocess.run(
            manage("serve", "--port", str(port)),
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert tried.returncode == 1
    assert f"PORT={port + 1}" in tried.stderr


def test_beginning_again_removes_what_was_made_and_keeps_the_key(environment):
    var = Path(environment["VAR_ROOT"])
    subprocess.run(
        manage("migrate", "--plan"), cwd=ROOT, env=environment, check=True, capture_output=True
    )
    (var / "files").mkdir(exist_ok=True)

    run_manage(environment, "begin_again")

    left = {path.name for path in var.iterdir()}
    assert {"secret-key"} <= left
    assert left & {"postgres", "files", "queue", "demo", "beat"} == set()


def test_a_database_that_was_set_up_for_work_is_not_begun_again(environment):
    tried = subprocess.run(
        manage("begin_again"),
        cwd=ROOT,
        env={**environment, "DATABASE_URL": "postgres://work@127.0.0.1/work"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (tried.returncode, "DATABASE_URL is set" in tried.stderr) == (1, True)
