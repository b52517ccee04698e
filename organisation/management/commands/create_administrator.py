"""The first administrator of an installation; all others are entered by an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import ActionRefusedError
from organisation import actions
from organisation.models import SYSTEM

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Enter a system administrator and print the one-time password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("employee_number")
        parser.add_argument("name")

    def handle(self, employee_number: str, name: str, **options: Any) -> None:
        try:
            person, password = actions.create_person(
                by=SYSTEM, employee_number=employee_number, name=name, is_administrator=True
            )
        except ActionRefusedError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{person.employee_number}\t{password}")
