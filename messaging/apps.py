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
        }.items():
            trail.label(f"messaging.{action}", words)
