"""Other systems are told of what happened: once, signed, and until they take it."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from audit import trail
from core.errors import ActionRefusedError
from messaging import actions
from messaging.actions import webhooks
from messaging.models import Webhook, WebhookDelivery, WebhookEvent, WebhookState
from messaging.tasks import tell_webhooks
from rectification import actions as ledger
from rectification.tasks import announce_overdue
from tests.organisation.counting import queries_for
from tests.people import again
from tests.rectification.factories import an_item

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)


class Receiver(ThreadingHTTPServer):
    """Another system: keeps what it is sent and answers as it is told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Hook)
        self.got, self.answers = [], []
        self.url = f"http://127.0.0.1:{self.server_port}/hook?from=us"


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def webhook(hospital, receiver):
    return actions.make_webhook(
        by=hospital.administrator,
        unit=hospital.unit,
        url=receiver.url,
        events=[WebhookEvent.CLOSED, WebhookEvent.OVERDUE],
    )


def signed_by(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    made = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{made}" in headers["webhook-signature"].split(" ")


def told(**facts):
    return WebhookDelivery.objects.values_list("state", flat=True).get(**facts)


def test_a_sign_off_is_told_with_it_and_says_no_more_than_the_ledgers_head(
    hospital, webhook, receiver, django_capture_on_commit_callbacks
):
    item = an_item(hospital, verified=True)

    with django_capture_on_commit_callbacks(execute=True):
        ledger.approve(item, by=hospital.vp)

    [(path, headers, body)] = receiver.got
    said = json.loads(body)
    assert path == "/hook?from=us"
    assert said["type"] == "ledger_item.closed"
    assert said["data"] == {
        "number": item.code,
        "campaign": "ZF",
        "state": "closed",
        "deadline": item.due_on.isoformat(),
        "original_deadline": item.due_on.isoformat(),
        "closed_on": timezone.localdate().isoformat(),
        "link": f"http://127.0.0.1:8000{item.get_absolute_url()}",
    }
    assert item.text not in body.decode()
    assert signed_by(webhooks.secret_text(webhook), headers, body)
    assert not signed_by("whsec_" + base64.b64encode(b"another").decode(), headers, body)
    assert told() == WebhookState.SENT


def test_a_sign_off_that_is_refused_tells_nothing(hospital, webhook):
    item = an_item(hospital, checked=True)

    with pytest.raises(ActionRefusedError):
        ledger.approve(item, by=hospital.vp)

    assert not WebhookDelivery.objects.exists()


def test_what_is_announced_and_rolled_back_was_never_announced(hospital, webhook):
    with transaction.atomic():
        actions.announce(WebhookEvent.CLOSED, unit=hospital.unit, payload={}, key="k")
        transaction.set_rollback(True)

    assert not WebhookDelivery.objects.exists()


def test_the_same_is_told_once(hospital, webhook):
    for _ in range(2):
        actions.announce(WebhookEvent.CLOSED, unit=hospital.unit, payload={}, key="k")

    assert WebhookDelivery.objects.count() == 1


def test_nobody_is_told_of_another_institution_or_of_what_he_did_not_ask_for(hospital, webhook):
    actions.announce(WebhookEvent.CLOSED, unit=hospital.bureau, payload={}, key="k")
    actions.announce(WebhookEvent.EXPOSED, unit=hospital.unit, payload={}, key="k")

    assert not WebhookDelivery.objects.exists()


def test_an_overdue_item_is_told_once_for_each_deadline(hospital, webhook, receiver):
    item = an_item(hospital, overdue=True)
    an_item(hospital, near=True)
    an_item(hospital, closed=True, due_on=timezone.localdate() - dt.timedelta(days=9))

    assert [announce_overdue(), announce_overdue()] == [1, 1]
    assert [one.payload["number"] for one in WebhookDelivery.objects.all()] == [item.code]

    item.due_on -= dt.timedelta(days=1)
    item.save()
    announce_overdue()
    assert WebhookDelivery.objects.count() == 2


def test_the_sweep_costs_the_same_for_many(hospital, webhook, django_assert_num_queries):
    an_item(hospital, overdue=True)
    with django_assert_num_queries(3):
        announce_overdue()
    WebhookDelivery.objects.all().delete()
    for _ in range(4):
        an_item(hospital, overdue=True)
    with django_assert_num_queries(3):
        announce_overdue()


def waiting(webhook):
    return WebhookDelivery.objects.create(webhook=webhook, event="ping", key="k", payload={})


def test_what_is_not_taken_is_tried_again_later_and_later_under_the_same_id(
    hospital, webhook, receiver
):
    waiting(webhook)
    receiver.answers = [500] * 30
    moments = []

    now = timezone.now()
    for _minute in range(26 * 60):
        with time_machine.travel(now, tick=False):
            before = len(receiver.got)
            tell_webhooks()
            moments += [now] * (len(receiver.got) - before)
        now = WebhookDelivery.objects.get().next_at or now
        if told() == WebhookState.FAILED:
            break

    gaps = [(b - a) // dt.timedelta(minutes=1) for a, b in pairwise(moments)]
    assert gaps == [1, 5, 30, 120, 300, 480, 480]
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.got}) == 1
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, row.attempts) == ("failed", 500, 8)


