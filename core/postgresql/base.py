"""Django's PostgreSQL backend, which joins (or starts) the private server at the first connection."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from core import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        cluster = embedded.join(settings.POSTGRES_HOME, durable=settings.POSTGRES_IS_DURABLE)
        self.settings_dict["HOST"] = str(cluster.socket)
        return super().get_connection_params()
