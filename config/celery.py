"""The worker and the scheduler. What runs when is in settings.CELERY_BEAT_SCHEDULE."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rectification")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_folders(sender: Celery, **_: Any) -> None:
    """The folders of a broker made of files are there before the first message."""
    for name, folder in sender.conf.broker_transport_options.items():
        if name in {"data_folder_in", "control_folder"}:
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)


@beat_init.connect
def make_the_schedules_folder(**_: Any) -> None:
    Path(app.conf.beat_schedule_filename).parent.mkdir(parents=True, exist_ok=True)


@setup_logging.connect
def leave_logging_to_the_settings(**_: Any) -> None:
    """A receiver, and Celery keeps its own handlers to itself."""
