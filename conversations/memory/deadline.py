"""A query that may be given up."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import structlog
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")

QUERY_MS = 40
"""What the database has for each search. One that is late is left out, and the other stands."""
LIMITS = f"""
SET LOCAL statement_timeout = {QUERY_MS};
SET LOCAL max_parallel_workers_per_gather = 0
"""
"""Workers take longer to start than one needs for a user's turns: 32 ms, not 15, for 50,000."""
NO_LIMITS = """
SET LOCAL statement_timeout TO DEFAULT;
SET LOCAL max_parallel_workers_per_gather TO DEFAULT
"""


def in_time(query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What the query gives, or None when a statement of it takes more than QUERY_MS."""
    goes_on = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LIMITS)
            found = query(*args, **kwargs)
            if goes_on:  # the transaction around us; our own takes the limit with it
                cursor.execute(NO_LIMITS)
            return found
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        log.info("recall.late", query=query.__name__)
        return None
