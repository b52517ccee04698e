"""Seal the trail now instead of at the next minute."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from audit import chain


class Command(BaseCommand):
    help = "Link every committed event of the trail that has no link yet, and close with a seal."

    def handle(self, **options: object) -> None:
        run = chain.seal()
        if run is None:
            self.stdout.write(_("Nothing new to seal."))
            return
        self.stdout.write(
            _("Seal %(number)s: %(count)s events, up to position %(position)s, code %(code)s.")
            % {
                "number": run.number,
                "count": run.count,
                "position": run.position,
                "code": run.code,
            }
        )
