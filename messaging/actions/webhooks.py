"""Telling other systems: written down with the event, sent until it is taken, signed.

As with jobs, each step of a worker is one conditional ``UPDATE``. Who was killed after the other
system took a message and before it was written down sends it once more: under the same id, by
which the other system drops it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import logging
import uuid
from typing import TYPE_CHECKING, Any

from celery import signature
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from audit import trail
from core import outbound
from core.errors import ActionRefusedError
from messaging.models import PING, Webhook, WebhookDelivery, WebhookState
from organisation.models import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organisation.models import Person, Unit

logger = logging.getLogger(__name__)
SALT = "messaging.webhook"
MANAGE = "messaging.manage_webhooks"
LEASE = dt.timedelta(seconds=60)
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 480, 480))
"""After the first attempt at once: seven more within a day."""
ATTEMPTS = len(BACK_OFF) + 1
GIVE_UP = dt.timedelta(days=3)
"""A webhook that takes nothing for so long is stopped."""
GONE = 410


def secret_of(webhook: Webhook, key: str = "") -> bytes:
    """Worked out from the secret key of the installation: it stands in no table and no backup of one."""
    made = salted_hmac(SALT, webhook.nonce.hex, secret=key or None, algorithm="sha256")
    return made.digest()


def secret_text(webhook: Webhook) -> str:
    return "whsec_" + base64.b64encode(secret_of(webhook)).decode()


@transaction.atomic
def make_webhook(*, by: Person, unit: Unit, url: str, events: list[str]) -> Webhook:
    webhook = Webhook(unit=unit, url=url, events=events)
    if not by.has_perm(MANAGE, webhook):
        raise PermissionDenied
    if not outbound.is_allowed(url):
        raise ActionRefusedError(
            _("This host is not among those that WEBHOOK_HOSTS of the installation names.")
        )
    try:
        webhook.full_clean()
    except ValidationError as faults:
        raise ActionRefusedError(" ".join(faults.messages)) from faults
    webhook.save()
    trail.record("messaging.make_webhook", subject=webhook, by=by, after=trail.snapshot(webhook))
    return webhook


def _locked(webhook: Webhook, by: Person) -> Webhook:
    row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    if not by.has_perm(MANAGE, row):
        raise PermissionDenied
    return row


@transaction.atomic
def stop_webhook(webhook: Webhook, *, by: Person) -> Webhook:
    """It is told nothing more; what is on its way waits."""
    row = _locked(webhook, by)
    if not row.is_active:
        raise ActionRefusedError(_("It is stopped already."))
    before = trail.snapshot(row)
    row.is_active, row.stopped_because = False, _("stopped by %(name)s") % {"name": by.name}
    return _kept(row, "stop_webhook", before, by)


@transaction.atomic
def start_webhook(webhook: Webhook, *, by: Person) -> Webhook:
    """It is told again, first what waited."""
    row = _locked(webhook, by)
    if row.is_active:
        raise ActionRefusedError(_("It is in use already."))
    before = trail.snapshot(row)
    row.is_active, row.stopped_because, row.failing_since = True, "", None
    _call_out()
    return _kept(row, "start_webhook", before, by)


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: Person) -> Webhook:
    """From now on messages are signed with another secret."""
    row = _locked(webhook, by)
    before = trail.snapshot(row)
    row.nonce = uuid.uuid4()
    return _kept(row, "renew_webhook_secret", before, by)


def _kept(row: Webhook, action: str, before: dict[str, Any], by: Person) -> Webhook:
    row.save()
    trail.record(
        f"messaging.{action}", subject=row, by=by, before=before, after=trail.snapshot(row)
    )
    return row


@transaction.atomic
def ping(webhook: Webhook, *, by: Person) -> WebhookDelivery:
    """Send something to see whether it arrives."""
    row = _locked(webhook, by)
    if not row.is_active:
        raise ActionRefusedError(_("It is stopped; start it first."))
    delivery = WebhookDelivery.objects.create(
        webhook=row, event=PING, key=f"{PING}:{uuid.uuid4().hex}", payload={}
    )
    trail.record("messaging.ping_webhook", subject=row, by=by)
    _call_out()
    return delivery


@transaction.atomic
def tell_again(delivery: WebhookDelivery, *, by: Person) -> WebhookDelivery:
    """Send once more, under the same id, what was sent or failed."""
    webhook = _locked(delivery.webhook, by)
    row = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state not in {WebhookState.SENT, WebhookState.FAILED}:
        raise ActionRefusedError(_("It is on its way already."))
    row.state, row.attempts, row.next_at = WebhookState.WAITING, 0, timezone.now()
    row.save()
    trail.record("messaging.tell_again", subject=webhook, by=by, detail={"id": row.message_id})
    _call_out()
    return row


def announce(event: str, *, unit: Unit, payload: dict[str, Any], key: str) -> int:
    """Write down, in the transaction of the event, that the webhooks of a unit are told of it.

    ``payload`` holds what every reader of the ledger may know and no confidential text.
    """
    return announce_each(event, [(unit.pk, payload, key)])


def announce_each(event: str, told: Iterable[tuple[int, dict[str, Any], str]]) -> int:
    """The same for many of one kind, in two statements. What was told before is not told again."""
    by_unit: dict[int, list[Webhook]] = {}
    for webhook in Webhook.objects.told_of(event).order_by("pk"):
        by_unit.setdefault(webhook.unit_id, []).append(webhook)
    rows = [
        WebhookDelivery(webhook=webhook, event=event, key=key, payload=payload)
        for unit, payload, key in told
        for webhook in by_unit.get(unit, ())
    ]
    if not rows:
        return 0
    WebhookDelivery.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    _call_out()
    return len(rows)


def _call_out() -> None:
    transaction.on_commit(signature("messaging.tasks.tell_webhooks", immutable=True).delay)


def take(now: dt.datetime) -> WebhookDelivery | None:
    """Take the next message that is due, or nothing: others have them all."""
    with transaction.atomic():
        rows = WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        due = rows.select_related("webhook").due(now)
        delivery = due.order_by("next_at", "pk").first()
        if delivery is None:
            return None
        delivery.state = WebhookState.SENDING
        delivery.attempts += 1
        delivery.next_at, delivery.lease_until = now, now + LEASE
        delivery.save()
        return delivery


def send(delivery: WebhookDelivery, *, now: dt.datetime) -> bool:
    """Send a message that was taken; whether the other system took it."""
    body = body_of(delivery)
    try:
        status = outbound.post(delivery.webhook.url, body, headers_of(delivery, body, now=now))
    except outbound.NotAllowedError:
        return _failed(delivery, None, _("WEBHOOK_HOSTS does not name this host any more."), now)
    except outbound.UnreachableError as fault:
        return _failed(delivery, None, _("no answer (%(fault)s)") % {"fault": fault}, now)
    if 200 <= status < 300:
        _end(delivery, state=WebhookState.SENT, status=status, error="", next_at=None, sent_at=now)
        Webhook.objects.filter(pk=delivery.webhook_id).update(failing_since=None)
        return True
    return _failed(delivery, status, "", now)


def body_of(delivery: WebhookDelivery) -> bytes:
    told = {
        "type": delivery.event,
        "timestamp": timezone.localtime(delivery.created_at).isoformat(timespec="seconds"),
        "data": delivery.payload,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(delivery: WebhookDelivery, body: bytes, *, now: dt.datetime) -> dict[str, str]:
    """After the Standard Webhooks convention: one signature for the secret key and each former one."""
    moment = str(int(now.timestamp()))
    signed = b".".join([delivery.message_id.encode(), moment.encode(), body])
    signatures = [
        base64.b64encode(
            hmac.new(secret_of(delivery.webhook, key), signed, hashlib.sha256).digest()
        ).decode()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    return {
        "Content-Type": "application/json",
        "User-Agent": "rectification-webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


def _end(delivery: WebhookDelivery, **facts: Any) -> bool:
    """Write down how the attempt ended, unless another has taken the message over meanwhile."""
    mine = WebhookDelivery.objects.filter(
        pk=delivery.pk, state=WebhookState.SENDING, attempts=delivery.attempts
    )
    return bool(mine.update(lease_until=None, **facts))


def _failed(delivery: WebhookDelivery, status: int | None, error: str, now: dt.datetime) -> bool:
    """Another time, later and later; a webhook that takes nothing for days is stopped."""
    is_over = delivery.attempts >= ATTEMPTS or status == GONE
    kept = _end(
        delivery,
        state=WebhookState.FAILED if is_over else WebhookState.WAITING,
        status=status,
        error=error,
        next_at=None if is_over else now + BACK_OFF[delivery.attempts - 1],
    )
    if kept:
        _note_failure(delivery.webhook_id, is_gone=status == GONE, now=now)
    return False


@transaction.atomic
def _note_failure(pk: int, *, is_gone: bool, now: dt.datetime) -> None:
    webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=pk)
    webhook.failing_since = webhook.failing_since or now
    if webhook.is_active and (is_gone or now - webhook.failing_since >= GIVE_UP):
        before = trail.snapshot(webhook)
        webhook.is_active = False
        with translation.override(settings.LANGUAGE_CODE):
            webhook.stopped_because = (
                _("the other system says that the address is gone (410)")
                if is_gone
                else _("it took nothing for three days")
            )
        trail.record(
            "messaging.give_up_webhook",
            subject=webhook,
            by=SYSTEM,
            before=before,
            after=trail.snapshot(webhook),
        )
        logger.warning("webhook %s is stopped", webhook.pk)
    webhook.save()
