"""The product's own worker with one kind of work that waits until it is let go.

Used as ``celery --app tests.messaging.slow_worker worker``.
"""

import os
import time
from pathlib import Path

from config.celery import app  # noqa: F401 -- what the command looks for
from messaging import jobs


def wait_for_the_word(arguments, *, by, progress):
    notes = Path(arguments["folder"])
    with (notes / "begun").open("a") as file:
        file.write(f"{os.getpid()}\n")
    progress(1, 3)
    while not (notes / "go").exists():
        time.sleep(0.05)
    progress(2, 3)
    with (notes / "ended").open("a") as file:
        file.write(f"{os.getpid()}\n")
    return jobs.Result("台账.txt", "做完了".encode())


jobs.register("slow", wait_for_the_word)
