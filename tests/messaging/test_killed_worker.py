"""The real worker on the broker of files, killed with -9 in the middle of a job."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlencode

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.celery import app as our_app
from messaging import actions, jobs
from messaging.models import Job, JobState
from tests.messaging.slow_worker import wait_for_the_word
from tests.organisation.factories import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path):
    for name in ("queue/messages", "queue/control", "beat", "files", "notes"):
        (tmp_path / "var" / name).mkdir(parents=True)
    return tmp_path / "var"


@pytest.fixture
def broker(place):
    """Asks the worker over files instead of doing the work at once, as the other tests do."""
    queue = place / "queue"
    sender = Celery("sender", broker="filesystem://", set_as_current=True)
    sender.conf.broker_transport_options = {
        "data_folder_in": str(queue / "messages"),
        "data_folder_out": str(queue / "messages"),
        "control_folder": str(queue / "control"),
    }
    yield sender
    sender.close()
    our_app.set_current()


def address_of_the_test_database():
    facts = connection.get_connection_params()
    user = f"{facts.get('user', '')}:{facts.get('password', '')}".rstrip(":")
    query = urlencode({key: facts[key] for key in ("host", "port") if facts.get(key)}, safe="/")
    return f"postgres://{user}@/{facts['dbname']}?{query}"


@pytest.fixture
def worker(place):
    """Start workers like the product's own, on the database of this test."""
    started = []

    def start():
        process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "celery", "--app", "tests.messaging.slow_worker", "worker"),
                *("--pool", "threads", "--concurrency", "2", "--loglevel", "warning"),
            ],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DATABASE_URL": address_of_the_test_database(),
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789",
                "VAR_ROOT": str(place),
                "FILES_ROOT": str(place / "files"),
                "REDIS_URL": "",
            },
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def wait_until(what, seconds=60):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.1)


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def test_a_job_whose_worker_was_killed_is_done_again_once(place, broker, worker):
    jobs.register("slow", wait_for_the_word)
    notes = place / "notes"
    first = worker()
    job = actions.request_job("slow", {"folder": str(notes)}, by=PersonFactory())
    wait_until(lambda: Job.objects.get().done == 1)

    os.killpg(first.pid, signal.SIGKILL)
    first.wait(20)

    now = timezone.now()
    assert Job.objects.get().state == JobState.RUNNING
    assert actions.reconcile(now=now) == 0, "its lease is not over yet"
    later = now + jobs.LEASE + dt.timedelta(seconds=5)
    assert actions.reconcile(now=later) == 1
    assert actions.reconcile(now=later) == 0, "it has been called out already"
    broker.send_task("messaging.tasks.run_job", (job.pk,))  # a message that came twice
    second = worker()
    wait_until(lambda: len(lines(notes / "begun")) == 2)
    (notes / "go").touch()
    wait_until(lambda: Job.objects.get().state == JobState.DONE)
    broker.send_task("messaging.tasks.run_job", (job.pk,))
    wait_until(lambda: not any((place / "queue" / "messages").iterdir()))
    time.sleep(0.5)

    job.refresh_from_db()
    assert lines(notes / "begun") == [str(first.pid), str(second.pid)]
    assert lines(notes / "ended") == [str(second.pid)]
    assert (job.state, job.attempts, job.file_name) == (JobState.DONE, 2, "台账.txt")
    [file] = [path for path in (place / "files").rglob("*") if path.is_file()]
    assert file.read_text() == "做完了"
    assert actions.reconcile(now=later + dt.timedelta(hours=1)) == 0
