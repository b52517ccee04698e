"""Load the demonstration, make its workbook and paper, say where things lie, and serve it."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import translation

from core.errors import ActionRefusedError
from desk import demo
from desk.demo import papers
from desk.demo.hospital import LOGINS
from rectification.states import State

if TYPE_CHECKING:
    from pathlib import Path


class Command(BaseCommand):
    help = "Loads the demonstration (once), prints its figures and files, and serves it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-serve", action="store_true", help="do everything but serve the pages"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IN_PRODUCTION:
            raise CommandError(
                "The demonstration invents people and passwords; it is not for production."
            )
        started = time.monotonic()
        call_command("migrate", verbosity=0, interactive=False)
        folder = settings.VAR_ROOT / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with translation.override(settings.LANGUAGE_CODE):
                password = self._load(folder)
                files = papers.make(folder)
        except ActionRefusedError as refused:
            raise CommandError(f"The demonstration could not be loaded: {refused}") from refused
        welcome = self._welcome(password, files)
        (folder / "welcome.txt").write_text(welcome, encoding="utf-8")
        self.stdout.write(welcome)
        self.stdout.write(f"{time.monotonic() - started:.0f} s")
        if not options["no_serve"]:
            call_command("serve", "--welcome", str(folder / "welcome.txt"))

    def _load(self, folder: Path) -> str:
        """Load it whole or not at all; the password is kept beside the files for the next run."""
        kept = folder / "password.txt"
        if demo.is_loaded():
            return kept.read_text(encoding="utf-8").strip()
        password = f"demo-{secrets.randbelow(900_000) + 100_000}"
        kept.touch(mode=0o600)
        kept.write_text(password, encoding="utf-8")
        with transaction.atomic():
            demo.load(password, lambda step: self.stdout.write(f"… {step}"))
        return password

    def _welcome(self, password: str, files: list[Path]) -> str:
        """In both languages, for a terminal of 80 columns."""
        figures = demo.figures()
        with translation.override("zh-hans"):
            states = "、".join(f"{State(key).label} {n}" for key, n in figures.by_state.items())
        with translation.override("en"):
            english = ", ".join(f"{State(key).label} {n}" for key, n in figures.by_state.items())
        names = " ".join(LOGINS)
        where = "\n".join(f"  {path}" for path in files)
        return (
            f"演示已就绪：人员 {figures.people}，问题 {figures.issues}，台账条目 {figures.items}\n"
            f"  {states}\n"
            f"登录名：{names}\n密码（全部相同）：{password}\n生成的文件：\n{where}\n\n"
            f"The demonstration is ready: {figures.people} people, {figures.issues} problems, "
            f"{figures.items} ledger items\n  {english}\n"
            f"Sign in as: {names}\nPassword (the same for all): {password}\nFiles made:\n{where}\n"
        )
