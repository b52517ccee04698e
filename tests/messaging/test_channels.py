"""Out of the house: mail, and services whose addresses hold secrets."""

import json
import logging
import smtplib
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import apprise
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend

from messaging import channels
from messaging.channels import Envelope, Post, SendError

# The library still reads a module that Python has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
SECRET = "s3cr3tt0ken"
ENVELOPE = Envelope("13800138000", "<1@hospital.example>", "有 3 项等您办理", "【审批】2026-ZF-001")


@pytest.fixture
def service():
    """A message service of this machine; it answers with ``status`` and keeps what it was told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            server.received.append((self.path, json.loads(self.rfile.read(length))))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *args):
            """Nothing on standard error."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sms(settings, service):
    settings.CHANNELS = {"sms": f"json://:{SECRET}@127.0.0.1:{service.server_port}/to/{{address}}"}
    return service


def test_only_what_is_configured_is_offered(settings):
    settings.CHANNELS = {"wecom": "", "feishu": "feishu://{address}"}

    assert [one.key for one in channels.offered()] == ["mail", "feishu"]
    assert channels.channel("wecom") is None


def test_a_message_reaches_the_service_with_the_address_in_its_place(sms):
    with Post() as post:
        post.send("sms", ENVELOPE)

    [(path, told)] = sms.received
    assert path == "/to/13800138000"
    assert (told["title"], told["message"]) == (ENVELOPE.subject, ENVELOPE.body)


def test_an_address_cannot_change_where_a_message_goes(sms):
    odd = Envelope("x/../../?to=@all#", "<1@h.example>", "a", "b")

    with Post() as post:
        post.send("sms", odd)

    [(path, _told)] = sms.received
    assert path.startswith("/to/x")
    assert "@all" not in path.partition("?")[2]


def test_a_refusal_is_told_without_secrets_and_logged_without_them(sms, caplog):
    sms.status = 500
    caplog.set_level(logging.DEBUG)

    with Post() as post, pytest.raises(SendError) as refused:
        post.send("sms", ENVELOPE)

    assert str(refused.value) == "The service did not accept the message."
    shown = [record for record in caplog.records if record.name in written_by_the_settings()]
    assert SECRET not in "".join(record.getMessage() for record in shown)


def written_by_the_settings():
    """Loggers whose lines below CRITICAL reach the log of the product."""
    from config.settings import LOGGING

    kept_quiet = {
        name for name, facts in LOGGING["loggers"].items() if facts.get("level") == "CRITICAL"
    }
    assert "apprise" in kept_quiet
    return set(logging.root.manager.loggerDict) - kept_quiet


@pytest.mark.parametrize(
    ("key", "template", "plugin"),
    [
        ("wecom", "wechat://corp:secret@1000002/{address}", "NotifyWeChat"),
        ("dingtalk", "dingtalk://secret@token/{address}", "NotifyDingTalk"),
        ("feishu", "feishu://{address}", "NotifyFeishu"),
    ],
)
def test_the_templates_of_the_manual_name_the_plug_in_and_the_person(key, template, plugin):
    address = {"wecom": "limin", "dingtalk": "13800138000", "feishu": "a1b2c3d4"}[key]

    made = apprise.Apprise.instantiate(template.replace("{address}", address))

    assert type(made).__name__ == plugin
    whom = {"wecom": "users", "dingtalk": "targets", "feishu": "token"}[key]
    assert address in getattr(made, whom)


def test_a_template_that_names_nobody_would_write_to_everybody_and_is_refused():
    import subprocess
    import sys

    from django.conf import settings

    answer = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin", "SECRET_KEY": "x" * 50, "CHANNEL_WECOM": "wechat://a:b@1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ImproperlyConfigured.__name__ in answer.stderr
    assert "CHANNEL_WECOM must say where {address} stands." in answer.stderr
    assert "wechat://a:b@1" not in answer.stderr.splitlines()[-1]


def test_a_template_that_no_plug_in_understands_is_a_sentence(settings):
    settings.CHANNELS = {"sms": "nothing-of-the-kind://{address}"}

    with Post() as post, pytest.raises(SendError, match="not configured correctly"):
        post.send("sms", ENVELOPE)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (smtplib.SMTPServerDisconnected("bye"), "could not be reached"),
        (smtplib.SMTPRecipientsRefused({"x@y": (550, b"no")}), "refuses this address"),
        (ConnectionRefusedError(), "could not be reached"),
    ],
)
def test_what_a_mail_server_does_becomes_a_sentence_without_the_address(
    settings, monkeypatch, error, sentence
):
    settings.EMAIL_BACKEND = "tests.messaging.test_channels.BrokenBackend"
    BrokenBackend.error = error

    with Post() as post, pytest.raises(SendError, match=sentence) as refused:
        post.send("mail", Envelope("x@y.example", "<1@h>", "a", "b"))

    assert "x@y" not in str(refused.value)


class BrokenBackend(BaseEmailBackend):
    error = None

    def send_messages(self, messages):
        raise self.error
