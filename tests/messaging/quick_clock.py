"""The product's own scheduler and workers, with minutes that last half a second.

Used as ``celery --app tests.messaging.quick_clock beat`` and ``… worker``.
"""

import datetime as dt

import django

from config.celery import app

django.setup()

from messaging.actions import sending  # noqa: E402 -- has tables

sending.LEASE = dt.timedelta(seconds=6)
app.conf.beat_schedule = {"remind": {"task": "messaging.tasks.remind", "schedule": 0.5}}
app.conf.beat_max_loop_interval = 0.5
