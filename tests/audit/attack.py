"""What somebody does who is master of the database: triggers off, then at the rows."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import connection, transaction

TABLES = ("audit_event", "audit_link", "audit_seal")


def let_the_test_database_be_flushed():
    """Tests with real transactions empty all tables afterwards; only TRUNCATE is let through."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")


@contextmanager
def triggers_off():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def attack(sql, *params):
    with triggers_off() as cursor:
        cursor.execute(sql, params)
