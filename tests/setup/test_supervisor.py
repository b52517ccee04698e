"""Processes that live and die together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUPERVISE = """
import sys
from core.supervisor import Child, Supervisor
sleeper = "import os, sys, time, pathlib; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(60)"
children = [Child(name, [sys.executable, "-c", sleeper, sys.argv[1] + name]) for name in ("a", "b")]
if len(sys.argv) > 2:
    children.append(Child("broken", ["false"]))
sys.exit(Supervisor(children).run())
"""


@pytest.fixture
def supervise(tmp_path):
    started = []

    def supervise(*more):
        one = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, f"{tmp_path}/", *more],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        started.append(one)
        return one

    yield supervise
    for one in started:
        one.kill()
        one.wait()


def pid_in(file, *, other_than=None):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        text = file.read_text() if file.exists() else ""
        if text and text != str(other_than):
            return int(text)
        time.sleep(0.05)
    raise AssertionError(f"{file} was not written")


def is_alive(pid):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        time.sleep(0.05)
    return True


def test_a_killed_child_comes_back(supervise, tmp_path):
    supervise()
    first = pid_in(tmp_path / "a")

    os.kill(first, signal.SIGKILL)

    assert pid_in(tmp_path / "a", other_than=first) != first


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_them(supervise, tmp_path, number):
    one = supervise()
    children = [pid_in(tmp_path / name) for name in ("a", "b")]

    one.send_signal(number)

    assert one.wait(timeout=30) == 0
    assert [is_alive(child) for child in children] == [False, False]


def test_even_a_killed_supervisor_leaves_nobody_behind(supervise, tmp_path):
    one = supervise()
    children = [pid_in(tmp_path / name) for name in ("a", "b")]

    one.kill()

    assert [is_alive(child) for child in children] == [False, False]


def test_a_child_that_cannot_live_ends_everything_with_an_error(supervise, tmp_path):
    one = supervise("with a broken one")
    children = [pid_in(tmp_path / name) for name in ("a", "b")]

    assert one.wait(timeout=30) == 1
    assert [is_alive(child) for child in children] == [False, False]
