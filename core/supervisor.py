"""A few processes that live and die together: a killed one comes back, and the end leaves none."""

from __future__ import annotations

import ctypes
import logging
import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

logger = logging.getLogger(__name__)

GRACE = 15.0
TOO_OFTEN = 5
LONG_ENOUGH = 30.0
BREATH = 1.0  # between two starts of the same
DIE_WITH_THE_PARENT = 1  # PR_SET_PDEATHSIG of Linux


@dataclass
class Child:
    """One command, kept running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    short_lives: int = 0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops them in order.
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            start_new_session=True,
            preexec_fn=_end_with_the_supervisor,  # noqa: PLW1509 -- there are no threads here
        )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, number: int) -> None:
        if self.is_alive() and self.process:
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """Whatever it started, too."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


@dataclass
class Supervisor:
    children: list[Child]
    _asked_to_stop: bool = field(default=False, init=False)

    def run(self, when_up: Callable[[], bool] = lambda: True) -> int:
        """Until a signal: 0. Or until a child cannot be kept running: 1.

        ``when_up`` is asked again and again until it says that it has done what it had to do.
        """
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writer)
        is_up = False
        try:
            for child in self.children:
                child.start()
            with selectors.DefaultSelector() as selector:
                selector.register(reader, selectors.EVENT_READ)
                while not self._asked_to_stop:
                    is_up = is_up or when_up()
                    if not self._keep_running():
                        return 1
                    if selector.select(timeout=1.0 if is_up else 0.2):
                        os.read(reader, 4096)
            return 0
        finally:
            self._end()
            signal.set_wakeup_fd(-1)
            os.close(reader)
            os.close(writer)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _keep_running(self) -> bool:
        for child in self.children:
            if child.is_alive() or self._asked_to_stop:
                continue
            code = child.process.returncode if child.process else None
            lived = time.monotonic() - child.began
            if lived < BREATH:
                continue
            child.short_lives = child.short_lives + 1 if lived < LONG_ENOUGH else 1
            if child.short_lives >= TOO_OFTEN:
                logger.error("%s ended again and again (%s): stopping everything", child.name, code)
                return False
            logger.warning("%s ended (%s): starting it again", child.name, code)
            child.kill_group()
            child.start()
        return True

    def _end(self) -> None:
        """Ask politely, the last started first; then do not ask."""
        logger.info("Stopping %s", ", ".join(child.name for child in self.children))
        for child in reversed(self.children):
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(child.is_alive() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.kill_group()
            if child.process:
                child.process.wait()


def _end_with_the_supervisor() -> None:
    """Even kill -9 of the supervisor leaves nobody behind (where the system can do that)."""
    try:
        ctypes.CDLL(None).prctl(DIE_WITH_THE_PARENT, signal.SIGTERM)
    except AttributeError:
        return
