from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("messaging")

    def ready(self) -> None:
        from audit import trail  # noqa: PLC0415 -- has tables

        trail.label("messaging.request_job", _("Asked for a file"))
