from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("audit")

    def ready(self) -> None:
        from audit import cascade  # noqa: F401, PLC0415 -- its signals connect on import