def test_it_arrives_when_the_other_system_is_there_again(hospital, webhook, receiver):
    waiting(webhook)
    receiver.answers = [503]
    tell_webhooks()
    webhook.refresh_from_db()
    assert (told(), webhook.failing_since is None) == ("waiting", False)

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        tell_webhooks()

    webhook.refresh_from_db()
    assert (told(), webhook.failing_since) == ("sent", None)
    first, second = (headers["webhook-id"] for _path, headers, _body in receiver.got)
    assert first == second


def test_a_redirect_is_not_followed(hospital, webhook, receiver):
    waiting(webhook)
    receiver.answers = [302]

    tell_webhooks()

    assert len(receiver.got) == 1
    assert WebhookDelivery.objects.values_list("state", "status").get() == ("waiting", 302)


def test_only_hosts_that_the_installation_names_are_told(hospital, webhook, receiver, settings):
    waiting(webhook)
    settings.WEBHOOK_HOSTS = ["oa.hospital.test"]

    tell_webhooks()

    assert receiver.got == []
    assert WebhookDelivery.objects.get().error.startswith("WEBHOOK_HOSTS")


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.test/",
        "http://127.0.0.1@evil.test/",
        "http://user@127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://[::1/",
        "http://127.0.0.1:99999999/",
        "127.0.0.1",
        "",
    ],
)
def test_no_other_address_can_be_entered(hospital, receiver, url):
    with pytest.raises(ActionRefusedError):
        actions.make_webhook(
            by=hospital.administrator, unit=hospital.unit, url=url, events=[WebhookEvent.CLOSED]
        )
    assert not Webhook.objects.exists()


def test_a_system_that_is_not_there_is_said_to_be_so(hospital, webhook, receiver):
    Webhook.objects.update(url="http://127.0.0.1:1/hook")
    waiting(webhook)

    tell_webhooks()

    assert WebhookDelivery.objects.get().error == "no answer (ConnectionRefusedError)"


def test_a_webhook_that_takes_nothing_for_days_is_stopped_and_started_again(
    client, hospital, webhook, receiver
):
    waiting(webhook)
    Webhook.objects.update(failing_since=timezone.now() - dt.timedelta(days=3))
    receiver.answers = [500]
    tell_webhooks()

    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.stopped_because) == (
        False,
        "it took nothing for three days",
    )
    assert trail.of(webhook).filter(action="messaging.give_up_webhook").count() == 1
    WebhookDelivery.objects.update(next_at=timezone.now())
    tell_webhooks()
    assert len(receiver.got) == 1

    client.force_login(hospital.administrator)
    client.post(reverse("messaging:switch_webhook", args=[webhook.pk]))
    tell_webhooks()
    assert told() == WebhookState.SENT


