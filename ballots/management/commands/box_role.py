"""The database role that takes ballots in, and can do nothing else."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from ballots import roles

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

STANDING = """
    SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication
           OR EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)
           OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
    FROM pg_roles WHERE rolname = %s
"""


class Command(BaseCommand):
    help = "Make the role of BOX_DATABASE_URL, or one of the name given, and set what it may do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--sql", action="store_true", help="only print what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        given = settings.DATABASES.get("box", {})
        name = options["name"] or given.get("USER", "")
        if not name:
            raise CommandError(_("Name the role, or set BOX_DATABASE_URL."))
        if options["sql"]:
            for statement in self.statements(name):
                self.stdout.write(f"{statement};")
            return
        known = given.get("PASSWORD", "") if name == given.get("USER") else ""
        password = known or secrets.token_urlsafe(24)
        self.make(name, password)
        if not known:
            self.stdout.write(f"BOX_DATABASE_URL=postgres://{name}:{password}@{self.place()}")
        self.stdout.write(_("%(role)s takes ballots in, and can do nothing else.") % {"role": name})

    @staticmethod
    def statements(name: str) -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", [name])
            if not cursor.fetchone():
                yield f"CREATE ROLE {roles.quoted(name)} LOGIN"
        tables = connection.introspection.table_names(include_views=True)
        yield from roles.statements(name, str(connection.settings_dict["NAME"]), tables)

    @transaction.atomic
    def make(self, name: str, password: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(STANDING, [name])
            if (cursor.fetchone() or [False])[0]:
                raise CommandError(
                    _("%(role)s may do more than that in its own right: choose another name.")
                    % {"role": name}
                )
            for statement in self.statements(name):
                cursor.execute(statement)
            # Hashed here, so that no log of the database can hold the password.
            hashed = connection.connection.pgconn.encrypt_password(
                password.encode(), name.encode(), b"scram-sha-256"
            )
            cursor.execute(f"ALTER ROLE {roles.quoted(name)} PASSWORD '{hashed.decode()}'")

    @staticmethod
    def place() -> str:
        about = connection.get_connection_params()
        host, database = str(about.get("host") or "localhost"), about["dbname"]
        if host.startswith("/"):
            return f"/{database}?host={host}"
        return f"{host}:{about.get('port') or 5432}/{database}"
