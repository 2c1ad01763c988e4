"""The database answers, has pgvector, and has our tables; there is somebody who may log in."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

from voiceassistant import embedded
from voiceassistant.problems import CannotStart

PGVECTOR_MIN = (0, 7)
"""The first with vectors of half precision."""
START_LOCK = 6_017_428
"""Any number of our own: processes that start together migrate one after the other."""
INSTALL_PGVECTOR = "install pgvector there (https://github.com/pgvector/pgvector)"


@dataclass(frozen=True, slots=True)
class Superuser:
    name: str
    new_password: str | None
    """Known only to the process that has just made it."""


def check() -> None:
    """Raise CannotStart with a sentence about a database that does not answer or lacks pgvector."""
    try:
        with _connect() as database:
            _check_pgvector(database)
    except psycopg.OperationalError as error:
        raise CannotStart(unreachable(error)) from error


@contextmanager
def at_hand() -> Iterator[None]:
    """For a command that is run alone: the database answers and has our tables. An embedded one
    that does not run yet runs meanwhile. Raises CannotStart."""
    with ExitStack() as afterwards:
        if settings.DATABASE_IS_EMBEDDED and not _answers():
            server = embedded.start_postgres(settings.VAR_DIR)
            afterwards.callback(embedded.stop_postgres, server)
            afterwards.callback(connection.close)
        check()
        with connection.cursor() as cursor, _one_at_a_time(cursor):
            _migrate()
        yield


def _answers() -> bool:
    try:
        _connect().close()
    except psycopg.OperationalError:
        return False
    return True


def _connect() -> "psycopg.Connection[Any]":
    """Without the pool, which waits long for a database that is away."""
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    return psycopg.connect(**parameters)


def unreachable(error: Exception) -> str:
    """The sentence about a database that does not answer."""
    if settings.DATABASE_IS_EMBEDDED:
        return "The embedded database is not running: start it with `make run` and leave that open."
    reason = str(error).strip().splitlines()[0].rstrip(".")
    return (
        f"The database does not answer: {reason}. "
        "Check DATABASE_URL, or leave it unset to use the embedded one."
    )


def _check_pgvector(database: "psycopg.Connection[tuple[str]]") -> None:
    try:
        database.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotStart(
            "The database lacks pgvector and its user may not add it: have an administrator run "
            f"`CREATE EXTENSION vector` in the database “{database.info.dbname}”."
        ) from error
    except psycopg.errors.Error as error:
        raise CannotStart(
            f"The database lacks pgvector: {INSTALL_PGVECTOR}, or leave DATABASE_URL unset."
        ) from error
    row = database.execute(
        "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    ).fetchone()
    version = row[0] if row else "0"
    if tuple(int(part) for part in version.split(".")[:2]) < PGVECTOR_MIN:
        raise CannotStart(
            f"The database has pgvector {version}, and 0.7 or later is needed: {INSTALL_PGVECTOR}."
        )


def prepare() -> Superuser:
    """Migrate where there is something to migrate, and make sure of a superuser."""
    with connection.cursor() as cursor, _one_at_a_time(cursor):
        _migrate()
        return _superuser()


@contextmanager
def _one_at_a_time(cursor: CursorWrapper) -> Iterator[None]:
    cursor.execute("SELECT pg_advisory_lock(%s)", [START_LOCK])
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [START_LOCK])


def _migrate() -> None:
    """The command itself takes a second even where nothing is to be done."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def _superuser() -> Superuser:
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    known = users.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if known:
        return Superuser(known.get_username(), None)
    password = secrets.token_urlsafe(12)
    taken = set(users.filter(username__startswith="admin").values_list("username", flat=True))
    name = next(
        name for name in ("admin", *(f"admin{n}" for n in range(2, 1000))) if name not in taken
    )
    users.create_superuser(name, password=password)
    return Superuser(name, password)