def test_an_address_that_is_gone_is_told_no_more(hospital, webhook, receiver):
    waiting(webhook)
    receiver.answers = [410]

    tell_webhooks()

    webhook.refresh_from_db()
    assert (webhook.is_active, told()) == (False, "failed")


def test_a_message_of_a_killed_worker_is_sent_again_under_its_id(hospital, webhook, receiver):
    row = waiting(webhook)
    killed = webhooks.take(timezone.now())
    tell_webhooks()
    assert receiver.got == []

    with time_machine.travel(timezone.now() + webhooks.LEASE + dt.timedelta(seconds=1)):
        tell_webhooks()
        tell_webhooks()

    [(_path, headers, _body)] = receiver.got
    assert headers["webhook-id"] == row.message_id
    webhooks.send(killed, now=timezone.now())  # it was not dead, only slow
    assert WebhookDelivery.objects.values_list("state", "attempts").get() == ("sent", 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(hospital, webhook, receiver):
    for key in "abcdefgh":
        WebhookDelivery.objects.create(webhook=webhook, event="ping", key=key, payload={})
    start = threading.Barrier(3)

    def work():
        start.wait()
        tell_webhooks()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ids = [headers["webhook-id"] for _path, headers, _body in receiver.got]
    assert (len(ids), len(set(ids))) == (8, 8)


def test_after_a_change_of_the_secret_key_both_secrets_sign(hospital, webhook, receiver, settings):
    waiting(webhook)
    before = webhooks.secret_text(webhook)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-the-installation-0123456789-0123456789"

    tell_webhooks()

    [(_path, headers, body)] = receiver.got
    after = webhooks.secret_text(webhook)
    assert before != after
    assert signed_by(before, headers, body)
    assert signed_by(after, headers, body)


def test_the_secret_stands_in_no_table_no_trail_and_no_log(hospital, webhook, receiver, caplog):
    waiting(webhook)
    secret = webhooks.secret_text(webhook)

    with caplog.at_level(logging.DEBUG):
        receiver.answers = [500]
        tell_webhooks()

    kept = str(Webhook.objects.values().get()) + str(WebhookDelivery.objects.values().get())
    written = str([(e.label, e.changes, e.detail) for e in trail.entries([webhook])])
    assert secret not in kept + written + caplog.text
    assert webhook.nonce.hex not in written.replace("-", "")


def test_the_administrator_makes_tries_and_renews_a_webhook(
    client, hospital, receiver, django_capture_on_commit_callbacks
):
    client.force_login(hospital.administrator)
    facts = {"unit": hospital.unit.pk, "url": receiver.url, "events": ["ledger_item.closed"]}
    made = client.post(reverse("messaging:make_webhook"), facts)
    webhook = Webhook.objects.get()
    assert webhooks.secret_text(webhook) in made.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("messaging:ping", args=[webhook.pk]))
    page = client.get(webhook.get_absolute_url()).content.decode()
    assert ("try-out" in page, len(receiver.got)) == (True, 1)
    assert webhooks.secret_text(webhook) not in page

    renewed = client.post(reverse("messaging:renew_secret", args=[webhook.pk]))
    assert webhooks.secret_text(webhook) not in renewed.content.decode()
    webhook.refresh_from_db()
    assert webhooks.secret_text(webhook) in renewed.content.decode()

    row = WebhookDelivery.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("messaging:tell_again", args=[webhook.pk, row.pk]))
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.got}) == 1
    assert len(receiver.got) == 2


def test_nobody_else_keeps_webhooks(client, hospital, webhook):
    client.force_login(hospital.office)

    assert client.get(reverse("messaging:webhooks")).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.stop_webhook(webhook, by=again(hospital.office))
    webhook.refresh_from_db()
    assert webhook.is_active


def test_the_log_costs_the_same_for_many(client, hospital, webhook):
    client.force_login(hospital.administrator)
    waiting(webhook)
    one = queries_for(client, webhook.get_absolute_url())
    for key in "abc":
        WebhookDelivery.objects.create(webhook=webhook, event="ping", key=key, payload={})

    assert queries_for(client, webhook.get_absolute_url()) == one
