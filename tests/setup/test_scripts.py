import importlib.util
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELL = ["script/setup", "script/demo", "script/test"]


@pytest.mark.parametrize("name", SHELL)
def test_scripts_are_for_any_shell_and_can_be_run(name):
    assert (ROOT / name).read_text().startswith("#!/bin/sh\n")
    assert os.access(ROOT / name, os.X_OK)
    subprocess.run(["sh", "-n", name], cwd=ROOT, check=True)


def test_a_second_set_up_is_quick_and_asks_nobody():
    subprocess.run(["script/setup", "dev"], cwd=ROOT, check=True, capture_output=True)
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:1", "PIP_INDEX_URL": "http://127.0.0.1:1"}
    began = time.monotonic()

    done = subprocess.run(
        ["script/setup", "dev"],
        cwd=ROOT,
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - began < 10


def test_a_python_that_is_too_old_is_told_in_both_languages(tmp_path):
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)

    done = subprocess.run(
        ["script/setup"],
        cwd=ROOT,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "需要 Python 3.11" in done.stderr
    assert "Python 3.11 or newer is needed" in done.stderr


def test_the_makefile_calls_what_there_is():
    targets = {"setup", "run", "worker", "fix", "check", "test", "messages", "demo", "ci"}
    text = (ROOT / "Makefile").read_text()

    assert {line.partition(":")[0] for line in text.splitlines() if "## " in line} - {
        "help"
    } >= targets


@pytest.fixture
def prepare():
    spec = importlib.util.spec_from_file_location("prepare", ROOT / "script" / "prepare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_missing_libraries_are_told_with_the_one_command(prepare, monkeypatch):
    monkeypatch.setattr(prepare, "PAPER", {"libno-such-thing.so.0": "libno-such-thing-0"})
    monkeypatch.setattr(prepare.os, "getuid", lambda: 1000)

    with pytest.raises(SystemExit, match="sudo apt-get install libno-such-thing-0") as stopped:
        prepare.ensure_paper()

    assert "请运行" in str(stopped.value)


def test_a_mirror_that_pip_was_told_of_is_used_by_uv_too(prepare, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.test/simple")

    assert prepare.indexes_of_pip() == {"UV_DEFAULT_INDEX": "https://mirror.test/simple"}


def test_every_requirement_is_pinned_and_hashed():
    for name in ("requirements", "requirements-local", "requirements-dev", "requirements-uv"):
        text = (ROOT / f"{name}.txt").read_text().replace("\\\n", " ")
        loose = [
            line
            for line in text.splitlines()
            if line.strip()
            and not line.lstrip().startswith("#")
            and not re.match(r"\S+==\S+.*--hash=sha256:", line)
        ]
        assert loose == []
