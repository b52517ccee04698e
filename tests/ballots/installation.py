"""A real PostgreSQL, a real web server and voters who reach it over HTTP."""

import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from base64 import b64decode, b64encode
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from ballots import blind, sealing
from core import embedded
from tests.setup.test_compose import words

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "migrated"
PASSWORD = "Xiangyang-2026"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """PostgreSQL with files, write-ahead log and log of its own; durable, as in production."""

    def __init__(self):
        # Not under pytest's folder: that is closed to the unprivileged user who runs root's server.
        self.home = Path(tempfile.mkdtemp(prefix="rectification-vote-"))
        self.home.chmod(0o755)
        self.cluster = embedded.Cluster(self.home / "postgres", durable=True)
        self.cluster.join()
        self.database(TEMPLATE, template="template0")
        self.manage(TEMPLATE, "migrate", "--verbosity", "0")

    def address(self, database, user="postgres"):
        return f"postgres://{user}@/{database}?host={self.cluster.socket}"

    def database(self, name, template=TEMPLATE):
        with psycopg.connect(self.address("postgres"), autocommit=True) as link:
            link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def environment(self, database, **more):
        return {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "tests.ballots.site_settings",
            "DATABASE_URL": self.address(database),
            "BOX_KEY_DIR": str(self.home / f"{database}-keys"),
            "FILES_ROOT": str(self.home / f"{database}-files"),
            "VAR_ROOT": str(self.home / "var"),
            "LOG_LEVEL": "DEBUG",
            "BEHIND_PROXY": "true",
            "PYTHONPATH": str(ROOT),
            **more,
        }

    def manage(self, database, *words_, **more):
        done = subprocess.run(
            [sys.executable, "manage.py", *words_],
            cwd=ROOT,
            env=self.environment(database, **more),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kill(self):
        """As when the power fails: the postmaster and everything it started, at once."""
        postmaster = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
        family = [postmaster, *children_of(postmaster)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_until(lambda: not any(is_alive(process) for process in family))
        # After a power cut the number in them is nobody's; here it may be a corpse's that no one buried.
        for left in (self.cluster.data / "postmaster.pid", *self.cluster.socket.glob(".s.*")):
            left.unlink()

    def start(self):
        self.cluster._start()

    def stop(self):
        self.cluster.leave()
        self.cluster.remove()
        shutil.rmtree(self.home)


def children_of(parent):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def is_alive(process):
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")


class Site:
    """One installation: its database, its web server by the very command of the containers."""

    def __init__(self, server, database, **more):
        self.server, self.database = server, database
        server.database(database)
        self.environment = server.environment(database, **more)
        self.log = server.home / f"{database}.log"
        self.port, self.web, self.token = free_port(), None, None
        self.office = Office(self)
        self.start()

    def start(self):
        bind = {"0.0.0.0:8000": f"127.0.0.1:{self.port}"}
        with self.log.open("a") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-m", *(bind.get(word, word) for word in words("web"))],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self.answers)

    def answers(self):
        with suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/healthz")[0] == 200
        return False

    def kill(self):
        """The master and its workers, in the middle of whatever they do."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def ask(self, method, path, body=None, **headers):
        """Status, headers and content; a connection for each request, as a voter's device makes."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            link.request(method, path, body, headers)
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            link.close()

    def form(self):
        """The token of the sign-in form and its cookie, which serve as often as one likes."""
        if self.token is None:
            _status, headers, page = self.ask("GET", "/sign-in/")
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())[1]
            cookies = "; ".join(cookie.split(";")[0] for cookie in headers.get_all("Set-Cookie"))
            self.token = token, cookies
        return self.token

    def cast(self, ballot):
        """Status and what was answered; None while there is nobody to answer."""
        sent = json.dumps(ballot.as_sent())
        about = {
            "Content-Type": "application/json",
            "X-Forwarded-For": ballot.address,
            "User-Agent": ballot.browser,
        }
        try:
            status, _headers, said = self.ask("POST", "/box/cast", sent, **about)
            return status, json.loads(said)
        except (OSError, http.client.HTTPException, ValueError):
            return None, {}

    def sql(self, query, *values):
        with psycopg.connect(self.server.address(self.database), autocommit=True) as link:
            cursor = link.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def close(self):
        self.office.close()
        if self.web.poll() is None:
            os.killpg(self.web.pid, signal.SIGTERM)
            self.web.wait(timeout=30)


class Office:
    """A process of the installation that does what the office and the commission do."""

    def __init__(self, site):
        self.site, self.process = site, None

    def __getattr__(self, name):
        def do(**said):
            self._start()
            self.process.stdin.write(json.dumps({"do": name, **said}) + "\n")
            self.process.stdin.flush()
            for line in self.process.stdout:
                if line.startswith("answer:"):
                    return json.loads(line.removeprefix("answer:"))
            raise AssertionError(f"{name} failed; see {self.site.log}")

        return do

    def _start(self):
        if self.process is None or self.process.poll() is not None:
            with self.site.log.open("a") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "tests.ballots.scene"],
                    cwd=ROOT,
                    env=self.site.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )

    def close(self):
        if self.process is not None:
            self.process.communicate(timeout=30)
            self.process = None


