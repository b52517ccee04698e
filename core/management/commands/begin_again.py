"""Throw away what a demonstration made under var/: the private database, files, queue, documents."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import embedded

MADE_HERE = ("beat", "demo", "files", "queue", "run")


class Command(BaseCommand):
    help = "Removes the private database under var/ and all that belongs to it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_URL:
            raise CommandError(
                "DATABASE_URL is set: only a private database under var/ is removed."
            )
        try:
            embedded.remove(settings.POSTGRES_HOME)
        except embedded.EmbeddedServerError as error:
            raise CommandError(str(error)) from error
        for name in MADE_HERE:
            shutil.rmtree(settings.VAR_ROOT / name, ignore_errors=True)
