"""A limit on what a query may take, for pages over everybody's rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class Late(Exception):
    """The database gave a query up: it took too long."""


@contextmanager
def statements_within(milliseconds: int) -> Iterator[None]:
    """In one transaction, of which each statement is given up after that long. Raises Late, and
    then nothing of it was done. They may be nested."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            [before] = cursor.fetchone()
            _limit(f"{milliseconds}ms")
            yield
            _limit(before)  # a rollback puts it back by itself
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise Late from error
        raise


def _limit(timeout: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [timeout])