class Voter:
    """Somebody with a device: signs in, fetches tickets, and later casts without any account."""

    def __init__(self, site, round_, number):
        self.site, self.round, self.number = site, round_, number
        self.ballots = {}

    def sign_in(self):
        token, cookies = self.site.form()
        form = {
            "csrfmiddlewaretoken": token,
            "employee_number": self.number,
            "password": PASSWORD,
        }
        status, headers, said = self.site.ask(
            "POST",
            "/sign-in/",
            urlencode(form),
            **{"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies},
        )
        assert status == 302, said.decode()
        given = SimpleCookie()
        for cookie in headers.get_all("Set-Cookie"):
            given.load(cookie)
        self.cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in given.items())
        self.csrf = given["csrftoken"].value

    def fetch_tickets(self):
        """All in one request, as the page does it."""
        for kind, (box, key) in self.round["boxes"].items():
            self.ballots[kind] = Ballot(box, b64decode(key))
        blinded = {
            ballot.box: b64encode(ballot.blinded).decode() for ballot in self.ballots.values()
        }
        status, _headers, said = self.site.ask(
            "POST",
            f"/voting/{self.round['election']}/tickets/",
            json.dumps({"blinded": blinded}),
            **{
                "Content-Type": "application/json",
                "Cookie": self.cookies,
                "X-CSRFToken": self.csrf,
                "X-Forwarded-For": "10.20.30.40",
            },
        )
        assert status == 200, said.decode()
        signed = json.loads(said)["signed"]
        for ballot in self.ballots.values():
            ballot.take(b64decode(signed[ballot.box]))

    def vote(self, grades, text):
        seal = b64decode(self.round["seal"])
        comment = sealing.CommentBallot(uuid.uuid4(), (), text)
        for kind, written in (("grade", sealing.GradeBallot(grades)), ("comment", comment)):
            self.ballots[kind].fill(seal, written.encode())
        self.comment = str(comment.id)
        return [self.site.cast(ballot) for ballot in self.ballots.values()]


class Ballot:
    """What one device makes of one ballot, and all of it that must be found nowhere."""

    def __init__(self, box, key):
        self.box, self.key = box, key
        self.address = f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"
        self.browser = f"Device {secrets.token_hex(8)}"
        self.message = blind.prepare()
        self.blinded, self.unblinder = blind.blind(key, self.message)

    def take(self, blind_signature):
        self.blind_signature = blind_signature
        self.signature = blind.finalize(self.key, self.message, blind_signature, self.unblinder)

    def fill(self, seal, plain):
        self.plain, self.sealed = plain, sealing.seal(seal, plain)
        self.receipt = sealing.receipt(uuid.UUID(self.box), self.message, self.sealed)

    def as_sent(self):
        binary = {"credential": self.message, "signature": self.signature, "sealed": self.sealed}
        return {"box": self.box} | {name: b64encode(part).decode() for name, part in binary.items()}
