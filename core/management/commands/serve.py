"""The whole product on one machine: web server, worker and scheduler under one supervisor."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.static_files import collect_if_changed
from core.supervisor import Child, Supervisor

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from django_stubs_ext import StrPromise

WEB_THREADS = 8
WORKER_THREADS = 2


class Command(BaseCommand):
    help = "Serves the product: web server, worker and scheduler, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--welcome", type=Path, help="a text to print once the pages answer")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port, welcome = options["host"], options["port"], options["welcome"]
        refuse_a_taken_port(host, port)
        connection.ensure_connection()  # a private server runs as long as this process
        connection.close()
        collect_if_changed()

        def greet() -> bool:
            if not answers(host, port):
                return False
            self.stdout.write("\n" + in_both(_("Address: %(url)s"), url=f"http://{host}:{port}/"))
            if welcome and welcome.exists():
                self.stdout.write(welcome.read_text(encoding="utf-8"))
            self.stdout.write(in_both(_("Ctrl-C stops everything that was started here.")))
            self.stdout.flush()
            return True

        # After the address nothing but trouble is printed, unless it was asked for.
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        sys.exit(Supervisor(children(host, port)).run(when_up=greet))


def children(host: str, port: int) -> list[Child]:
    """Separate processes, so that one of them can be killed and come back."""
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{host}:{port}"]
    web = ["--workers", "1", "--threads", str(WEB_THREADS), "--log-level", "warning"]
    # Root may run the demonstration: a message is JSON, it cannot carry code.
    silent = ["-W", "ignore:You're running the worker with superuser"]
    celery = [sys.executable, *silent, "-m", "celery", "-q", "-A", "config"]
    worker = ["worker", "--pool", "threads", "--concurrency", str(WORKER_THREADS)]
    quiet = ["--loglevel", "warning"]
    alone = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    run = settings.VAR_ROOT / "run"
    run.mkdir(parents=True, exist_ok=True)
    return [
        Child("web", [*gunicorn, *web, "--worker-tmp-dir", str(run)]),
        Child("worker", [*celery, *worker, *quiet, *alone]),
        Child("beat", [*celery, "beat", *quiet, "--pidfile", ""]),
    ]


def refuse_a_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sentence = _("Port %(port)s is taken: choose another, for example PORT=%(next)s.")
            raise CommandError(in_both(sentence, port=port, next=port + 1)) from error


def in_both(sentence: StrPromise, **values: object) -> str:
    """For whoever stands at the machine: nobody has said yet which language he reads."""
    spoken = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            spoken.append(str(sentence) % values)
    return "\n".join(dict.fromkeys(spoken))


def answers(host: str, port: int) -> bool:
    page = http.client.HTTPConnection(host, port, timeout=1)
    try:
        page.request("GET", "/healthz", headers={"Host": "localhost"})
        return page.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        page.close()
