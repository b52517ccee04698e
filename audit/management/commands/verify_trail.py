"""Read the whole trail again; exit code 1 when it is not what was sealed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from audit import verification

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Verify the trail's chain and name every changed, removed or inserted row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--code", default="", help="a seal's code kept on paper; the trail must hold it"
        )

    def handle(self, **options: object) -> None:
        report = verification.Report()
        for finding in verification.verify(report, code=str(options["code"])):
            self.stdout.write(self.style.ERROR(str(finding)))
        facts = {
            "events": report.events,
            "seals": report.seals,
            "waiting": report.waiting,
            "findings": report.findings,
            "code": report.last_seal.code if report.last_seal else "–",
        }
        self.stdout.write(
            _(
                "%(events)s sealed events under %(seals)s seals read, %(waiting)s wait for the next"
                " sealing; last seal %(code)s."
            )
            % facts
        )
        if report.findings:
            self.stdout.write(
                self.style.ERROR(_("The trail is broken in %(findings)s places.") % facts)
            )
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(_("The trail is whole.")))
