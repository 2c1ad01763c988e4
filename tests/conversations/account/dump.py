"""All that stands in the database, as text."""

from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection


def dump() -> str:
    """Every row of every table of ours, Django's and procrastinate's, as COPY writes it, and what
    login sessions hold, which is packed there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = [_copied(cursor, table) for table in tables]
    logins = [str(login.get_decoded()) for login in Session.objects.all()]
    return "\n".join([*rows, *logins])


def _copied(cursor: Any, table: str) -> str:
    with cursor.copy(f"COPY {table} TO STDOUT") as out:
        return f"{table}\n" + b"".join(bytes(part) for part in out).decode()
