"""Counts a round again, offline: nothing is asked of a database or a server."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import ActionRefusedError
from evaluations.counting import bundle
from evaluations.counting.verifying import UnreadableError, read_json, verify

SHARES = ("ROUND_SHARE_1", "ROUND_SHARE_2")


class Command(BaseCommand):
    help = (
        "Check a recount bundle against the public board and, if given, the published results."
        " Two shares are asked for, or read from a file with two lines, or from "
        f"{' and '.join(SHARES)}."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bundle", type=Path, help="the recount bundle")
        parser.add_argument("--board", type=Path, required=True, help="board.json")
        parser.add_argument("--results", type=Path, help="results.json, for the leadership")
        parser.add_argument("--shares", type=Path, help="a file with two shares, one in a line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            board = read_json(options["board"].read_bytes(), "board")
            results = (
                read_json(options["results"].read_bytes(), "file of results")
                if options["results"]
                else None
            )
            opened = bundle.opened(options["bundle"].read_bytes(), *_shares(options["shares"]))
            found = verify(opened, board, results)
        except (OSError, UnreadableError, bundle.BadBundleError, ActionRefusedError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"{found.boxes} boxes, {found.ballots} ballots ({found.slips} by slip),"
            f" {found.heads} heads graded again."
        )
        for sentence in found.faults:
            self.stderr.write(sentence)
        if not found.is_right:
            sys.exit(1)
        self.stdout.write("Everything agrees.")


def _shares(path: Path | None) -> tuple[str, str]:
    if path:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        found = [line for line in lines if line]
    elif all(os.environ.get(name) for name in SHARES):
        found = [os.environ[name] for name in SHARES]
    else:
        found = [getpass.getpass(f"Share {n}: ") for n in ("one", "two")]
    if len(found) != len(SHARES):
        raise CommandError("Two shares are needed.")
    return found[0], found[1]
