"""Makes the virtual environment and checks the system's libraries. Standard library only.

Quick, and without the network, when there is nothing to do. One at a time: a second caller waits.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# What a set of requirements includes: an environment made for work serves the demonstration too.
SETS = {"local": ("local", "dev"), "dev": ("dev",)}
PAPER = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OTHER_SYSTEMS = {
    "dnf": "dnf install pango harfbuzz",
    "yum": "yum install pango harfbuzz",
    "zypper": "zypper install libpango-1_0-0 libharfbuzz-subset0",
    "pacman": "pacman -S pango harfbuzz",
    "brew": "brew install pango",
}


def main(wanted: str) -> None:
    with (ROOT / ".setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_environment()
        install(wanted)
        ensure_paper()
        if wanted == "dev":
            ensure_browser()


def make_environment() -> None:
    """A broken one (moved, or made by a Python that is gone) is made anew."""
    if PYTHON.exists() and run_quietly(str(PYTHON), "-m", "pip", "--version"):
        return
    say("正在建立虚拟环境…", "Making the virtual environment …")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if run_quietly(*command):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not (may_use_apt() and apt_install(package, "python3-venv")):
        stop(
            f"本机的 Python 缺少 venv。请运行:sudo apt-get install {package}",
            f"This Python has no venv. Run: sudo apt-get install {package}",
        )
    subprocess.run(command, check=True)


def install(wanted: str) -> None:
    if any(
        stamp(name).exists() and stamp(name).read_text() == digest(name) for name in SETS[wanted]
    ):
        return
    say("正在安装依赖…", "Installing what it needs …")
    requirements = ROOT / f"requirements-{wanted}.txt"
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = ["--require-hashes", "-r", str(ROOT / "requirements-uv.txt")]
    hashed = ["--require-hashes", "-r", str(requirements)]
    by_uv = [
        str(VENV / "bin" / "uv"),
        "pip",
        "install",
        "--quiet",
        "--python",
        str(PYTHON),
        *hashed,
    ]
    has_uv = run_quietly(*pip, *uv)
    if not (has_uv and run_quietly(*by_uv, more=indexes_of_pip())):
        # Behind some proxies only pip knows the way.
        subprocess.run([*pip, *hashed], check=True)
    stamp(wanted).write_text(digest(wanted))


def indexes_of_pip() -> dict[str, str]:
    """A mirror that pip was told of is uv's as well."""
    told = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    mirror = os.environ.get("PIP_INDEX_URL") or told.stdout.strip()
    return {"UV_DEFAULT_INDEX": mirror} if mirror and "UV_DEFAULT_INDEX" not in os.environ else {}


def stamp(name: str) -> Path:
    return VENV / f"installed-{name}"


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / f"requirements-{name}.txt").read_bytes()).hexdigest()


def ensure_paper() -> None:
    """What WeasyPrint draws with. Without the last one a page takes twenty times as long."""
    missing = [package for library, package in PAPER.items() if not loads(library)]
    if not missing:
        return
    if may_use_apt() and apt_install(*missing):
        return
    command = f"sudo apt-get install {' '.join(missing)}"
    for manager, theirs in OTHER_SYSTEMS.items():
        if shutil.which(manager) and not shutil.which("apt-get"):
            command = theirs if manager == "brew" else f"sudo {theirs}"
    stop(
        f"生成 PDF 需要系统字体库,请运行:{command}",
        f"Paper (PDF) needs system libraries. Run: {command}",
    )


def loads(library: str) -> bool:
    for name in (library, library.replace(".so.", ".").removesuffix(".0") + ".0.dylib"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def ensure_browser() -> None:
    """The journeys need one; elsewhere than on Debian they are skipped with a sentence."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if not (may_use_apt() and apt_install("chromium")):
        say(
            "没有 Chromium,浏览器测试将跳过。安装:sudo apt-get install chromium",
            "There is no Chromium: browser tests will be skipped. Get it: sudo apt-get install chromium",
        )


def may_use_apt() -> bool:
    return os.getuid() == 0 and bool(shutil.which("apt-get"))


def apt_install(*packages: str) -> bool:
    """Whether one of the last names, or all of them, are there now."""
    say(f"正在安装系统软件包 {' '.join(packages)}…", f"Installing {' '.join(packages)} …")
    more = {"DEBIAN_FRONTEND": "noninteractive"}
    get = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    run_quietly("apt-get", "update", "-qq", more=more)
    return run_quietly(*get, more=more)


def run_quietly(*command: str, more: dict[str, str] | None = None) -> bool:
    """What it said is shown when it fails."""
    done = subprocess.run(
        command,
        env={**os.environ, **(more or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
    return not done.returncode


def say(chinese: str, english: str) -> None:
    print(f"{chinese} {english}", flush=True)


def stop(chinese: str, english: str) -> None:
    sys.exit(f"{chinese}\n{english}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "dev")
