"""The worker and the scheduler. What runs when is in settings.CELERY_BEAT_SCHEDULE."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rectification")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_folders(sender: Celery, **_: Any) -> None:
    """What the scheduler and a broker made of files write into is there before they begin."""
    options = sender.conf.broker_transport_options
    folders = [options[name] for name in ("data_folder_in", "control_folder") if name in options]
    for folder in (Path(sender.conf.beat_schedule_filename).parent, *map(Path, folders)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@setup_logging.connect
def leave_logging_to_the_settings(**_: Any) -> None:
    """A receiver, and Celery keeps its own handlers to itself."""
