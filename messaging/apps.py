from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("messaging")

    def ready(self) -> None:
        from audit import trail  # noqa: PLC0415 -- has tables

        for action, words in {
            "request_job": _("Asked for a file"),
            "choose": _("Chose how to be reminded"),
            "send_test": _("Sent a test message to himself"),
            "make_calendar_link": _("Made a calendar link"),
            "end_calendar_link": _("Ended the calendar link"),
            "send_again": _("Had a message sent again"),
            "make_webhook": _("Made a webhook"),
            "stop_webhook": _("Stopped the webhook"),
            "start_webhook": _("Started the webhook"),
            "renew_webhook_secret": _("Gave the webhook another secret"),
            "ping_webhook": _("Tried the webhook out"),
            "tell_again": _("Had a webhook told again"),
            "give_up_webhook": _("Stopped a webhook that took nothing"),
        }.items():
            trail.label(f"messaging.{action}", words)
