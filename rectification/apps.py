from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RectificationConfig(AppConfig):
    name = "rectification"
    verbose_name = _("rectification")

    def ready(self) -> None:
        from rectification import receivers  # noqa: F401, PLC0415 -- connects the signals
