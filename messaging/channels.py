"""The ways a message can leave the house: mail, and what the environment has configured.

The addresses of the services hold secrets. They come from the environment, are put together only
for the moment of sending, and are never logged, stored or shown.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

if TYPE_CHECKING:
    from types import TracebackType

    from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)
MAIL = "mail"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Channel:
    key: str
    label: StrOrPromise
    address: StrOrPromise
    """What the person types: where he is reached on this channel."""
    is_brief: bool = False
    """Read by others too, or short: only how much waits and where, no titles."""


CHANNELS = (
    Channel(MAIL, gettext_lazy("E-mail"), gettext_lazy("E-mail address")),
    Channel("wecom", gettext_lazy("WeCom"), gettext_lazy("WeCom user name")),
    Channel(
        "dingtalk",
        gettext_lazy("DingTalk robot"),
        gettext_lazy("Mobile number at DingTalk"),
        is_brief=True,
    ),
    Channel(
        "feishu", gettext_lazy("Feishu robot"), gettext_lazy("Key of the robot"), is_brief=True
    ),
    Channel("sms", pgettext_lazy("channel", "SMS"), gettext_lazy("Mobile number"), is_brief=True),
)


class SendError(Exception):
    """Not sent; the sentence is for the administrator and holds no address and no secret."""


@dataclass(frozen=True, slots=True)
class Envelope:
    address: str
    message_id: str
    """The same at every attempt, so that a mail server can recognise a repetition."""
    subject: str
    body: str


def offered() -> list[Channel]:
    """Mail always; a service where the environment says how it is reached."""
    return [one for one in CHANNELS if one.key == MAIL or settings.CHANNELS.get(one.key)]


def channel(key: str) -> Channel | None:
    """The channel, if it is still offered."""
    return next((one for one in offered() if one.key == key), None)


def label_of(key: str) -> str:
    return next((str(one.label) for one in CHANNELS if one.key == key), key)


class Post:
    """Sends one message after the other; a connection to the mail server is kept in between."""

    def __init__(self) -> None:
        self._mail = get_connection()

    def __enter__(self) -> Post:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, key: str, envelope: Envelope) -> None:
        if channel(key) is None:
            raise SendError(_("This channel is not configured any more."))
        if key == MAIL:
            self._send_mail(envelope)
        else:
            _notify(settings.CHANNELS[key], envelope)

    def _send_mail(self, envelope: Envelope) -> None:
        message = EmailMessage(
            subject=envelope.subject,
            body=envelope.body,
            to=[envelope.address],
            connection=self._mail,
            headers={"Message-ID": envelope.message_id, "Auto-Submitted": "auto-generated"},
        )
        try:
            self._mail.open()  # kept open; a server that hung up is found out by sending
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            self._close()
            raise SendError(_("The mail server refuses this address.")) from error
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            logger.warning("mail was not sent: %s", type(error).__name__)
            raise SendError(_("The mail server could not be reached or refused.")) from error

    def _close(self) -> None:
        try:
            self._mail.close()
        except (smtplib.SMTPException, OSError):
            logger.debug("the mail server had hung up already")


def _notify(template: str, envelope: Envelope) -> None:
    """Through a plug-in of the library, which says no more than whether it was accepted."""
    from apprise import Apprise  # noqa: PLC0415 -- a fifth of a second, needed by workers only

    plugin = Apprise.instantiate(template.replace("{address}", quote(envelope.address, safe="")))
    if plugin is None:
        raise SendError(_("This channel is not configured correctly, or the address does not fit."))
    plugin.request_rate_per_sec = 0  # its pause between two requests; the caller paces itself
    if not plugin.notify(body=envelope.body, title=envelope.subject):
        raise SendError(_("The service did not accept the message."))
